package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an attacker sends: each is refused clearly, and the next request is served. */
final class ApiAttackTest {
    @TempDir Path folder;
    private ApiServer api;

    @BeforeEach
    void start() {
        api = new ApiServer(folder);
    }

    @AfterEach
    void stop() {
        assertThat(api.get("/v1/rooms").statusCode()).as("still serves").isEqualTo(200);
        api.close();
    }

    private static JWTClaimsSet.Builder management() {
        return new JWTClaimsSet.Builder()
                .claim("access_key", "boss")
                .claim("type", "management")
                .expirationTime(Date.from(ApiServer.NOON.plusSeconds(600)));
    }

    private static String signed(JWTClaimsSet claims, JWSHeader header, String secret) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = management();
        change.accept(claims);
        return signed(claims.build(), new JWSHeader(JWSAlgorithm.HS256), ApiServer.SECRET);
    }

    private int with(String token) {
        return api.send("GET", "/v1/rooms", token, "", "").statusCode();
    }

    @Test
    void goodCredentialsOfEachKindAreTaken() {
        assertThat(with(ADMIN)).isEqualTo(200);
        assertThat(with(signed(c -> {}))).isEqualTo(200);
        assertThat(
                        with(
                                signed(
                                        c ->
                                                c.claim("access_key", null)
                                                        .claim("apikey", "boss")
                                                        .claim(
                                                                "permissions",
                                                                List.of("allow_mod")))))
                .isEqualTo(200);
    }

    @Test
    void aFaultOfOursOfAnyKindIsAnsweredAndTheConnectionGoesOn() {
        api.refusals.broken = new StackOverflowError();
        assertThat(api.get("/v1/refusals").statusCode()).isEqualTo(500);
        api.refusals.broken = null;
        assertThat(api.get("/v1/refusals").statusCode()).isEqualTo(200);
    }

    /** What cannot be written as a header ends as an answer too, and breaks out of nothing. */
    @Test
    void anAnswerThatCannotBeWrittenIsAFaultAndNoSilence() {
        api.calls.nextId = "call_1\r\nX-Broken: out";
        HttpResponse<String> answer =
                api.post("/v1/calls", "{\"to\":\"+15551234567\",\"room\":\"from-file\"}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("X-Broken")).isEmpty();
    }

    @Test
    void forgedAndUnfitTokensAreNot() throws Exception {
        Date past = Date.from(ApiServer.NOON.minus(Duration.ofMinutes(5)));
        Date later = Date.from(ApiServer.NOON.plus(Duration.ofMinutes(5)));
        String[] bad = {
            "",
            "x",
            ADMIN + "x",
            ADMIN.substring(1),
            "a.b.c",
            new PlainJWT(management().build()).serialize(),
            signed(c -> c.expirationTime(past)),
            signed(c -> c.expirationTime(null)),
            signed(c -> c.notBeforeTime(later)),
            signed(c -> c.claim("access_key", "nobody")),
            signed(c -> c.claim("access_key", 7)),
            signed(c -> c.claim("type", "app")),
            signed(c -> c.claim("type", null)),
            signed(
                    c ->
                            c.claim("access_key", null)
                                    .claim("apikey", "boss")
                                    .claim("permissions", List.of("allow_join"))),
            signed(
                    c ->
                            c.claim("access_key", null)
                                    .claim("apikey", "boss")
                                    .claim("permissions", List.of("allow_join", "allow_mod"))
                                    .claim("roles", List.of("rtc"))),
            // A key without a secret signs nothing, not even with the empty one's padding.
            signed(
                    management().claim("access_key", "reader").build(),
                    new JWSHeader(JWSAlgorithm.HS256),
                    "\0".repeat(64)),
            signed(
                    management().build(),
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("../../dev/null").build(),
                    "another-secret-another-secret-another"),
            signed(
                    management().build(),
                    new JWSHeader(JWSAlgorithm.HS512),
                    ApiServer.SECRET + ApiServer.SECRET)
        };
        for (String token : bad) {
            assertThat(with(token)).as(token).isEqualTo(401);
        }
    }

    @Test
    void scopesAreKept() {
        String reader = ApiServer.READER;
        assertThat(api.send("GET", "/v1/rooms", reader, "", "").statusCode()).isEqualTo(200);
        assertThat(api.send("POST", "/v1/rooms", reader, "{}").statusCode()).isEqualTo(403);
        assertThat(api.send("DELETE", "/v1/calls/c", reader, "").statusCode()).isEqualTo(403);
        String caller = ApiServer.CALLER;
        assertThat(api.send("GET", "/v1/calls", caller, "", "").statusCode()).isEqualTo(200);
        assertThat(api.send("GET", "/v1/rooms", caller, "", "").statusCode()).isEqualTo(403);
        assertThat(api.send("POST", "/v1/server/drain", caller, "").statusCode()).isEqualTo(403);
    }

    @Test
    void bodiesThatAreNoJsonAreRefusedWithoutInnerWords() {
        String[] bad = {
            "{",
            "[]",
            "7",
            "null",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "{} {}",
            "{\"name\": NaN}",
            "{\"max_participants\": 1e999999999}",
            "{\"codes\":" + "[".repeat(5000) + "]".repeat(5000) + "}",
            "{\"max_participants\":" + "9".repeat(5000) + "}"
        };
        for (String body : bad) {
            var answer = api.post("/v1/rooms", body);
            assertThat(answer.statusCode()).as(body).isIn(400, 422);
            assertThat(answer.body()).doesNotContain("jackson", "Exception", "java");
        }
        assertThat(api.send("POST", "/v1/rooms", ADMIN, "text/plain", "{}").statusCode())
                .isEqualTo(415);
        assertThat(json(api.get("/v1/rooms?name=Room")).get("items")).isEmpty();
    }

    @Test
    void hugeBodiesAreRefusedWhetherDeclaredOrNot() throws IOException {
        assertThat(api.post("/v1/rooms", "{\"name\":\"" + "a".repeat(70_000) + "\"}").statusCode())
                .isEqualTo(413);
        String head = "POST /v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        assertThat(raw(head + "Content-Length: 99999999999\r\n\r\n")).contains(" 413 ");
        String chunk = "4000\r\n" + "a".repeat(0x4000) + "\r\n";
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5)))
                .contains(" 413 ");
        assertThat(raw("GET /v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"))
                .contains(" 413 ");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = new byte[2048];
            int read = socket.getInputStream().read(answer);
            return read < 0 ? "" : new String(answer, 0, read, StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void controlCharactersNeverGetIn() {
        for (String evil : new String[] {"a\\r\\nVia: x", "a\\u0000", "a\\u2028b", "\\ud800"}) {
            assertThat(api.post("/v1/rooms", "{\"name\":\"" + evil + "\"}").statusCode())
                    .as(evil)
                    .isEqualTo(422);
        }
        var sent = api.send("GET", "/v1/rooms/a%0d%0aSet-Cookie:%20x/participants", ADMIN, "", "");
        assertThat(sent.statusCode()).isEqualTo(404);
        assertThat(sent.headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void aJoinsPathCannotBreakOutOfTheLocationHeader() {
        api.rooms.outcome =
                new dev.roomline.bridge.room.LiveRooms.JoinOutcome.Joined(
                        api.phone("part_1", "room_1"), "R", "s", new byte[] {'v'});
        var answer =
                api.send(
                        "POST",
                        "/v1/rooms/a%0d%0aSet-Cookie:%20x/participants",
                        "",
                        "application/sdp",
                        "v=0");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void pathTricksLeadNowhere() throws IOException {
        for (String path :
                new String[] {
                    "/../../etc/passwd",
                    "/assets/../v1/rooms",
                    "/v1/rooms/..%2f..%2fetc",
                    "//v1//rooms",
                    "/v1/rooms;x=1",
                    "/%2e%2e/%2e%2e/etc/passwd",
                    "/v1/rooms/%00",
                    "/v1/rooms/%",
                    "/v1/" + "a/".repeat(1500)
                }) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(answer).as(path).matches("(?s)HTTP/1\\.[01] (400|401|404|414) .*");
            assertThat(answer).doesNotContain("Exception").doesNotContain("root:");
        }
    }

    @Test
    void otherMethodsAreNamed() {
        var answer = api.send("PUT", "/v1/rooms/x", ADMIN, "{}");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow").orElse("").split(", "))
                .containsExactlyInAnyOrder("GET", "HEAD", "PATCH", "DELETE");
    }

    @Test
    void aFaultInsideIsNotToldOutside() {
        api.rooms.deaf = true;
        var answer = api.get("/v1/rooms");
        api.rooms.deaf = false;
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret inner words", "Exception");
        assertThat(api.metrics.scrape())
                .contains("roomline_server_faults_total{place=\"http\"} 1.0");
    }

    @Test
    void whoGoesAwayIsWaitedForNoLonger() throws IOException {
        api.rooms.silent = true;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            String request = "GET /v1/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ADMIN;
            socket.getOutputStream()
                    .write((request + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(within(Duration.ofSeconds(3), 1)).isTrue();
        }
        // Well before the five seconds that a loop is given.
        assertThat(within(Duration.ofSeconds(3), 0)).isTrue();
        api.rooms.silent = false;
    }

    private boolean within(Duration limit, int busy) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (api.metrics.httpBusy().get() != busy) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Test
    void headIsServedWhereGetIsAndCarriesNoBody() {
        var head = api.send("HEAD", "/healthz", "", "", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(api.send("HEAD", "/v1/rooms", "", "", "").statusCode()).isEqualTo(401);
    }

    @Test
    void everyAnswerIsHardenedAndCorsIsForTheListed() {
        var ours = api.get("/healthz");
        assertThat(ours.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(ours.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(ours.headers().firstValue("access-control-allow-origin")).isEmpty();
        var listed = api.send("GET", "/healthz", "", "", "", "Origin", "https://app.example.com");
        assertThat(listed.headers().firstValue("access-control-allow-origin"))
                .contains("https://app.example.com");
        var foreign = api.send("GET", "/healthz", "", "", "", "Origin", "https://evil.example");
        assertThat(foreign.headers().firstValue("access-control-allow-origin")).isEmpty();
        var preflight =
                api.send(
                        "OPTIONS",
                        "/v1/rooms",
                        "",
                        "",
                        "",
                        "Origin",
                        "https://app.example.com",
                        "Access-Control-Request-Method",
                        "POST");
        assertThat(preflight.statusCode()).isEqualTo(204);
    }

    @Test
    void aForeignPageCannotOpenASession() {
        assertThat(
                        api.send("GET", "/v1/session", "", "", "", "Origin", "https://evil.example")
                                .statusCode())
                .isEqualTo(403);
        String own = "http://127.0.0.1:" + api.port;
        assertThat(api.send("GET", "/v1/session", "", "", "", "Origin", own).body())
                .isEqualTo("session");
        assertThat(api.send("GET", "/v1/session", "", "", "").body()).isEqualTo("session");
    }

    @Test
    void metricsAreForNobodyWhereTheConfigurationSaysNone() {
        assertThat(api.send("GET", "/metrics", "", "", "").statusCode()).isEqualTo(200);
        try (ApiServer closed = new ApiServer(folder.resolve("."), "http.metrics=none")) {
            assertThat(closed.send("GET", "/metrics", "", "", "").statusCode()).isEqualTo(401);
            assertThat(closed.get("/metrics").statusCode()).isEqualTo(200);
        }
    }
}
