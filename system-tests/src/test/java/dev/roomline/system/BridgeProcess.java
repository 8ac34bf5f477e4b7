package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.bridge.api.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real server in its own process, for one test class: {@code @RegisterExtension static final
 * BridgeProcess bridge = BridgeProcess.named("first-call")}. It has an account, a room and a key
 * (see the constants); a section of its configuration file is replaced by {@link #section}. At the
 * end it gets SIGTERM and must exit with 0, and its log must hold no error.
 */
final class BridgeProcess
        implements BeforeAllCallback,
                AfterAllCallback,
                BeforeTestExecutionCallback,
                AfterTestExecutionCallback {
    static final String USERNAME = "alice";
    static final String PASSWORD = "wonderland-7";
    static final String ROOM_CODE = "abc-defg-hij";
    static final String API_TOKEN = "test-token-0123456789abcdef";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final String name;
    private final Map<String, String> sections = new LinkedHashMap<>();
    private final List<String> overrides = new ArrayList<>();
    private final List<String> toleratedErrors = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int sipPort = FreePorts.one();
    private final int httpPort = FreePorts.one();
    private int rtpPortCount = 80;
    private int rtpPorts = FreePorts.block(rtpPortCount);
    private final List<String> javaOptions = new ArrayList<>();
    private final int webrtcPort = FreePorts.block(4);
    private String bind = "127.0.0.1";
    private int expectedExit;
    private @Nullable ChildProcess process;
    private @Nullable Path home;
    private int logAtTestStart;

    private BridgeProcess(String name) {
        this.name = name;
        section("shutdown", "shutdown: { grace: 500ms }");
        section(
                "api",
                """
                api:
                  keys:
                    - { key: test-key, secret: test-secret-0123456789abcdef0123456789abcdef, token: %s, name: tests, scopes: [admin] }
                """
                        .formatted(API_TOKEN));
        section(
                "accounts",
                """
                accounts:
                  - { username: %s, password: %s, rooms: ["*"] }
                """
                        .formatted(USERNAME, PASSWORD));
        section(
                "rooms",
                """
                rooms:
                  - { name: support, codes: [ { code: %s, role: guest } ] }
                """
                        .formatted(ROOM_CODE));
    }

    static BridgeProcess named(String name) {
        return new BridgeProcess(name);
    }

    /** Replaces or adds a top-level section of the configuration file. */
    BridgeProcess section(String key, String yaml) {
        sections.put(key, yaml.stripTrailing() + "\n");
        return this;
    }

    /** {@code --set key=value}: for keys whose section this class writes. */
    BridgeProcess set(String keyAndValue) {
        overrides.add(keyAndValue);
        return this;
    }

    /** Where all sockets bind instead of 127.0.0.1. */
    BridgeProcess bind(String address) {
        bind = address;
        return this;
    }

    /** For so many phones at once; a pair of ports rests for 5 s after a call. */
    BridgeProcess rtpPortPairs(int count) {
        rtpPortCount = 2 * count;
        rtpPorts = FreePorts.block(rtpPortCount);
        return this;
    }

    /** Given to the JVM beside what scripts/run gives. */
    BridgeProcess javaOption(String option) {
        javaOptions.add(option);
        return this;
    }

    /** For a class that lets the server cut calls at its end (3) or the like. */
    BridgeProcess expectExit(int code) {
        expectedExit = code;
        return this;
    }

    /** An ERROR line of the log that holds this text is what the test provoked. */
    BridgeProcess tolerateError(String text) {
        toleratedErrors.add(text);
        return this;
    }

    int sipPort() {
        return sipPort;
    }

    /** {@code http://localhost:…}: browsers count it as secure. */
    URI url(String path) {
        return URI.create("http://localhost:" + httpPort + path);
    }

    /** What a phone dials to enter the room of that code. */
    String sipUri(String code) {
        return "sip:" + code + "@127.0.0.1:" + sipPort;
    }

    String log() {
        return running().output();
    }

    long pid() {
        return running().pid();
    }

    /** GET with the admin token; the status must be 200. */
    JsonNode get(String path) {
        HttpResponse<String> response = send(request(path).GET().build());
        assertThat(response.statusCode()).as("GET %s: %s", path, response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** The value of a series at {@code /metrics}, named as it stands there with its labels. */
    double metric(String series) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    /** The exposition. */
    String metrics() {
        return send(request("/metrics").GET().build()).body();
    }

    int httpPort() {
        return httpPort;
    }

    /** Of its first media loop; the others' follow. */
    int webrtcPort() {
        return webrtcPort;
    }

    /** A request to send by {@link #send}, with the admin token. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + apiHost() + ":" + httpPort + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + API_TOKEN);
    }

    private String apiHost() {
        return bind.equals("::1") ? "[::1]" : "127.0.0.1";
    }

    /** Every answer has to be one that docs/openapi.yaml describes. */
    HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            String query = request.uri().getRawQuery();
            String path = request.uri().getRawPath() + (query == null ? "" : "?" + query);
            Contract.check(request.method(), path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Removes all participants of a kind from the room, as an application would. */
    void removeEverybody(String kind) {
        String participants = "/v1/rooms/" + ROOM_CODE + "/participants";
        for (JsonNode participant : get(participants).path("items")) {
            if (participant.path("kind").asString("").equals(kind)) {
                String path = participants + "/" + participant.path("id").asString("");
                int status = send(request(path).DELETE().build()).statusCode();
                assertThat(status).isEqualTo(204);
            }
        }
    }

    /** Starts it outside JUnit's own order, for tests that start and stop it themselves. */
    void start() {
        startIn(Workspace.folder(name));
    }

    /** SIGKILL, and a new process on the same data. */
    void crashAndRestart() {
        crash();
        restart();
    }

    /** SIGKILL. */
    void crash() {
        running().kill();
    }

    /** Its configuration file, once it was started. */
    Path configuration() {
        return Objects.requireNonNull(home).resolve("roomline.yaml");
    }

    /** A new process on the same data. */
    void restart() {
        startIn(Objects.requireNonNull(home));
    }

    private void startIn(Path folder) {
        home = folder;
        Workspace.write(folder.resolve("roomline.yaml"), yaml());
        List<String> command = new ArrayList<>(command(folder));
        overrides.forEach(each -> command.addAll(List.of("--set", each)));
        process = ChildProcess.start("bridge", folder, command);
        await("server of " + name + " to be ready")
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !running().isAlive() || isReady());
        assertThat(running().isAlive()).as("the server runs; it printed:\n%s", log()).isTrue();
    }

    /** SIGTERM; its exit code. */
    int stop() {
        running().terminate();
        return running().awaitExit(STOP_LIMIT);
    }

    /** SIGTERM, without waiting. */
    void terminate() {
        running().terminate();
    }

    /** Its exit code, once it has ended by itself. */
    int awaitExit(Duration limit) {
        return running().awaitExit(limit);
    }

    /** Ends it in any case, for tests that start it themselves. */
    void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        logAtTestStart = log().length();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.printf(
                    "--- log of the server during %s ---%n%s%n---%n",
                    context.getDisplayName(), log().substring(logAtTestStart));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try (ChildProcess closing = running()) {
            if (closing.isAlive()) {
                assertThat(stop()).as("exit code; log:\n%s", log()).isEqualTo(expectedExit);
            }
            assertThat(unexpectedErrors()).as("errors in log").isEmpty();
        }
    }

    /** Each with the stack trace below it. */
    private List<String> unexpectedErrors() {
        return Pattern.compile("(?m)^(?=\\d{4}-\\d\\d-\\d\\dT)")
                .splitAsStream(log())
                .filter(entry -> isUnexpectedError(entry.lines().findFirst().orElse("")))
                .toList();
    }

    private boolean isUnexpectedError(String line) {
        return line.matches(".*\\bERROR\\b.*")
                && toleratedErrors.stream().noneMatch(line::contains);
    }

    private boolean isReady() {
        try {
            return send(request("/readyz").GET().build()).statusCode() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    private String yaml() {
        return """
        data_dir: data
        network: { bind: ["%s"] }
        sip: { udp: %d, tcp: %d }
        media: { rtp_ports: %d-%d, webrtc_port: %d, loops: 2 }
        http: { port: %d }
        """
                        .formatted(
                                bind,
                                sipPort,
                                sipPort,
                                rtpPorts,
                                rtpPorts + rtpPortCount - 1,
                                webrtcPort,
                                httpPort)
                + String.join("", sections.values());
    }

    /** As scripts/run does it. */
    private List<String> command(Path folder) {
        Path built = Workspace.projectRoot().resolve("bridge-server/target");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of(
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:+UseZGC",
                            "-XX:+UseCompactObjectHeaders",
                            "-Xmx512m"));
            command.addAll(javaOptions);
            command.addAll(
                    List.of(
                            "-cp",
                            built.resolve("classes")
                                    + ":"
                                    + Files.readString(built.resolve("classpath")),
                            "dev.roomline.bridge.Roomline",
                            "--config",
                            folder.resolve("roomline.yaml").toString()));
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException("the server is not built", e);
        }
    }

    private ChildProcess running() {
        return Objects.requireNonNull(process, "the server was not started");
    }
}
