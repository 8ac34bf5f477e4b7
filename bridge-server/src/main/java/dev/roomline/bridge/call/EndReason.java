package dev.roomline.bridge.call;

import java.util.Locale;

/**
 * Every way in which a call ends: the one table of the API contract. Adapters (SIP, {@code /v1},
 * metrics, log, CDR) read their column from here and from nowhere else.
 */
public enum EndReason {
    HANGUP_CALLER(Culprit.NOBODY, 0, 0, "The caller hung up."),
    HANGUP_CALLEE(Culprit.NOBODY, 0, 0, "The called party hung up."),
    HANGUP_API(Culprit.NOBODY, 0, 0, "An application hung the call up."),
    ROOM_ENDED(Culprit.NOBODY, 0, 0, "The room was ended."),
    REMOVED(Culprit.NOBODY, 0, 0, "The participant was removed from the room."),
    BUSY(Culprit.CALLEE, 0, 409, "The called party is busy."),
    DECLINED(Culprit.CALLEE, 0, 403, "The called party declined."),
    NO_ANSWER(Culprit.CALLEE, 0, 408, "The called party did not answer."),
    NOT_FOUND(Culprit.CALLEE, 0, 404, "The called number does not exist."),
    CANCELLED(Culprit.CALLER, 487, 499, "The caller gave up before the call was answered."),
    FORBIDDEN_BY_CARRIER(Culprit.CARRIER, 0, 502, "The carrier refused the call."),
    BAD_CREDENTIALS(Culprit.US, 0, 502, "The carrier refused our credentials."),
    CARRIER_FAILED(Culprit.CARRIER, 0, 502, "The carrier failed."),
    CARRIER_UNREACHABLE(Culprit.CARRIER, 0, 502, "The carrier cannot be reached."),
    CARRIER_NONSENSE(Culprit.CARRIER, 0, 502, "The carrier's answer made no sense."),
    NO_COMMON_CODEC(Culprit.CALLER, 488, 502, "The two sides have no audio codec in common."),
    ENCRYPTION_REQUIRED(
            Culprit.CALLER, 488, 502, "Encrypted media is required and was not offered."),
    UNKNOWN_ROOM(Culprit.CALLER, 404, 404, "No room answers to this code."),
    ROOM_FULL(Culprit.CALLER, 486, 409, "The room is full."),
    NOT_ALLOWED(Culprit.CALLER, 403, 403, "This account or trunk may not enter that room."),
    LIMIT(Culprit.US, 503, 503, "A configured limit of calls is reached."),
    OVERLOADED(Culprit.US, 503, 503, "The server is overloaded."),
    DRAINING(Culprit.US, 503, 503, "The server takes no new calls because it is being stopped."),
    MEDIA_TIMEOUT(Culprit.UNKNOWN, 0, 0, "No media came for longer than media.silence_timeout."),
    SESSION_EXPIRED(Culprit.UNKNOWN, 0, 0, "The session was not refreshed in time."),
    TRANSPORT_LOST(Culprit.UNKNOWN, 0, 0, "The peer could no longer be reached by SIP."),
    MAX_DURATION(Culprit.NOBODY, 0, 0, "The call reached limits.max_call_duration."),
    SERVER_STOPPED(Culprit.US, 0, 0, "The server was stopped."),
    SERVER_CRASHED(Culprit.US, 0, 0, "The server ended without hanging up."),
    MALFORMED(Culprit.CALLER, 400, 0, "The request could not be understood."),
    UNSUPPORTED(Culprit.CALLER, 420, 0, "The request demands what is not served."),
    UNAUTHENTICATED(Culprit.CALLER, 403, 0, "The caller gave no valid credentials.");

    private final Culprit culprit;
    private final int sipStatus;
    private final int httpStatus;
    private final String sentence;

    EndReason(Culprit culprit, int sipStatus, int httpStatus, String sentence) {
        this.culprit = culprit;
        this.sipStatus = sipStatus;
        this.httpStatus = httpStatus;
        this.sentence = sentence;
    }

    /** As it stands in API, metrics and logs: {@code hangup_caller}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Culprit culprit() {
        return culprit;
    }

    /** The final response to a caller's INVITE; 0 where the call ends by BYE or was not inbound. */
    public int sipStatus() {
        return sipStatus;
    }

    /** The status of a {@code /v1} problem; 0 where none is due. */
    public int httpStatus() {
        return httpStatus;
    }

    /** What the operator reads. */
    public String sentence() {
        return sentence;
    }

    /** Who caused an ending. */
    public enum Culprit {
        NOBODY,
        CALLER,
        CALLEE,
        CARRIER,
        US,
        UNKNOWN;

        /** As it stands in API and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
