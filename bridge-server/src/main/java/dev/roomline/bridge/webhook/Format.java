package dev.roomline.bridge.webhook;

import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.store.DeliveryRow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** How a kind of webhook is told of events: its words, and the headers that it trusts. */
public interface Format {
    Duration FIRST_WAIT = Duration.ofSeconds(1);
    Duration LONGEST_WAIT = Duration.ofHours(1);
    Duration LONGEST = Duration.ofDays(1);

    /**
     * What this webhook is told of an event; empty: nothing.
     *
     * @return in the order in which it is told
     */
    List<Message> messages(Event event, Webhook to);

    /** The headers beside the webhook's own and the content type. */
    Map<String, String> headers(DeliveryRow delivery, byte[] body, Webhook to, Instant now);

    /** A message of no meaning, to see whether it arrives. */
    Message test(String eventId, Instant at);

    /**
     * Whether what was written down of a call says that it was told of this already.
     *
     * @param written the types of all messages of that call, in every format
     */
    boolean told(EventType type, Set<String> written);

    /**
     * When a delivery that failed is tried again; ever more seldom for a day, where a format does
     * not say otherwise.
     *
     * @param failed attempts that failed, the last one with them: from 1 on
     * @param age of the delivery
     * @return empty: it is given up
     */
    default Optional<Duration> retryAfter(int failed, Duration age) {
        double seconds =
                Math.min(
                        (double) LONGEST_WAIT.toSeconds(),
                        FIRST_WAIT.toSeconds() * Math.pow(3, Math.min(failed - 1, 20)));
        Duration wait = Duration.ofMillis((long) (seconds * 1000));
        return age.plus(wait).compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(wait);
    }

    /** Whether a webhook asked for a type: by its name, by its family {@code peer.*}, or by *. */
    static boolean wants(Webhook to, String type) {
        return to.events().stream()
                .anyMatch(
                        asked ->
                                asked.equals("*")
                                        || asked.equals(type)
                                        || (asked.endsWith(".*")
                                                && type.startsWith(
                                                        asked.substring(0, asked.length() - 1))));
    }

    /**
     * @param type of the event, as this format names it
     * @param body JSON
     * @param subject whose messages go out one after the other: a call, a room; empty: no order
     */
    record Message(String type, String body, String subject) {}

    /** Our own: the event as it is, with the headers of the Standard Webhooks. */
    Format STANDARD =
            new Format() {
                @Override
                public List<Message> messages(Event event, Webhook to) {
                    String type = event.type().label();
                    return wants(to, type)
                            ? List.of(new Message(type, event.json(), event.subject()))
                            : List.of();
                }

                @Override
                public Map<String, String> headers(
                        DeliveryRow delivery, byte[] body, Webhook to, Instant now) {
                    return Signature.headers(delivery.eventId(), now, body, to.secret());
                }

                @Override
                public Message test(String eventId, Instant at) {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put("id", eventId);
                    body.put("type", "webhook.test");
                    body.put("at", at.truncatedTo(ChronoUnit.MILLIS).toString());
                    body.put("data", Map.of("text", "Somebody asked for this test."));
                    return new Message(
                            "webhook.test", JsonMapper.shared().writeValueAsString(body), "");
                }

                @Override
                public boolean told(EventType type, Set<String> written) {
                    return written.contains(type.label())
                            || (type == EventType.CALL_ENDED
                                    && written.contains(EventType.CALL_REFUSED.label()));
                }
            };
}
