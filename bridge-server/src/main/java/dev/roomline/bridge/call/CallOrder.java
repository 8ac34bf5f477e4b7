package dev.roomline.bridge.call;

import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.Redacted;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call that somebody wants placed.
 *
 * @param to a number, {@code sip:…} within a trunk's own domain, or {@code sip:<account>}
 * @param room null: there is none of the name that was ordered, and the order is only refused
 * @param role what whoever answers may do in the room
 * @param trunk id; empty: whichever takes the number
 * @param from one of the trunk's numbers; empty: its first
 * @param name as the room shows whoever is called; empty: the masked number
 * @param headers for the INVITE, checked by {@link dev.roomline.bridge.outbound.CustomHeaders}
 * @param maxDuration from the answer on; zero: no limit of its own
 * @param dtmf keys pressed after the answer, {@code w} waits half a second
 * @param ownRoom the room was made for this call and ends with it
 */
public record CallOrder(
        String to,
        @Nullable RoomRow room,
        String role,
        String trunk,
        String from,
        String name,
        String userId,
        Map<String, String> headers,
        Duration ringTimeout,
        Duration maxDuration,
        String dtmf,
        boolean ownRoom) {
    public CallOrder {
        headers = Map.copyOf(headers);
    }

    /** The room, of an order that may be placed. */
    RoomRow there() {
        return Objects.requireNonNull(room);
    }

    /** The room that ends with the call; null: it does not. */
    @Nullable String ownRoomId() {
        return ownRoom && room != null ? room.id() : null;
    }

    /**
     * Whoever is called, as calls and rooms show it.
     *
     * @param by the way that is taken; null before there is one
     * @param shown the name; empty: the order's
     */
    Caller callee(@Nullable Way by, String number, String shown) {
        return new Caller(
                by == null ? from : by.callerId(),
                number,
                shown.isEmpty() ? name : shown,
                userId,
                Map.of(),
                by == null ? null : by.trunk(),
                by == null ? null : by.account(),
                room == null ? null : room.id());
    }

    /**
     * How long the call may last from its answer on: the shorter of two limits, where zero is none.
     */
    Duration longest(Duration general) {
        if (maxDuration.isZero()) {
            return general;
        }
        return general.isZero() || maxDuration.compareTo(general) < 0 ? maxDuration : general;
    }

    @Override
    public String toString() {
        return "CallOrder[to="
                + new Redacted(to)
                + ", room="
                + (room == null ? "none" : room.id())
                + "]";
    }
}
