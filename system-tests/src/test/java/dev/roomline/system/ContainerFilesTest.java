package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files that make and run containers, as far as they can be checked without an engine: what
 * they name exists, and what they say agrees with the scripts.
 */
final class ContainerFilesTest {
    private static final Path ROOT = Workspace.projectRoot();
    private static final Path DOCKER = ROOT.resolve("docker");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void everyFileThatTheImageCopiesExistsAndIsNotIgnored() {
        List<String> ignored = read(ROOT.resolve(".dockerignore")).lines().toList();
        Matcher copy =
                Pattern.compile("^COPY (?!--from)(.*) \\S+$", Pattern.MULTILINE)
                        .matcher(read(DOCKER.resolve("Dockerfile")));
        int files = 0;
        while (copy.find()) {
            for (String file : copy.group(1).split(" ")) {
                files++;
                assertThat(ROOT.resolve(file)).as(file).exists();
                assertThat(ignored).doesNotContain(file);
            }
        }
        assertThat(files).isGreaterThanOrEqualTo(3);
        assertThat(DOCKER.resolve("entrypoint").toFile().canExecute()).isTrue();
    }

    @Test
    void theImageRunsJavaAsTheScriptsDo() {
        Matcher flags =
                Pattern.compile("java_flags=\\((.*?)\\)", Pattern.DOTALL)
                        .matcher(read(ROOT.resolve("scripts/lib.sh")));
        assertThat(flags.find()).isTrue();
        String entrypoint = read(DOCKER.resolve("entrypoint"));
        for (String flag : flags.group(1).strip().split("\\s+")) {
            assertThat(entrypoint).contains(flag);
        }
        assertThat(entrypoint).contains("exec java"); // so that signals reach it
    }

    @Test
    void theModulesThatTheImageCollectsAreThoseOfTheBuild() {
        String image = read(DOCKER.resolve("Dockerfile"));
        Matcher jar = Pattern.compile("(\\S+)/target/(\\S+)-\\*\\.jar").matcher(image);
        List<String> modules = new ArrayList<>();
        while (jar.find()) {
            modules.add(jar.group(1));
            assertThat(jar.group(2)).isEqualTo(jar.group(1));
            assertThat(ROOT.resolve(jar.group(1)).resolve("pom.xml")).exists();
        }
        assertThat(modules).containsExactly("sip-stack", "media-relay", "bridge-server");
    }

    @Test
    void composeMountsWhatExistsAndPinsItsImages() {
        JsonNode compose = yaml(DOCKER.resolve("compose.yaml"));
        assertThat(compose.get("services").propertyNames())
                .containsExactly("roomline", "prometheus", "grafana");
        for (JsonNode service : compose.get("services")) {
            if (!service.has("build")) {
                assertThat(service.get("image").asString()).matches(".+:v?\\d+\\.\\d+\\.\\d+");
            }
            for (JsonNode mount : service.get("volumes")) {
                String source = mount.asString().split(":")[0];
                if (source.startsWith(".")) {
                    assertThat(DOCKER.resolve(source)).as(source).exists();
                } else {
                    assertThat(compose.get("volumes").has(source)).as(source).isTrue();
                }
            }
        }
    }

    @Test
    void grafanaFindsItsSourceAndItsDashboards() {
        JsonNode source =
                yaml(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                        .at("/datasources/0");
        String compose = read(DOCKER.resolve("compose.yaml"));
        String listens = source.get("url").asString().replace("http://", "");
        assertThat(compose).contains("--web.listen-address=" + listens);
        assertThat(read(DOCKER.resolve("grafana/dashboards/roomline.json")))
                .contains("\"value\": \"" + source.get("uid").asString() + "\"");
        String path =
                yaml(DOCKER.resolve("grafana/provisioning/dashboards/roomline.yaml"))
                        .at("/providers/0/options/path")
                        .asString();
        assertThat(compose).contains(":" + path + ":ro");
    }

    private static JsonNode yaml(Path file) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(read(file));
        return JSON.valueToTree(tree);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
