package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Deliveries;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.WebhookRow;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries that end at the worst of moments, and how long the next attempt waits. */
final class CourierTest {
    @TempDir Path folder;

    @Test
    void whatIsDeliveredWhileTheCourierLooksIsNotSentAgain() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    (body.equals("first") ? first : second).incrementAndGet();
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.start();
        var loaded = ConfigLoader.load(Optional.empty(), Map.of(), List.of(), folder);
        try (Store store =
                        Store.open(
                                ((ConfigLoader.Outcome.Loaded) loaded).config(),
                                InstantSource.system());
                GuardedHttp http = new GuardedHttp()) {
            String hook = hook(store, server.getAddress().getPort());
            Deliveries real = store.deliveries();
            AtomicInteger looks = new AtomicInteger();
            Deliveries slow =
                    (Deliveries)
                            Proxy.newProxyInstance(
                                    Deliveries.class.getClassLoader(),
                                    new Class<?>[] {Deliveries.class},
                                    (_, method, arguments) -> {
                                        Object found;
                                        try {
                                            found = method.invoke(real, arguments);
                                        } catch (InvocationTargetException e) {
                                            throw e.getCause();
                                        }
                                        if (method.getName().equals("due")
                                                && looks.incrementAndGet() == 2) {
                                            // what was found is on its way when all that waits ends
                                            answer.countDown();
                                            await().until(() -> real.waiting() == 1);
                                            LockSupport.parkNanos(50_000_000);
                                        }
                                        return found;
                                    });
            Courier courier =
                    new Courier(
                            store.webhooks(),
                            slow,
                            Map.of("standard", Format.STANDARD),
                            http,
                            Counters.NONE,
                            InstantSource.system());
            real.add(List.of(hook), new Deliveries.Event("evt_1", "call.ended", "", "first"));
            courier.start();
            await().until(() -> first.get() == 1);
            real.add(List.of(hook), new Deliveries.Event("evt_2", "call.ended", "", "second"));
            courier.wake();
            await().until(() -> second.get() == 1 && real.waiting() == 0);
            courier.close();

            assertThat(first).hasValue(1);
            assertThat(second).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    private static String hook(Store store, int port) {
        Change<WebhookRow> made =
                store.webhooks()
                        .create(
                                new Webhook(
                                        "http://127.0.0.1:" + port + "/",
                                        "standard",
                                        new Secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                        List.of("*"),
                                        Map.of(),
                                        true));
        return ((Change.Done<WebhookRow>) made).row().id();
    }

    @Test
    void waitsGrowThreefoldUpToAnHour() {
        assertThat(Format.STANDARD.retryAfter(1, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(Format.STANDARD.retryAfter(4, Duration.ZERO)).contains(Duration.ofSeconds(27));
        assertThat(Format.STANDARD.retryAfter(51, Duration.ZERO)).contains(Duration.ofHours(1));
        assertThat(Format.STANDARD.retryAfter(30, Duration.ofHours(23))).isPresent();
        assertThat(Format.STANDARD.retryAfter(30, Duration.ofMinutes(23 * 60 + 1))).isEmpty();
        assertThat(Courier.spread(Duration.ofSeconds(3), 1)).isEqualTo(Duration.ofMillis(3600));
    }
}
