package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.store.Passthrough;
import dev.roomline.bridge.webhook.Format;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the {@code passthrough_webhook_url} of a trunk is told: the end of each call that was
 * ordered over it here, three times at most. Written by the outbox's thread, tried by others.
 */
public final class EndReport implements Format {
    /** What such a webhook has as its {@code format}. */
    public static final String NAME = "indus";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<Duration> WAITS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));

    private final Passthrough passthrough;

    /** Several webhooks ask of the same call, one after the other; a row never changes. */
    private volatile @Nullable Asked last;

    public EndReport(Passthrough passthrough) {
        this.passthrough = passthrough;
    }

    private record Asked(String room, Optional<Passthrough.Call> order) {}

    @Override
    public List<Message> messages(Event event, Webhook to) {
        boolean isEnd =
                event.type() == EventType.CALL_ENDED || event.type() == EventType.CALL_REFUSED;
        if (isEnd
                && event.what() instanceof Happening.OfCall(var _, CallRow row, var _, var _)
                && row.direction().equals("outbound")
                && row.room() != null) {
            return order(Objects.requireNonNull(row.room()))
                    .filter(order -> order.webhook().equals(to.url()))
                    .map(order -> message(event, row, order))
                    .orElse(List.of());
        }
        return List.of();
    }

    private Optional<Passthrough.Call> order(String room) {
        Asked asked = last;
        if (asked == null || !asked.room().equals(room)) {
            asked = new Asked(room, passthrough.ofRooms(List.of(room)).stream().findFirst());
            last = asked;
        }
        return asked.order();
    }

    private static List<Message> message(Event event, CallRow row, Passthrough.Call order) {
        return List.of(new Message(event.type().label(), body(row, order), event.subject()));
    }

    private static String body(CallRow row, Passthrough.Call order) {
        return JSON.writeValueAsString(
                Indus.envelope(true, "Call details fetched successfully", CallView.of(row, order)));
    }

    @Override
    public Map<String, String> headers(DeliveryRow delivery, byte[] body, Webhook to, Instant now) {
        return Map.of();
    }

    @Override
    public Message test(String eventId, Instant at) {
        return new Message(
                "webhook.test",
                JSON.writeValueAsString(
                        Indus.envelope(
                                true,
                                "Somebody asked for this test.",
                                Map.of("test_id", eventId, "sent_at", at.toString()))),
                "");
    }

    @Override
    public boolean told(EventType type, Set<String> written) {
        return type == EventType.CALL_ENDED
                && (written.contains(EventType.CALL_ENDED.label())
                        || written.contains(EventType.CALL_REFUSED.label()));
    }

    @Override
    public Optional<Duration> retryAfter(int failed, Duration age) {
        return failed <= WAITS.size() ? Optional.of(WAITS.get(failed - 1)) : Optional.empty();
    }
}
