package dev.roomline.bridge.webhook;

import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.store.DeliveryRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /**
     * @param type of the event, as this format names it
     * @param body JSON
     */
    record Message(String type, String body) {}

    /** Our own: the event as it is, with the headers of the Standard Webhooks. */
    Format STANDARD =
            new Format() {
                @Override
                public List<Message> messages(Event event, Webhook to) {
                    return to.events().stream().anyMatch(event.type()::matches)
                            ? List.of(new Message(event.type().label(), event.json()))
                            : List.of();
                }

                @Override
                public Map<String, String> headers(
                        DeliveryRow delivery, byte[] body, Webhook to, Instant now) {
                    return Signature.headers(delivery.eventId(), now, body, to.secret());
                }
            };
}
