package dev.roomline.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.Arguments.Verb;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line. */
final class ArgumentsTest {
    @TempDir Path home;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Verb read(String... arguments) {
        return Arguments.read(
                arguments, Map.of(), home, new PrintWriter(out), new PrintWriter(err));
    }

    @Test
    void withoutAVerbItServesByDefaultsWhereThereIsNoFile() {
        assertThat(read())
                .isInstanceOfSatisfying(
                        Verb.Serve.class,
                        serve -> {
                            assertThat(serve.withoutFile()).isTrue();
                            assertThat(serve.config().dataDir()).isEqualTo(home.resolve("data"));
                        });
    }

    @Test
    void itFindsTheUsersFileAndResolvesPathsBesideIt() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/roomline.yaml"), "http: { port: 9999 }");
        assertThat(read("--set", "sip.udp=5070"))
                .isInstanceOfSatisfying(
                        Verb.Serve.class,
                        serve -> {
                            assertThat(serve.withoutFile()).isFalse();
                            assertThat(serve.config().http().port()).isEqualTo(9999);
                            assertThat(serve.config().sip().udp()).isEqualTo(5070);
                            assertThat(serve.config().dataDir())
                                    .isEqualTo(home.resolve("config/data"));
                        });
    }

    @Test
    void checkTellsEveryFaultAndExitsWithTwo() throws IOException {
        Path file = Files.writeString(home.resolve("x.yaml"), "sip: { udp: a, tcp: b }");
        assertThat(read("check", "--config", file.toString())).isEqualTo(new Verb.Done(2));
        assertThat(err.toString()).contains("2 faults", "sip.udp", "sip.tcp");
        assertThat(read("check")).isEqualTo(new Verb.Done(0));
    }

    @Test
    void tokenIsAskedForWithItsClaims() {
        assertThat(read("token", "--type", "app", "--room", "abc", "--valid-for", "15m"))
                .isInstanceOfSatisfying(
                        Verb.Token.class,
                        token -> {
                            assertThat(token.request().room()).isEqualTo("abc");
                            assertThat(token.request().role()).isEqualTo("guest");
                            assertThat(token.request().validFor())
                                    .isEqualTo(Duration.ofMinutes(15));
                        });
        assertThat(read("token", "--type", "app")).isEqualTo(new Verb.Done(2));
        assertThat(read("token", "--valid-for", "soon")).isEqualTo(new Verb.Done(2));
        assertThat(read("token", "--type", "indus", "--key", "dialler"))
                .isInstanceOf(Verb.Token.class);
    }

    @Test
    void aTokenThatCannotBeIsRefusedWithASentence() {
        for (String[] wrong :
                new String[][] {
                    {"--type", "jwt"},
                    {"--type", "videosdk", "--room", "abc"},
                    {"--role", "host"},
                    {"--type", "indus", "--valid-for", "1h"}
                }) {
            String[] line = new String[wrong.length + 1];
            line[0] = "token";
            System.arraycopy(wrong, 0, line, 1, wrong.length);
            assertThat(read(line)).isEqualTo(new Verb.Done(2));
        }
        assertThat(err.toString())
                .contains("--type is one of management, app, videosdk, indus, not jwt")
                .contains("--room, --user and --role are for --type app alone")
                .contains("does not expire");
        assertThat(read("token", "--help")).isEqualTo(new Verb.Done(0));
        assertThat(out.toString()).contains("scripts/run token --type indus --key dialler");
    }

    @Test
    void helpVersionAndNonsenseAreAnswered() {
        assertThat(read("--help")).isEqualTo(new Verb.Done(0));
        assertThat(out.toString()).contains("--config", "check", "token");
        assertThat(read("version")).isEqualTo(new Verb.Done(0));
        assertThat(out.toString()).contains("roomline ");
        assertThat(read("fly")).isEqualTo(new Verb.Done(2));
        assertThat(read("--config", home.resolve("none.yaml").toString()))
                .isEqualTo(new Verb.Done(2));
    }
}
