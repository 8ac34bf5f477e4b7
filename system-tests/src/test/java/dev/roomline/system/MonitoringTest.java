package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands in {@code docker/} for operators, against a real Prometheus that reads the real
 * server: rules, configuration, and every expression of the dashboard. Grafana itself is not run:
 * of its file the structure is checked.
 */
final class MonitoringTest {
    private static final Path DOCKER = Workspace.projectRoot().resolve("docker");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What shows only when something went wrong, or after the first collection. */
    private static final Pattern MAY_BE_EMPTY = Pattern.compile("> 0|jvm_gc_pause");

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("monitoring");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int prometheusPort = FreePorts.one();

    @Test
    void rulesAndTheirOwnTestsAndTheConfigurationHold() {
        assertThat(promtool("check", "rules", "prometheus/roomline.rules.yml")).contains("SUCCESS");
        assertThat(promtool("test", "rules", "prometheus/roomline.rules.test.yml"))
                .contains("SUCCESS");
        assertThat(promtool("check", "config", "prometheus/prometheus.yml")).contains("SUCCESS");
    }

    @Test
    void everyRuleSaysWhatItMeansAndWhatToLookAt() {
        String rules = read(DOCKER.resolve("prometheus/roomline.rules.yml"));
        long alerts = rules.lines().filter(line -> line.contains("- alert:")).count();
        assertThat(alerts).isGreaterThan(10);
        for (String part : List.of("severity:", "summary: ", "runbook: ")) {
            assertThat(rules.lines().filter(line -> line.contains(part))).hasSize((int) alerts);
        }
        String unitTests = read(DOCKER.resolve("prometheus/roomline.rules.test.yml"));
        String operations = read(Workspace.projectRoot().resolve("docs/operations.md"));
        Matcher name = Pattern.compile("- alert: (\\w+)").matcher(rules);
        while (name.find()) {
            assertThat(unitTests).as("a unit test of the rule").contains(name.group(1));
            assertThat(operations).as("its row in the guide").contains(name.group(1));
        }
    }

    @Test
    void theDashboardIsWholeAndAsksOnlyForMetricsThatThereAre() {
        JsonNode dashboard = dashboard();
        Set<Integer> ids = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            String title = panel.get("title").asString();
            assertThat(ids.add(panel.get("id").asInt())).as("id of %s", title).isTrue();
            JsonNode grid = panel.get("gridPos");
            assertThat(places.add(grid.get("x") + " " + grid.get("y"))).as(title).isTrue();
            assertThat(grid.get("x").asInt() + grid.get("w").asInt()).isLessThanOrEqualTo(24);
            if (!panel.get("type").asString().equals("row")) {
                assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
                assertThat(panel.at("/fieldConfig/defaults/unit").asString("")).isNotEmpty();
                assertThat(panel.get("description").asString("")).isNotEmpty();
                assertThat(panel.get("targets").size()).isPositive();
            }
        }
        assertThat(rows(dashboard))
                .containsExactly(
                        "Calls",
                        "Why calls fail",
                        "SIP",
                        "Media quality",
                        "Loops",
                        "Server",
                        "Carriers and webhooks");
        assertThat(dashboard.at("/templating/list/0/name").asString()).isEqualTo("datasource");
        String documented = read(Workspace.projectRoot().resolve("docs/metrics.md"));
        Set<String> asked = new TreeSet<>(metricsIn(String.join("\n", expressions(dashboard))));
        asked.addAll(metricsIn(read(DOCKER.resolve("prometheus/roomline.rules.yml"))));
        assertThat(asked).hasSizeGreaterThan(35);
        for (String metric : asked) {
            String declared = metric.replaceFirst("_(bucket|count|sum)$", "");
            assertThat(documented).as(metric).contains("`" + declared + "`");
        }
    }

    @Test
    void againstALivePrometheusEveryExpressionIsAnswered() {
        Path folder = Workspace.folder("prometheus");
        String configuration =
                read(DOCKER.resolve("prometheus/prometheus.yml"))
                        .replace("127.0.0.1:8080", "127.0.0.1:" + bridge.httpPort())
                        .replaceAll("_interval: 10s", "_interval: 1s");
        Workspace.write(folder.resolve("prometheus.yml"), configuration);
        Workspace.write(
                folder.resolve("roomline.rules.yml"),
                read(DOCKER.resolve("prometheus/roomline.rules.yml")));
        try (ChildProcess prometheus =
                        ChildProcess.start(
                                "prometheus",
                                folder,
                                List.of(
                                        "prometheus",
                                        "--config.file=prometheus.yml",
                                        "--storage.tsdb.path=data",
                                        "--web.listen-address=127.0.0.1:" + prometheusPort));
                Conversation talk = new Conversation(bridge, BridgeProcess.ROOM_CODE)) {
            await("the first samples")
                    .atMost(LIMIT)
                    .until(() -> prometheus.isAlive() && isScraped());
            SippRunner.scenario("call.xml", bridge.sipPort())
                    .dial(BridgeProcess.ROOM_CODE)
                    .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                    .calls(10)
                    .option("-r", "5")
                    .run()
                    .assertPassed();
            await("rates of what the calls did")
                    .atMost(LIMIT)
                    .until(() -> value("sum(rate(roomline_calls_ended_total[5s]))") > 0);

            await("rates of the sound")
                    .atMost(LIMIT)
                    .until(
                            () ->
                                    value(
                                                    "sum(rate(roomline_media_packets_total{direction=\"sent\"}[5s]))")
                                            > 70);

            for (String expression : expressions(dashboard())) {
                JsonNode result = query(concrete(expression));
                if (!MAY_BE_EMPTY.matcher(expression).find()) {
                    assertThat(result.size()).as("data of %s", expression).isPositive();
                }
            }
            assertThat(value("sum(roomline_calls_active{state=\"answered\"})"))
                    .isGreaterThanOrEqualTo(2);
            assertThat(value("sum(rate(roomline_media_packets_total{direction=\"sent\"}[5s]))"))
                    .isBetween(60.0, 250.0);
            // two phones of one codec hear each other's packets: their room has nothing to mix
            assertThat(value("sum(rate(roomline_media_ticks_total[5s]))")).isBetween(0.0, 130.0);
            assertThat(value("max(roomline_media_loop_utilisation_ratio)")).isBetween(0.0, 0.9);
            assertThat(
                            value(
                                    "histogram_quantile(0.99, sum by (le)"
                                            + " (rate(roomline_calls_setup_seconds_bucket[10s])))"))
                    .isBetween(0.001, 2.0);
            rulesAreEvaluated();
            assertThat(promtoolMetrics()).isEmpty();
            talk.hangUp();
        }
    }

    private void rulesAreEvaluated() {
        JsonNode rules = get("/api/v1/rules").at("/data/groups/0/rules");
        assertThat(rules.size()).isGreaterThan(10);
        for (JsonNode rule : rules) {
            assertThat(rule.get("health").asString())
                    .as(rule.get("name").asString())
                    .isEqualTo("ok");
            assertThat(rule.get("state").asString())
                    .as("%s in a server that is well", rule.get("name").asString())
                    .isNotEqualTo("firing");
        }
    }

    /** What promtool finds fault with in our own families. */
    private String promtoolMetrics() {
        Path folder = Workspace.folder("metrics");
        String ours =
                bridge.metrics()
                        .lines()
                        .filter(line -> line.matches("(# (HELP|TYPE) )?roomline_.*"))
                        .collect(Collectors.joining("\n", "", "\n"));
        Workspace.write(folder.resolve("metrics.txt"), ours);
        try (ChildProcess lint =
                ChildProcess.start(
                        "lint",
                        folder,
                        List.of("sh", "-c", "promtool check metrics < metrics.txt"))) {
            lint.awaitExit(LIMIT);
            return lint.output().strip();
        }
    }

    private boolean isScraped() {
        try {
            return query("up{job=\"roomline\"} == 1").size() == 1;
        } catch (UncheckedIOException notListening) {
            return false;
        }
    }

    private double value(String expression) {
        JsonNode result = query(expression);
        return result.isEmpty()
                ? Double.NaN
                : Double.parseDouble(result.get(0).at("/value/1").asString());
    }

    private JsonNode query(String expression) {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
        assertThat(answer.get("status").asString())
                .as("%s: %s", expression, answer)
                .isEqualTo("success");
        return answer.at("/data/result");
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + prometheusPort + path))
                            .build();
            return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String concrete(String expression) {
        return expression.replace("$__rate_interval", "5s").replace("$instance", ".*");
    }

    private static JsonNode dashboard() {
        return JSON.readTree(read(DOCKER.resolve("grafana/dashboards/roomline.json")));
    }

    private static List<String> rows(JsonNode dashboard) {
        List<String> rows = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            if (panel.get("type").asString().equals("row")) {
                rows.add(panel.get("title").asString());
            }
        }
        return rows;
    }

    private static List<String> expressions(JsonNode dashboard) {
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.get("expr").asString());
            }
        }
        return expressions;
    }

    private static Set<String> metricsIn(String text) {
        Set<String> metrics = new TreeSet<>();
        Matcher name = Pattern.compile("roomline_[a-z_]+").matcher(text);
        while (name.find()) {
            metrics.add(name.group());
        }
        return metrics;
    }

    private static String promtool(String... words) {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(words));
        try (ChildProcess promtool = start(command)) {
            int exit = promtool.awaitExit(LIMIT);
            assertThat(exit).as(promtool.output()).isZero();
            return promtool.output();
        }
    }

    /** In a copy of the folder, since its output is written beside what it reads. */
    private static ChildProcess start(List<String> command) {
        Path folder = Workspace.folder("promtool");
        try {
            Files.createDirectories(folder.resolve("prometheus"));
            try (var files = Files.list(DOCKER.resolve("prometheus"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve("prometheus").resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ChildProcess.start("promtool", folder, command);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
