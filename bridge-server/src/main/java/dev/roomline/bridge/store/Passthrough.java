package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What Indus Net's dialect keeps beside trunks and calls: how a trunk was made, and which call was
 * ordered with what. Blocks: virtual threads only.
 */
public interface Passthrough {

    /**
     * @param id the trunk's, which may be gone from {@link Trunks}
     * @param kind {@code twilio} or {@code exotel}
     * @param mode whether it was made for calls of this kind alone
     * @param webhook who is told of their ends; empty: nobody
     */
    record Trunk(
            String id, String name, String kind, boolean mode, String webhook, Instant createdAt) {}

    /**
     * @param id {@code queue_…}
     * @param room the id of the room that was made for it
     * @param to as it was ordered
     * @param metadata JSON; empty: none
     * @param webhook who is told of its end; empty: nobody
     */
    record Call(
            String id,
            String room,
            String roomName,
            String trunk,
            String to,
            String metadata,
            String webhook,
            Instant createdAt) {}

    /** Committed when it returns; of a trunk that is known the row is what it was. */
    void add(Trunk trunk);

    /** Newest first. */
    List<Trunk> trunks();

    /** Committed when it returns. */
    void add(Call call);

    Optional<Call> call(String id);

    /** Those of them for whose call a room was made. */
    List<Call> ofRooms(Collection<String> rooms);

    /** Forgets calls ordered before {@code limit} that are over; returns how many. */
    int deleteBefore(Instant limit);
}
