package dev.roomline.bridge.room;

import java.time.Instant;
import java.util.Map;

/**
 * What others in the room may see of a participant: no number, and of its attributes only those
 * that the room shows.
 */
public record PublicParticipant(
        String id,
        String name,
        String userId,
        String kind,
        String role,
        String state,
        boolean muted,
        boolean talking,
        Instant joinedAt,
        Map<String, String> attributes) {
    public PublicParticipant {
        attributes = Map.copyOf(attributes);
    }
}
