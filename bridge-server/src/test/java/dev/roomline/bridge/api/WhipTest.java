package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import dev.roomline.bridge.room.LiveRooms.Described;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.room.LiveRooms.Reoffered;
import dev.roomline.media.loop.MediaRoom.Flow;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 9725 and its sibling for listeners say of requests and answers. */
final class WhipTest {
    private static final String SDP = "application/sdp";
    private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
    private static final String OFFER =
            "v=0\r\na=ice-ufrag:theirs\r\na=ice-pwd:their-password-of-twenty\r\n";
    private static final String ANSWER =
            "v=0\r\na=ice-lite\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
                    + "a=ice-ufrag:ours1\r\na=ice-pwd:our-password-of-twenty-2\r\na=setup:passive\r\n"
                    + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n";
    private static final String SAME =
            "a=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
                    + "a=ice-ufrag:theirs\r\na=ice-pwd:their-password-of-twenty\r\n"
                    + "a=candidate:1 1 tcp 1 unknown.example 9 typ host\r\na=end-of-candidates\r\n";
    private static final String RESTART =
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
                    + "a=ice-ufrag:anew\r\na=ice-pwd:another-password-of-22\r\n";

    @TempDir Path folder;
    private ApiServer api;
    private String room = "";

    @BeforeEach
    void open() {
        api = new ApiServer(folder);
        room =
                ApiServer.json(
                                api.post(
                                        "/v1/rooms",
                                        "{\"codes\":[{\"code\":\"made-here\",\"role\":\"guest\"}]}"))
                        .get("id")
                        .asString();
        api.phone("part_9", room);
        api.rooms.outcome =
                new JoinOutcome.Joined(
                        Objects.requireNonNull(api.rooms.people.get("part_9")),
                        "R",
                        "the-secret",
                        ANSWER.getBytes(StandardCharsets.UTF_8));
        api.rooms.described = described(OFFER, ANSWER);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private static Described described(String offer, String answer) {
        return new Described(
                offer.getBytes(StandardCharsets.UTF_8), answer.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> patch(String body, String... headers) {
        return api.send("PATCH", "/whip/made-here/part_9/the-secret", "", FRAGMENT, body, headers);
    }

    private static Optional<String> header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name);
    }

    private static String detail(HttpResponse<String> answer) {
        return ApiServer.json(answer).get("detail").asString();
    }

    @ParameterizedTest
    @CsvSource({"whip, PUBLISHES", "whep, LISTENS"})
    void anOfferIsAnsweredWithTheSessionItsTagAndTheIceServers(String path, Flow flow) {
        HttpResponse<String> answer =
                api.send("POST", "/" + path + "/made-here?name=Ann&user_id=u7", "", SDP, OFFER);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(header(answer, "content-type")).contains(SDP);
        assertThat(answer.body()).isEqualTo(ANSWER);
        assertThat(header(answer, "location"))
                .contains("/" + path + "/made-here/part_9/the-secret");
        assertThat(header(answer, "etag")).contains("\"ours1\"");
        assertThat(header(answer, "accept-patch")).contains(FRAGMENT);
        assertThat(header(answer, "link"))
                .contains(
                        "<stun:stun.example.com>; rel=\"ice-server\","
                                + " <turn:turn.example.com?transport=udp>; rel=\"ice-server\";"
                                + " username=\"ann\"; credential=\"a\\\"b\";"
                                + " credential-type=\"password\"");
        var asked = Objects.requireNonNull(api.rooms.lastJoin);
        assertThat(asked.flow()).isEqualTo(flow);
        assertThat(asked.roomCode()).isEqualTo("made-here");
        assertThat(asked.name()).isEqualTo("Ann");
        assertThat(asked.userId()).isEqualTo("u7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"whip", "whep"})
    void everyOutcomeHasItsStatusAndSaysWhatWasWrong(String path) {
        String at = "/" + path + "/made-here";
        api.rooms.outcome = new JoinOutcome.UnknownCode();
        assertThat(api.send("POST", at, "", SDP, OFFER).statusCode()).isEqualTo(404);
        api.rooms.outcome = new JoinOutcome.Full();
        assertThat(api.send("POST", at, "", SDP, OFFER).statusCode()).isEqualTo(409);
        api.rooms.outcome = new JoinOutcome.BadOffer("the audio line is a=inactive");
        HttpResponse<String> bad = api.send("POST", at, "", SDP, OFFER);
        assertThat(bad.statusCode()).isEqualTo(422);
        assertThat(detail(bad)).isEqualTo("the audio line is a=inactive");
        api.rooms.outcome = new JoinOutcome.Unavailable("draining");
        HttpResponse<String> away = api.send("POST", at, "", SDP, OFFER);
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(header(away, "retry-after")).isPresent();
        api.rooms.outcome = new JoinOutcome.TooFast(Duration.ofSeconds(2));
        assertThat(header(api.send("POST", at, "", SDP, OFFER), "retry-after")).contains("2");
        assertThat(api.send("POST", at, "", "text/plain", OFFER).statusCode()).isEqualTo(415);
        assertThat(api.send("POST", at, "", SDP, "").statusCode()).isEqualTo(422);
        assertThat(api.send("POST", at, "", SDP, "x".repeat(70_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void aBearerTokenMustBeAJoinTokenOfTheRoom() {
        assertThat(api.send("POST", "/whip/made-here", "no token", SDP, OFFER).statusCode())
                .isEqualTo(401);
        String token = token(room);
        assertThat(api.send("POST", "/whip/from-file", token, SDP, OFFER).statusCode())
                .isEqualTo(403);
        HttpResponse<String> answer = api.send("POST", "/whip/made-here", token, SDP, OFFER);
        assertThat(answer.statusCode()).isEqualTo(201);
        var asked = Objects.requireNonNull(api.rooms.lastJoin);
        assertThat(asked.room()).isEqualTo(room);
        assertThat(asked.role()).isEqualTo("host");
        assertThat(asked.userId()).isEqualTo("u7");
    }

    private String token(String of) {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> ApiServer.NOON)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        "app",
                                        of,
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    @Test
    void optionsTellWhatIsTakenAndAListedOriginsPreflightIsAllowed() {
        for (String path : List.of("/whip/made-here", "/whep/made-here")) {
            HttpResponse<String> plain = api.send("OPTIONS", path, "", "", "");
            assertThat(plain.statusCode()).isEqualTo(200);
            assertThat(header(plain, "accept-post")).contains(SDP);
            assertThat(header(plain, "access-control-allow-origin")).isEmpty();
            HttpResponse<String> page = preflight(path, "POST", "https://app.example.com");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(header(page, "accept-post")).contains(SDP);
            assertThat(header(page, "access-control-allow-origin"))
                    .contains("https://app.example.com");
            assertThat(
                            header(
                                    preflight(path, "POST", "https://evil.example"),
                                    "access-control-allow-origin"))
                    .isEmpty();
            HttpResponse<String> session =
                    preflight(path + "/part_9/the-secret", "PATCH", "https://app.example.com");
            assertThat(header(session, "accept-patch")).contains(FRAGMENT);
            assertThat(header(session, "access-control-allow-methods").orElse(""))
                    .contains("PATCH", "DELETE");
            assertThat(header(session, "access-control-allow-headers").orElse(""))
                    .contains("If-Match", "Content-Type", "Authorization");
            assertThat(header(session, "access-control-expose-headers").orElse(""))
                    .contains("Location", "ETag", "Link");
        }
    }

    private HttpResponse<String> preflight(String path, String method, String origin) {
        return api.send(
                "OPTIONS",
                path,
                "",
                "",
                "",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void otherMethodsOfTheEndpointAreReserved(String method) {
        HttpResponse<String> answer = api.send(method, "/whip/made-here", "", "", "");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "allow")).contains("POST, OPTIONS");
        HttpResponse<String> session =
                api.send("GET", "/whep/made-here/part_9/the-secret", "", "", "");
        assertThat(session.statusCode()).isEqualTo(405);
        assertThat(header(session, "allow")).contains("PATCH, DELETE, OPTIONS");
    }

    @Test
    void candidatesOfTheIceSessionThatHoldsAreTakenWithoutATag() {
        for (String condition : List.of("\"ours1\"", "\"other\", \"ours1\"", "*", "\"*\"")) {
            HttpResponse<String> answer = patch(SAME, "If-Match", condition);
            assertThat(answer.statusCode()).as(condition + answer.body()).isEqualTo(204);
            assertThat(header(answer, "etag")).isEmpty();
        }
        assertThat(api.rooms.lastOffer).isNull();
    }

    @Test
    void withoutOrWithAnotherTagNothingIsTaken() {
        for (String fragment : List.of(SAME, RESTART)) {
            assertThat(patch(fragment).statusCode()).isEqualTo(428);
            assertThat(patch(fragment, "If-Match", "\"older\"").statusCode()).isEqualTo(412);
            assertThat(patch(fragment, "If-Match", "W/\"ours1\"").statusCode()).isEqualTo(412);
        }
        assertThat(api.rooms.lastOffer).isNull();
    }

    @Test
    void newCredentialsRestartIceAndNothingElse() {
        String answered = ANSWER.replace("ours1", "ours2");
        api.rooms.reoffered = new Reoffered.Agreed(described(OFFER, answered));

        HttpResponse<String> answer = patch(RESTART, "If-Match", "*");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "content-type")).contains(FRAGMENT);
        assertThat(header(answer, "etag")).contains("\"ours2\"");
        assertThat(answer.body())
                .isEqualTo(
                        "a=ice-lite\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
                                + "a=mid:0\r\na=ice-ufrag:ours2\r\na=ice-pwd:our-password-of-twenty-2\r\n"
                                + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n");
        assertThat(new String(Objects.requireNonNull(api.rooms.lastOffer), StandardCharsets.UTF_8))
                .isEqualTo("v=0\r\na=ice-ufrag:anew\r\na=ice-pwd:another-password-of-22\r\n");
    }

    @Test
    void aRestartThatFailsOrCameLateSaysSo() {
        api.rooms.reoffered = new Reoffered.Refused("no such leg");
        HttpResponse<String> refused = patch(RESTART, "If-Match", "*");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(detail(refused)).isEqualTo("no such leg");
        api.rooms.reoffered = new Reoffered.Overtaken();
        assertThat(patch(RESTART, "If-Match", "*").statusCode()).isEqualTo(412);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "a=mid:0\r\n",
                "a=ice-ufrag:abcd\r\n",
                "a=ice-pwd:another-password-of-22\r\n",
                "a=ice-ufrag:abc\r\na=ice-pwd:another-password-of-22\r\n",
                "a=ice-ufrag:ab cd\r\na=ice-pwd:another-password-of-22\r\n",
                "a=ice-ufrag:abcd\r\na=ice-pwd:too-short\r\n",
                "a=ice-ufrag:abcd\r\na=ice-ufrag:efgh\r\na=ice-pwd:another-password-of-22\r\n",
                "a=ice-ufrag:abcd\r\na=ice-pwd:another-password-of-22\r\nc=IN IP4 192.0.2.1\r\n",
                "a=ice-ufrag:abcd\r\na=ice-pwd:another-password-of-22\r\na=mid:\0\r\n",
            })
    void aMalformedFragmentIsNamed(String fragment) {
        HttpResponse<String> answer = patch(fragment, "If-Match", "*");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).startsWith("The fragment ").containsPattern("a=|line");
    }

    @Test
    void aPatchOfAnotherTypeOrOfNobodyIsRefused() {
        String at = "/whip/made-here/part_9/the-secret";
        assertThat(api.send("PATCH", at, "", SDP, OFFER).statusCode()).isEqualTo(415);
        assertThat(api.send("PATCH", at + "x", "", FRAGMENT, SAME).statusCode()).isEqualTo(404);
        api.rooms.described = null;
        assertThat(patch(SAME, "If-Match", "*").statusCode()).isEqualTo(404);
    }

    @Test
    void deleteEndsTheSessionWhateverItsTag() {
        String at = "/whip/made-here/part_9/the-secret";
        assertThat(api.send("DELETE", at + "x", "", "", "").statusCode()).isEqualTo(404);
        assertThat(api.send("DELETE", at, "", "", "", "If-Match", "\"older\"").statusCode())
                .isEqualTo(204);
        assertThat(api.send("DELETE", at, "", "", "").statusCode()).isEqualTo(404);
        assertThat(api.rooms.people).isEmpty();
    }
}
