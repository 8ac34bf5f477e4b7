package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.roomline.bridge.webhook.GuardedHttp.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever chooses what the server posts to reaches nothing of the server's own network by it. */
final class GuardedHttpTest {
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> resolved = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private GuardedHttp http;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().toString();
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    received.add(
                            path
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Host")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("X-A")
                                    + " "
                                    + body);
                    if (path.equals("/silent")) {
                        return;
                    }
                    if (path.equals("/moved")) {
                        exchange.getResponseHeaders().add("Location", "/elsewhere");
                        exchange.sendResponseHeaders(302, -1);
                        return;
                    }
                    byte[] answer =
                            "x"
                                    .repeat(path.equals("/much") ? 1 << 20 : 3)
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.setExecutor(Runnable::run);
        server.start();
        http = new GuardedHttp(this::addresses);
    }

    private InetAddress[] addresses(String host) throws UnknownHostException {
        resolved.add(host);
        return switch (host) {
            case "app.test" -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
            // at the second question the name leads to us: it must not be asked a second time
            case "rebinding.test" ->
                    new InetAddress[] {
                        InetAddress.ofLiteral(resolved.size() == 1 ? "127.0.0.2" : "127.0.0.1")
                    };
            default -> InetAddress.getAllByName(host);
        };
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private Outcome post(String host, String path, boolean allowPrivate) {
        URI target = URI.create("http://" + host + ":" + server.getAddress().getPort() + path);
        return http.post(
                        target,
                        Map.of("X-A", "b"),
                        "hello".getBytes(StandardCharsets.UTF_8),
                        allowPrivate,
                        Duration.ofMillis(1500))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aPostCarriesHeadersAndBodyUnderTheNameThatWasAskedFor() {
        Outcome.Answered answered = (Outcome.Answered) post("app.test", "/hook?a=b", true);
        assertThat(answered.status()).isEqualTo(200);
        assertThat(answered.body()).hasSize(3);
        assertThat(received)
                .containsExactly(
                        "/hook?a=b app.test:" + server.getAddress().getPort() + " b hello");
    }

    @Test
    void ourOwnNetworkIsNotCalledUnlessThatIsAllowedHoweverItIsWritten() {
        for (String host :
                List.of(
                        "app.test",
                        "127.0.0.1",
                        "localhost",
                        "2130706433",
                        "127.1",
                        "[::1]",
                        "[::ffff:127.0.0.1]",
                        "0.0.0.0",
                        "169.254.169.254",
                        "[fd00:ec2::254]")) {
            assertThat(post(host, "/", false)).as(host).isInstanceOf(Outcome.Refused.class);
        }
        assertThat(received).isEmpty();
    }

    @Test
    void whatIsSpecialOfTheAddressSpaceIsNotPublic() {
        for (String text :
                List.of(
                        "0.1.2.3",
                        "10.0.0.1",
                        "100.100.100.200",
                        "127.9.9.9",
                        "169.254.169.254",
                        "172.31.255.255",
                        "192.168.0.1",
                        "198.18.0.1",
                        "224.0.0.1",
                        "255.255.255.255",
                        "168.63.129.16",
                        "::",
                        "::1",
                        "::7f00:1",
                        "::ffff:10.0.0.1",
                        "64:ff9b::a00:1",
                        "2002:a00:1::1",
                        "2001::1",
                        "fc00::1",
                        "fe80::1",
                        "ff02::1")) {
            assertThat(PublicAddress.is(InetAddress.ofLiteral(text))).as(text).isFalse();
        }
        for (String text : List.of("8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111")) {
            assertThat(PublicAddress.is(InetAddress.ofLiteral(text))).as(text).isTrue();
        }
    }

    @Test
    void aNameIsResolvedOnceAndTheAddressThatWasLookedAtIsConnectedTo() {
        assertThat(post("rebinding.test", "/", false)).isInstanceOf(Outcome.Refused.class);
        assertThat(resolved).containsExactly("rebinding.test");
        resolved.clear();
        // allowed, it connects to the address that it was given first, where nobody answers
        assertThat(post("rebinding.test", "/", true)).isInstanceOf(Outcome.Failed.class);
        assertThat(resolved).containsExactly("rebinding.test");
        assertThat(received).isEmpty();
    }

    @Test
    void aRedirectIsAnAnswerLikeAnyOther() {
        Outcome.Answered answered = (Outcome.Answered) post("app.test", "/moved", true);
        assertThat(answered.status()).isEqualTo(302);
        assertThat(received).hasSize(1);
    }

    @Test
    void anEndlessAnswerIsReadUpToABound() {
        Outcome.Answered answered = (Outcome.Answered) post("app.test", "/much", true);
        assertThat(answered.body()).hasSize(GuardedHttp.MOST_BODY);
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedForBeyondTheDeadline() {
        Outcome.Failed failed = (Outcome.Failed) post("app.test", "/silent", true);
        assertThat(failed.why()).isEqualTo("no answer within 1500 ms");
    }

    @Test
    void aPortWhereNobodyListensAndANameThatNobodyKnowsAreToldAsSuch() {
        int port = server.getAddress().getPort();
        server.stop(0);
        assertThat(((Outcome.Failed) post("app.test", "/", true)).why())
                .contains("refused")
                .contains(Integer.toString(port));
        assertThat(((Outcome.Failed) post("no-such-name.invalid", "/", true)).why())
                .contains("no-such-name.invalid");
    }
}
