package dev.roomline.bridge.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call's record (CDR): inserted before the 200 leaves, updated when it ends.
 *
 * @param id {@code call_…}
 * @param direction {@code inbound} or {@code outbound}
 * @param state {@code dialing|ringing|answered|ended|refused}
 * @param endReason label of the end table; null while it lives
 * @param detail JSON: codecs, path, quality, decisions, as the API shows them
 */
public record CallRow(
        String id,
        String direction,
        String state,
        @Nullable String room,
        @Nullable String participant,
        @Nullable String trunk,
        @Nullable String account,
        String from,
        String to,
        @Nullable String name,
        @Nullable String userId,
        String sipCallId,
        Instant startedAt,
        @Nullable Instant answeredAt,
        @Nullable Instant endedAt,
        @Nullable String endReason,
        @Nullable String endCulprit,
        int endSipStatus,
        @Nullable String endText,
        String detail) {
    static final String CRASHED = "server_crashed";
    static final String CRASH_CULPRIT = "us";
    static final String CRASH_TEXT = "The server ended without hanging up.";

    /**
     * As it is once it is known that the process died meanwhile.
     *
     * @param known when that was found out
     */
    public CallRow crashed(Instant known) {
        return new CallRow(
                id,
                direction,
                "ended",
                room,
                participant,
                trunk,
                account,
                from,
                to,
                name,
                userId,
                sipCallId,
                startedAt,
                answeredAt,
                known,
                CRASHED,
                CRASH_CULPRIT,
                0,
                CRASH_TEXT,
                detail);
    }
}
