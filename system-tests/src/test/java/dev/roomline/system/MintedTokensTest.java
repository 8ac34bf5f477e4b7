package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code scripts/run token} as an operator runs it beside the running server: what it prints is
 * accepted where it is meant to be, and nowhere else.
 */
final class MintedTokensTest {
    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("minted");

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int UNAUTHORIZED = 401;

    /** What the command printed, which has to be the token and nothing else. */
    private static String minted(String... options) {
        Run run = run(options);
        assertThat(run.exit()).as(run.output()).isZero();
        List<String> printed =
                run.output()
                        .lines()
                        .filter(line -> line.matches("[\\w-]{20,}(\\.[\\w-]+){0,2}"))
                        .toList();
        assertThat(printed).as(run.output()).hasSize(1);
        return printed.getFirst();
    }

    private record Run(int exit, String output) {}

    private static Run run(String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Workspace.projectRoot().resolve("scripts/run").toString(),
                                "token",
                                "--config",
                                bridge.configuration().toString()));
        command.addAll(Arrays.asList(options));
        try (ChildProcess process =
                ChildProcess.start("token", Workspace.folder("token"), command)) {
            int exit = process.awaitExit(LIMIT);
            return new Run(exit, process.output());
        }
    }

    private static int get(String path, String authorization) {
        return ask(path, Optional.of(authorization), "GET").statusCode();
    }

    private static HttpResponse<String> ask(
            String path, Optional<String> authorization, String method) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(bridge.url(path)).method(method, BodyPublishers.noBody());
        authorization.ifPresent(value -> request.header("Authorization", value));
        return bridge.send(request.build());
    }

    @Test
    void aManagementTokenOpensHundredMsAndOurOwnApi() {
        String token = minted("--type", "management");
        assertThat(get("/v2/rooms", "Bearer " + token)).isEqualTo(200);
        assertThat(get("/v1/rooms", "Bearer " + token)).isEqualTo(200);
        assertThat(get("/v1/rooms", "Bearer " + token + "x")).isEqualTo(UNAUTHORIZED);
        assertThat(get("/sip/list", "Bearer " + token)).isEqualTo(UNAUTHORIZED);
    }

    @Test
    void withoutATypeItIsAManagementToken() {
        assertThat(get("/v1/rooms", "Bearer " + minted())).isEqualTo(200);
    }

    @Test
    void aTokenOfVideoSdkIsTakenAsItsClientsSendItAndByOurOwnApi() {
        String token = minted("--type", "videosdk", "--valid-for", "15m");
        assertThat(get("/v2/sip/outbound-gateways", token)).isEqualTo(200);
        assertThat(get("/v1/rooms", "Bearer " + token)).isEqualTo(200);
        assertThat(get("/v2/sip/outbound-gateways", token.substring(1))).isEqualTo(UNAUTHORIZED);
    }

    @Test
    void aTokenOfIndusNetIsOpaqueAndMakesAKeyThatCanBeDeleted() {
        String token = minted("--type", "indus", "--key", "dialler");
        assertThat(token).doesNotContain(".");
        assertThat(get("/sip/list", "Bearer " + token)).isEqualTo(200);
        String key =
                bridge.get("/v1/keys")
                        .get("items")
                        .valueStream()
                        .filter(one -> one.path("name").asString("").equals("dialler"))
                        .map(one -> one.get("id").asString())
                        .findFirst()
                        .orElseThrow();
        assertThat(bridge.send(bridge.request("/v1/keys/" + key).DELETE().build()).statusCode())
                .isEqualTo(204);
        assertThat(get("/sip/list", "Bearer " + token)).isEqualTo(UNAUTHORIZED);
    }

    @Test
    void anAppTokenJoinsItsRoomAndOpensNoApi() {
        String token = minted("--type", "app", "--room", BridgeProcess.ROOM_CODE, "--user", "u7");
        assertThat(get("/v1/rooms", "Bearer " + token)).isEqualTo(UNAUTHORIZED);
        try (Chromium chromium = Chromium.launch()) {
            RoomPage page =
                    RoomPage.open(
                            chromium.pageWithTone(440), bridge.url("/join/not-used").toString());
            page.joinByToken(token, "Robot");
            assertThat(
                            bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants")
                                    .findValuesAsString("user_id"))
                    .containsExactly("u7");
            bridge.removeEverybody("browser");
        }
    }

    @Test
    void whatCannotBeMintedIsSaidAndTheCommandFails() {
        Map<String, List<String>> rows =
                Map.of(
                        "--type is one of", List.of("--type", "magic"),
                        "needs --room", List.of("--type", "app"),
                        "does not expire", List.of("--type", "indus", "--valid-for", "1h"),
                        "No API key with a secret", List.of("--key", "nobody's"));
        rows.forEach(
                (says, options) -> {
                    Run run = run(options.toArray(String[]::new));
                    assertThat(run.exit()).as(run.output()).isNotZero();
                    assertThat(run.output()).contains(says);
                    assertThat(run.output()).doesNotContainPattern("eyJ[\\w-]+\\.");
                });
    }
}
