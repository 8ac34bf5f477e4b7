package dev.roomline.bridge.webhook;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.inbound.RouteHook;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.Names;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts {@code call.arriving} to the URL of a route and reads where the call goes: {@code {room,
 * name?, user_id?}} or {@code {reject}}. Signed, and held to public targets, by what the webhook of
 * the same origin says ({@code secret}, {@code allow_private}); without one it is not signed, and
 * public targets alone are asked. Thread-safe.
 */
public final class AskingRoutes implements RouteHook {
    static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int LOWEST_REFUSAL = 400;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int HIGHEST_REFUSAL = 699;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Post post;
    private final Supplier<List<Declared.Webhook>> webhooks;
    private final Executor blocking;
    private final InstantSource clock;
    private final Counters counters;

    /** {@link GuardedHttp#post}. */
    @FunctionalInterface
    public interface Post {
        CompletionStage<GuardedHttp.Outcome> post(
                URI target,
                Map<String, String> headers,
                byte[] body,
                boolean allowPrivate,
                Duration deadline);
    }

    /**
     * @param webhooks all that there are now; may block
     */
    public AskingRoutes(
            Post post,
            Supplier<List<Declared.Webhook>> webhooks,
            Executor blocking,
            InstantSource clock,
            Counters counters) {
        this.post = post;
        this.webhooks = webhooks;
        this.blocking = blocking;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public CompletionStage<Reply> ask(String url, Arriving call) {
        Instant asked = clock.instant();
        return told(url)
                .thenCompose(trust -> posted(URI.create(url), trust, call))
                .exceptionally(fault -> new Reply.Failed("it could not be asked: " + fault))
                .thenApply(reply -> counted(reply, asked));
    }

    /** A refused task is a failed stage: whoever calls waits for one. */
    private CompletableFuture<Optional<Declared.Webhook>> told(String url) {
        try {
            return CompletableFuture.supplyAsync(() -> trusted(url), blocking);
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.failedFuture(stopping);
        }
    }

    private Reply counted(Reply reply, Instant asked) {
        String outcome =
                switch (reply) {
                    case Reply.Room _ -> "room";
                    case Reply.Reject _ -> "reject";
                    case Reply.Failed _ -> "failed";
                };
        counters.routeAsked(outcome, Duration.between(asked, clock.instant()).toNanos() / 1e9);
        return reply;
    }

    private CompletionStage<Reply> posted(
            URI target, Optional<Declared.Webhook> trust, Arriving call) {
        byte[] body = body(call);
        Map<String, String> headers =
                new LinkedHashMap<>(
                        Signature.headers(
                                Names.id("msg"),
                                clock.instant(),
                                body,
                                trust.map(Declared.Webhook::secret).orElse(Secret.NONE)));
        headers.put("content-type", "application/json");
        boolean allowPrivate = trust.map(Declared.Webhook::allowPrivate).orElse(false);
        return post.post(target, headers, body, allowPrivate, PATIENCE).thenApply(this::reply);
    }

    private Optional<Declared.Webhook> trusted(String url) {
        URI target = URI.create(url);
        return webhooks.get().stream().filter(hook -> sameOrigin(hook.url(), target)).findFirst();
    }

    private static boolean sameOrigin(String url, URI target) {
        return origin(URI.create(url)).equals(origin(target));
    }

    /** RFC 6454 §4: in lower case, and with the port that its scheme implies. */
    private static String origin(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        int implied = scheme.equals("https") ? HTTPS : HTTP;
        return scheme + "://" + host + ":" + (url.getPort() < 0 ? implied : url.getPort());
    }

    private byte[] body(Arriving call) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("from", call.from());
        facts.put("to", call.number());
        facts.put("trunk", call.trunk());
        facts.put("account", call.account());
        facts.put("name", call.name());
        facts.put("user_id", call.userId());
        facts.put("attributes", call.attributes());
        facts.put("sip_call_id", call.sipCallId());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "call.arriving");
        event.put("timestamp", clock.instant().toString());
        event.put("data", facts);
        return JSON.writeValueAsString(event).getBytes(StandardCharsets.UTF_8);
    }

    private Reply reply(GuardedHttp.Outcome outcome) {
        return switch (outcome) {
            case GuardedHttp.Outcome.Refused(String why) -> new Reply.Failed("not asked: " + why);
            case GuardedHttp.Outcome.Failed(String why) -> new Reply.Failed(why);
            case GuardedHttp.Outcome.Answered(int status, byte[] body) ->
                    status / 100 == 2
                            ? said(body)
                            : new Reply.Failed("it answered with HTTP status " + status);
        };
    }

    private static Reply said(byte[] body) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JacksonException notJson) {
            return new Reply.Failed("its answer is no JSON");
        }
        JsonNode reject = answer.path("reject");
        String room = answer.path("room").asString("").strip();
        if (reject.isIntegralNumber() && room.isEmpty()) {
            int status = reject.asInt();
            return status >= LOWEST_REFUSAL && status <= HIGHEST_REFUSAL
                    ? new Reply.Reject(status)
                    : new Reply.Failed("it rejects with " + status + ", not with 400 to 699");
        }
        if (room.isEmpty() || !reject.isMissingNode()) {
            return new Reply.Failed("its answer has neither a room nor a reject, or both");
        }
        return new Reply.Room(
                room, answer.path("name").asString(""), answer.path("user_id").asString(""));
    }
}
