package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening.MoveStep;
import dev.roomline.bridge.event.Happening.OfCall;
import dev.roomline.bridge.event.Happening.OfMove;
import dev.roomline.bridge.event.Happening.OfTransfer;
import dev.roomline.bridge.event.Happening.TransferStep;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.webhook.Format;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Webhooks as VideoSDK sends them: calls, from their start to their end, each body signed by the
 * server's key. Receivers sign what {@code JSON.stringify} makes of the body: it is written as that
 * would write it. Thread-safe.
 */
public final class VideoSdkFormat implements Format {
    private static final String STARTED = "call-started";
    private static final String RINGING = "call-ringing";
    private static final String ANSWERED = "call-answered";
    private static final String HANGUP = "call-hangup";
    private static final String MISSED = "call-missed";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final WebhookKey key;

    public VideoSdkFormat(WebhookKey key) {
        this.key = key;
    }

    @Override
    public List<Message> messages(Event event, Webhook to) {
        if (event.what() instanceof OfTransfer(CallRow row, Instant rangAt, TransferStep step)) {
            return transfer(row, rangAt, step.state(), to);
        }
        if (event.what() instanceof OfMove(CallRow row, Instant rangAt, MoveStep step)) {
            String name = CallStatus.SWITCH + step.state();
            Map<String, @Nullable Object> data = data(row, name, rangAt);
            return Format.wants(to, name) ? List.of(message(name, data, row.id())) : List.of();
        }
        if (!(event.what() instanceof OfCall(EventType type, CallRow row, Instant rangAt, var _))) {
            return List.of();
        }
        Optional<String> status = CallStatus.of(row);
        if (status.isEmpty()) {
            return List.of();
        }
        String name = name(type, row, status.get());
        return Format.wants(to, name)
                ? List.of(message(name, data(row, status.get(), rangAt), row.id()))
                : List.of();
    }

    /** What nobody knows the end of is told by the call's own end alone. */
    private static List<Message> transfer(
            CallRow row, @Nullable Instant rangAt, String state, Webhook to) {
        Optional<String> status = CallStatus.ofTransfer(state);
        if (status.isEmpty()) {
            return List.of();
        }
        String name = "call-" + status.get();
        Map<String, @Nullable Object> data = data(row, status.get(), rangAt);
        return Format.wants(to, name) ? List.of(message(name, data, row.id())) : List.of();
    }

    /** A call that came in has started when it rings; what nobody took is missed. */
    private static String name(EventType type, CallRow row, String status) {
        return switch (type) {
            case CALL_RINGING -> CallStatus.isInbound(row) ? STARTED : RINGING;
            case CALL_ANSWERED -> ANSWERED;
            case CALL_ENDED, CALL_REFUSED ->
                    status.equals(CallStatus.MISSED) || status.equals(CallStatus.NOT_ANSWERED)
                            ? MISSED
                            : HANGUP;
            default -> STARTED;
        };
    }

    private static Map<String, @Nullable Object> data(
            CallRow row, String status, @Nullable Instant rangAt) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("callId", row.id());
        data.put("type", row.direction());
        data.put("from", row.from());
        data.put("to", row.to());
        data.put("status", status);
        data.put("roomId", row.room() == null ? null : Aliases.dashed12(row.room()));
        data.put("timelog", CallStatus.timelog(row, rangAt));
        return data;
    }

    private static Message message(
            String type, Map<String, ? extends @Nullable Object> data, String subject) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("webhookType", type);
        body.put("event", type);
        body.put("data", data);
        return new Message(type, JSON.writeValueAsString(body), subject);
    }

    @Override
    public Map<String, String> headers(DeliveryRow delivery, byte[] body, Webhook to, Instant now) {
        return Map.of("videosdk-signature", key.sign(body));
    }

    @Override
    public Message test(String eventId, Instant at) {
        return message("webhook-test", Map.of("text", "Somebody asked for this test."), "");
    }

    @Override
    public boolean told(EventType type, Set<String> written) {
        return type == EventType.CALL_ANSWERED
                ? written.contains(ANSWERED)
                : written.contains(HANGUP) || written.contains(MISSED);
    }
}
