package dev.roomline.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.SipUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DnsResolverTest {
    private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
    private final List<CompletableFuture<List<InetAddress>>> asked = new ArrayList<>();
    private final List<List<Target>> answers = new ArrayList<>();
    private long nowNanos;
    private final DnsResolver resolver = resolver(Duration.ofMinutes(1));

    private DnsResolver resolver(Duration limit) {
        return new DnsResolver(
                loop::add,
                host -> {
                    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
                    asked.add(answer);
                    return answer;
                },
                limit,
                AnySource.ROUTED,
                new Random(1),
                () -> nowNanos);
    }

    @Test
    void anAddressIsAnsweredAtOnceWithoutAsking() {
        resolver.resolve(uri("192.0.2.1", 5080), answers::add);
        assertThat(asked).isEmpty();
        assertThat(answers)
                .containsExactly(
                        List.of(
                                new Target(
                                        TransportKind.UDP,
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral("192.0.2.1"), 5080))));
    }

    @Test
    @Tag("RFC3263§4.2")
    void aNameIsAnsweredOnTheLoopInTheOrderOfTheAddresses() {
        resolver.resolve(uri("pbx.example", 5060), answers::add);
        asked.getFirst()
                .complete(
                        List.of(
                                InetAddress.ofLiteral("192.0.2.1"),
                                InetAddress.ofLiteral("192.0.2.2"),
                                InetAddress.ofLiteral("192.0.2.1")));
        assertThat(answers).isEmpty();
        loop.remove().run();
        assertThat(answers.getFirst())
                .extracting(target -> target.address().getAddress().getHostAddress())
                .containsExactly("192.0.2.1", "192.0.2.2");
    }

    @Test
    void aNameThatDoesNotExistHasNoTargets() {
        resolver.resolve(uri("nowhere.example", 5060), answers::add);
        asked.getFirst().completeExceptionally(new java.net.UnknownHostException("nowhere"));
        loop.remove().run();
        assertThat(answers).containsExactly(List.of());
    }

    @Test
    void aNameThatLedNowhereIsNotAskedAgainForTenSeconds() {
        resolver.resolve(uri("nowhere.example", 5060), answers::add);
        asked.getFirst().complete(List.of());
        loop.remove().run();
        nowNanos = 9_999_000_000L;
        resolver.resolve(uri("nowhere.example", 5060), answers::add);
        assertThat(asked).hasSize(1);
        assertThat(answers).containsExactly(List.of(), List.of());
        nowNanos = 10_000_000_000L;
        resolver.resolve(uri("nowhere.example", 5060), answers::add);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpAndAskedAgain() throws InterruptedException {
        DnsResolver hasty = resolver(Duration.ofMillis(1));
        for (int i = 1; i <= 2; i++) {
            hasty.resolve(uri("slow.example", 5060), answers::add);
            Runnable answer = loop.poll(5, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            if (answer != null) {
                answer.run();
            }
            assertThat(answers).hasSize(i).containsOnly(List.of());
            assertThat(asked).hasSize(i);
        }
    }

    @Test
    void queriesInFlightAreBounded() {
        for (int i = 0; i <= DnsResolver.MOST_IN_FLIGHT; i++) {
            resolver.resolve(uri("n" + i + ".example", 5060), answers::add);
        }
        assertThat(asked).hasSize(DnsResolver.MOST_IN_FLIGHT);
        assertThat(answers).containsExactly(List.of());
        asked.getFirst().complete(List.of());
        resolver.resolve(uri("again.example", 5060), answers::add);
        assertThat(asked).hasSize(DnsResolver.MOST_IN_FLIGHT + 1);
    }

    @Test
    void localhostIsInTheHostsFile() throws InterruptedException {
        new DnsResolver(loop::add, AnySource.ROUTED, new Random(1), () -> nowNanos)
                .resolve(uri("localhost", 5060), answers::add);
        Runnable answer = loop.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        if (answer != null) {
            answer.run();
        }
        assertThat(answers.getFirst())
                .contains(
                        new Target(
                                TransportKind.UDP,
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5060)));
    }

    private static SipUri uri(String host, int port) {
        return new SipUri("sip", null, host, port, Map.of());
    }
}
