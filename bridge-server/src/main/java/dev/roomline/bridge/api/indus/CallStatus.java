package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls.Placed.Progress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a call stands, in the words of this dialect: its column of the one table of endings. */
enum CallStatus {
    INITIATED(Progress.SETTING_UP),
    ANSWERED(Progress.TALKING),
    COMPLETED(Progress.ENDED),
    BUSY(Progress.ENDED),
    NO_ANSWER(Progress.ENDED),
    REJECTED(Progress.ENDED),
    CANCELLED(Progress.ENDED),
    UNREACHABLE(Progress.ENDED),
    /** A word of the dialect; what rings out is {@code no_answer} in the table. */
    TIMEOUT(Progress.ENDED),
    FAILED(Progress.ENDED);

    private final Progress progress;

    CallStatus(Progress progress) {
        this.progress = progress;
    }

    Progress progress() {
        return progress;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CallStatus> named(String label) {
        return Arrays.stream(values()).filter(status -> status.label().equals(label)).findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(CallStatus::label).collect(Collectors.joining(", "));
    }

    static CallStatus of(CallRow row) {
        String reason = row.endReason();
        if (reason == null) {
            return row.answeredAt() == null ? INITIATED : ANSWERED;
        }
        return Arrays.stream(EndReason.values())
                .filter(known -> known.label().equals(reason))
                .findFirst()
                .map(CallStatus::of)
                .orElse(FAILED);
    }

    static CallStatus of(EndReason reason) {
        return switch (reason) {
            case HANGUP_CALLER,
                    HANGUP_CALLEE,
                    HANGUP_API,
                    ROOM_ENDED,
                    REMOVED,
                    MEDIA_TIMEOUT,
                    SESSION_EXPIRED,
                    TRANSPORT_LOST,
                    MAX_DURATION ->
                    COMPLETED;
            case BUSY -> BUSY;
            case DECLINED, FORBIDDEN_BY_CARRIER -> REJECTED;
            case NO_ANSWER -> NO_ANSWER;
            case NOT_FOUND -> UNREACHABLE;
            case CANCELLED -> CANCELLED;
            case BAD_CREDENTIALS,
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
                    DRAINING,
                    SERVER_STOPPED,
                    SERVER_CRASHED,
                    MALFORMED,
                    UNSUPPORTED,
                    UNAUTHENTICATED ->
                    FAILED;
        };
    }

    /** Labels of the endings that are told by this word. */
    Set<String> reasons() {
        return Arrays.stream(EndReason.values())
                .filter(reason -> progress == Progress.ENDED && of(reason) == this)
                .map(EndReason::label)
                .collect(Collectors.toUnmodifiableSet());
    }
}
