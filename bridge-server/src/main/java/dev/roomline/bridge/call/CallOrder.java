package dev.roomline.bridge.call;

import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.Redacted;
import java.time.Duration;
import java.util.Map;

/**
 * A call that somebody wants placed.
 *
 * @param to a number, {@code sip:…} within a trunk's own domain, or {@code sip:<account>}
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
        RoomRow room,
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

    /** Into a room that was there before, and stays. */
    public CallOrder(
            String to,
            RoomRow room,
            String role,
            String trunk,
            String from,
            String name,
            String userId,
            Map<String, String> headers,
            Duration ringTimeout,
            Duration maxDuration,
            String dtmf) {
        this(
                to,
                room,
                role,
                trunk,
                from,
                name,
                userId,
                headers,
                ringTimeout,
                maxDuration,
                dtmf,
                false);
    }

    /** The same call, and its room goes with it. */
    public CallOrder inOwnRoom() {
        return new CallOrder(
                to,
                room,
                role,
                trunk,
                from,
                name,
                userId,
                headers,
                ringTimeout,
                maxDuration,
                dtmf,
                true);
    }

    @Override
    public String toString() {
        return "CallOrder[to=" + new Redacted(to) + ", room=" + room.id() + "]";
    }
}
