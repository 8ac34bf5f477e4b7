package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.store.CallRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a call stands, in VideoSDK's words: its column of the table of endings, and its timelog. */
final class CallStatus {
    static final String MISSED = "missed";
    static final String NOT_ANSWERED = "not-answered";

    private CallStatus() {}

    /** Empty: what never was a call to VideoSDK. */
    static Optional<String> of(CallRow row) {
        String reason = row.endReason();
        if (reason != null) {
            return ended(EndReason.valueOf(reason.toUpperCase(Locale.ROOT)));
        }
        return Optional.of(
                switch (row.state()) {
                    case "dialing" -> "initiated";
                    case "ringing" -> isInbound(row) ? "incoming" : "ringing";
                    default -> "answered";
                });
    }

    static boolean isInbound(CallRow row) {
        return row.direction().equals("inbound");
    }

    private static Optional<String> ended(EndReason reason) {
        return switch (reason) {
            case HANGUP_CALLER,
                    HANGUP_CALLEE,
                    HANGUP_API,
                    ROOM_ENDED,
                    REMOVED,
                    MEDIA_TIMEOUT,
                    SESSION_EXPIRED,
                    TRANSPORT_LOST,
                    MAX_DURATION,
                    SERVER_STOPPED,
                    SERVER_CRASHED ->
                    Optional.of("ended");
            case BUSY, DECLINED -> Optional.of("rejected");
            case NO_ANSWER -> Optional.of(NOT_ANSWERED);
            case CANCELLED -> Optional.of(MISSED);
            case NOT_FOUND,
                    FORBIDDEN_BY_CARRIER,
                    BAD_CREDENTIALS,
                    CARRIER_FAILED,
                    CARRIER_UNREACHABLE,
                    CARRIER_NONSENSE,
                    NO_COMMON_CODEC,
                    ENCRYPTION_REQUIRED,
                    UNKNOWN_ROOM,
                    ROOM_FULL,
                    NOT_ALLOWED,
                    LIMIT,
                    OVERLOADED,
                    DRAINING ->
                    Optional.of("failed");
            case MALFORMED, UNSUPPORTED, UNAUTHENTICATED -> Optional.empty();
        };
    }

    /**
     * Through what it has gone, and when.
     *
     * @param rangAt when the far end began to ring; null: it did not, or nobody knows
     */
    static List<Map<String, String>> timelog(CallRow row, @Nullable Instant rangAt) {
        List<Map<String, String>> log = new ArrayList<>();
        add(log, isInbound(row) ? "incoming" : "initiated", row.startedAt());
        add(log, "ringing", rangAt);
        add(log, "answered", row.answeredAt());
        of(row).filter(_ -> row.endReason() != null)
                .ifPresent(status -> add(log, status, row.endedAt()));
        return log;
    }

    private static void add(List<Map<String, String>> log, String status, @Nullable Instant at) {
        if (at != null) {
            Map<String, String> entry = new LinkedHashMap<>();
            entry.put("status", status);
            entry.put("timestamp", VideoSdk.time(at));
            log.add(entry);
        }
    }
}
