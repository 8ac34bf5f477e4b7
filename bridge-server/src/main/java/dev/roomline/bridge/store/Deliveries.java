package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The outbox of webhooks: what has to be told is stored before anybody tries to tell it, at least
 * once, and in order per webhook and subject. Blocks: virtual threads only.
 */
public interface Deliveries {

    /**
     * @param subject the call whose events go one after the other; empty: no order is kept
     */
    record Event(String id, String type, String subject, String body) {}

    /** One row per webhook, due at once, all of them or none. Committed when it returns. */
    List<DeliveryRow> add(List<String> webhookIds, Event event);

    /**
     * @param webhookId whom it is for
     */
    record Outgoing(String webhookId, Event event) {}

    /** In this order, due at once, all of them or none. Committed when it returns. */
    default void addAll(List<Outgoing> rows) {
        addAll(rows, List.of());
    }

    /** The same, and in the same transaction who came and who went. */
    void addAll(List<Outgoing> rows, List<Presence> changes);

    /**
     * A participant or a room with people in it, as far as webhooks were told of it.
     *
     * @param id the participant's or the room's
     * @param kind of the two, a constant in code
     * @param told JSON, whatever is needed to tell that it is gone; empty: it is gone
     */
    record Presence(String id, String kind, String told) {}

    /** Of a kind those that came and did not go, in any order. */
    List<Presence> present(String kind);

    /** The types of events that were written down of a subject and are not forgotten. */
    Set<String> typesOf(String subject);

    /** Webhooks that have something due. */
    List<String> webhooksDue(Instant now);

    /** Of one webhook alone. */
    List<DeliveryRow> due(String webhookId, Instant now, int limit);

    /** When the next row is due that is not due at {@code now}; absent: none. */
    Optional<Instant> nextDueAfter(Instant now);

    /** How many wait. */
    long waiting();

    /** Whose time has come and that nothing earlier of the same subject stands before. */
    List<DeliveryRow> due(Instant now, int limit);

    /** When the next waiting row wants to be tried; absent: none waits. */
    Optional<Instant> nextDue();

    /**
     * @param status HTTP status of the answer
     */
    void delivered(String id, int status, Instant now);

    /**
     * @param status HTTP status of the answer; 0: there was none
     * @param nextTry absent: it is given up, and what waits behind it goes on
     */
    void failed(String id, int status, String error, Optional<Instant> nextTry, Instant now);

    Optional<DeliveryRow> find(String webhookId, String id);

    /** Newest first. */
    Page<DeliveryRow> list(String webhookId, Page.@Nullable Cursor after, int limit);

    /** The same event once more, due at once, as a row of its own behind all others. */
    Optional<DeliveryRow> again(String webhookId, String id);

    /** Forgets what ended before {@code limit}; returns how many. */
    int deleteEndedBefore(Instant limit);
}
