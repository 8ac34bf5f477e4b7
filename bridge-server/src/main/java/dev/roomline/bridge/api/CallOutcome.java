package dev.roomline.bridge.api;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.store.CallRow;
import java.util.Arrays;
import java.util.Optional;

/**
 * What became of a call, as finely as any hosted product tells it: rows of the table of endings
 * that all of them call alike. Each dialect has its word for each.
 */
public enum CallOutcome {
    /** It was answered, or might have been, and is over. */
    TALKED,
    BUSY,
    DECLINED,
    NO_ANSWER,
    NO_SUCH_NUMBER,
    GIVEN_UP,
    BARRED,
    FAILED,
    /** The server went away under it. */
    CUT_OFF,
    /** A stranger's request that never was a call. */
    NO_CALL;

    /**
     * Empty: it is not over. What an older or newer server wrote down in words of its own failed.
     */
    public static Optional<CallOutcome> of(CallRow row) {
        return Optional.ofNullable(row.endReason())
                .map(
                        label ->
                                Arrays.stream(EndReason.values())
                                        .filter(reason -> reason.label().equals(label))
                                        .findFirst()
                                        .map(CallOutcome::of)
                                        .orElse(FAILED));
    }

    public static CallOutcome of(EndReason reason) {
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
                    TALKED;
            case BUSY -> BUSY;
            case DECLINED -> DECLINED;
            case NO_ANSWER -> NO_ANSWER;
            case NOT_FOUND -> NO_SUCH_NUMBER;
            case CANCELLED -> GIVEN_UP;
            case FORBIDDEN_BY_CARRIER -> BARRED;
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
                    DRAINING ->
                    FAILED;
            case SERVER_STOPPED, SERVER_CRASHED -> CUT_OFF;
            case MALFORMED, UNSUPPORTED, UNAUTHENTICATED -> NO_CALL;
        };
    }
}
