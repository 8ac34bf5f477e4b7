package dev.roomline.bridge.room;

import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A participant at one moment, as the API's full view shows it; {@code PublicParticipant} is what
 * others in the room may see.
 *
 * @param id {@code part_…}
 * @param name already masked where it is a number
 * @param kind {@code phone|browser|program}
 * @param state {@code ringing|joined|held|left}
 * @param call id of its call; null for browsers
 * @param attributes {@code sip.h.*} and others; never sent to other participants unless the room
 *     says so
 * @param report null until the media loop told
 */
public record ParticipantView(
        String id,
        String room,
        String name,
        String userId,
        String kind,
        String role,
        String state,
        boolean muted,
        boolean talking,
        Instant joinedAt,
        @Nullable String call,
        Map<String, String> attributes,
        @Nullable LegReport report) {
    public ParticipantView {
        attributes = Map.copyOf(attributes);
    }
}
