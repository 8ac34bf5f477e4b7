package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.inbound.RouteHook;
import dev.roomline.bridge.inbound.RouteHook.Reply;
import dev.roomline.bridge.metrics.Counters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What an application is asked, and how its answers are read. */
final class AskingRoutesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RouteHook.Arriving CALL =
            new RouteHook.Arriving(
                    "+15550100123",
                    "+15550100004",
                    "trk_1",
                    null,
                    "Alice",
                    "u1",
                    Map.of("sip.h.x-a", "b"),
                    "call-1@test");

    private List<Declared.Webhook> webhooks = List.of();
    private GuardedHttp.Outcome outcome = new GuardedHttp.Outcome.Failed("no answer");
    private Map<String, String> headers = Map.of();
    private String body = "";
    private boolean allowedPrivate;
    private final List<String> counted = new ArrayList<>();
    private final Counters counters =
            new Counters() {
                @Override
                public void routeAsked(String outcome, double seconds) {
                    counted.add(outcome);
                }
            };

    private Reply ask() {
        return ask("https://app.test:8443/r?x=1");
    }

    private Reply ask(String url) {
        AskingRoutes routes =
                new AskingRoutes(
                        (target, sent, octets, allowPrivate, deadline) -> {
                            assertThat(target.toString()).isEqualTo(url);
                            assertThat(deadline).isEqualTo(AskingRoutes.PATIENCE);
                            headers = sent;
                            body = new String(octets, StandardCharsets.UTF_8);
                            allowedPrivate = allowPrivate;
                            return CompletableFuture.completedStage(outcome);
                        },
                        () -> webhooks,
                        Runnable::run,
                        InstantSource.fixed(NOW),
                        counters);
        return routes.ask(url, CALL).toCompletableFuture().join();
    }

    private Reply answered(int status, String text) {
        outcome = new GuardedHttp.Outcome.Answered(status, text.getBytes(StandardCharsets.UTF_8));
        return ask();
    }

    private static Declared.Webhook webhook(String url) {
        return new Declared.Webhook(
                url, "standard", new Secret("a secret"), List.of("*"), Map.of(), true);
    }

    @Test
    void the_call_is_told_in_full() {
        ask();
        assertThat(body)
                .isEqualTo(
                        "{\"type\":\"call.arriving\",\"timestamp\":\"2026-01-01T00:00:00Z\","
                                + "\"data\":{\"from\":\"+15550100123\",\"to\":\"+15550100004\","
                                + "\"trunk\":\"trk_1\",\"account\":null,\"name\":\"Alice\","
                                + "\"user_id\":\"u1\",\"attributes\":{\"sip.h.x-a\":\"b\"},"
                                + "\"sip_call_id\":\"call-1@test\"}}");
        assertThat(headers)
                .containsEntry("content-type", "application/json")
                .containsKeys("webhook-id", "webhook-timestamp")
                .doesNotContainKey("webhook-signature");
        assertThat(allowedPrivate).isFalse();
    }

    @Test
    void a_webhook_of_the_same_origin_lends_its_secret_and_its_rule_and_no_other_does() {
        webhooks = List.of(webhook("https://app.test/events"), webhook("http://app.test:8443/"));
        ask();
        assertThat(headers).doesNotContainKey("webhook-signature");
        assertThat(allowedPrivate).isFalse();
        webhooks = List.of(webhook("https://app.test:8443/events"));
        ask();
        String id = headers.get("webhook-id");
        assertThat(headers)
                .containsEntry(
                        "webhook-signature",
                        Signature.headers(
                                        String.valueOf(id),
                                        NOW,
                                        body.getBytes(StandardCharsets.UTF_8),
                                        new Secret("a secret"))
                                .get("webhook-signature"));
        assertThat(allowedPrivate).isTrue();
    }

    @Test
    void an_origin_is_the_same_with_the_port_that_its_scheme_implies() {
        record Row(String webhook, String route, boolean lends) {}
        for (Row row :
                List.of(
                        new Row("https://app.test/events", "https://app.test:443/r", true),
                        new Row("https://app.test:443/events", "https://app.test/r", true),
                        new Row("http://app.test:80/events", "http://app.test/r", true),
                        new Row("https://APP.test/events", "HTTPS://app.Test/r", true),
                        new Row("http://app.test/events", "http://app.test:443/r", false),
                        new Row("https://app.test/events", "http://app.test/r", false),
                        new Row("https://app.test:80/events", "https://app.test/r", false),
                        new Row("https://app.test/events", "https://app.test.evil/r", false),
                        new Row("https://app.test/events", "https://app.test@evil/r", false))) {
            webhooks = List.of(webhook(row.webhook()));
            ask(row.route());
            assertThat(headers.containsKey("webhook-signature"))
                    .as(row.toString())
                    .isEqualTo(row.lends());
        }
    }

    @Test
    void its_answers_are_a_room_a_rejection_or_nonsense() {
        assertThat(answered(200, "{\"room\":\"abc-defg-hij\"}"))
                .isEqualTo(new Reply.Room("abc-defg-hij", "", ""));
        assertThat(answered(201, "{\"room\":\" r-1 \",\"name\":\"N\",\"user_id\":\"7\",\"x\":1}"))
                .isEqualTo(new Reply.Room("r-1", "N", "7"));
        assertThat(answered(200, "{\"reject\":486}")).isEqualTo(new Reply.Reject(486));
        for (String nonsense :
                List.of(
                        "",
                        "hello",
                        "[]",
                        "{}",
                        "null",
                        "{\"room\":\"\"}",
                        "{\"reject\":200}",
                        "{\"reject\":700}",
                        "{\"reject\":\"486\"}",
                        "{\"room\":\"r-1\",\"reject\":486}")) {
            assertThat(answered(200, nonsense)).as(nonsense).isInstanceOf(Reply.Failed.class);
        }
        assertThat(answered(500, "{\"room\":\"abc\"}"))
                .isEqualTo(new Reply.Failed("it answered with HTTP status 500"));
        outcome = new GuardedHttp.Outcome.Refused("10.0.0.1 is of a private network");
        assertThat(ask())
                .isEqualTo(new Reply.Failed("not asked: 10.0.0.1 is of a private network"));
    }

    @Test
    void a_store_that_fails_is_a_failure_and_no_exception() {
        AskingRoutes routes =
                new AskingRoutes(
                        (target, sent, octets, allowPrivate, deadline) ->
                                CompletableFuture.completedStage(outcome),
                        () -> {
                            throw new IllegalStateException("no database");
                        },
                        Runnable::run,
                        InstantSource.fixed(NOW),
                        counters);
        assertThat(routes.ask("https://app.test/", CALL).toCompletableFuture().join())
                .isInstanceOf(Reply.Failed.class);
        assertThat(counted).containsExactly("failed");
    }

    @Test
    void a_server_that_stops_fails_to_ask_and_whoever_calls_is_told() {
        AskingRoutes routes =
                new AskingRoutes(
                        (target, sent, octets, allowPrivate, deadline) ->
                                CompletableFuture.completedStage(outcome),
                        () -> webhooks,
                        _ -> {
                            throw new RejectedExecutionException();
                        },
                        InstantSource.fixed(NOW),
                        counters);
        assertThat(routes.ask("https://app.test/", CALL).toCompletableFuture().join())
                .isInstanceOf(Reply.Failed.class);
        assertThat(counted).containsExactly("failed");
    }

    @Test
    void each_answer_is_counted_by_what_it_was() {
        answered(200, "{\"room\":\"abc-defg-hij\"}");
        answered(200, "{\"reject\":486}");
        answered(500, "");
        assertThat(counted).containsExactly("room", "reject", "failed");
    }
}
