package dev.roomline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * What a message is not accepted for.
 *
 * @param reason its kind
 * @param offset where in the message, in bytes from its start
 * @param status what a request of this kind is answered: 400, 505 or 513
 * @param phrase a sentence that names the fault: the reason phrase of that answer
 * @param answerable the request's head if it has enough to be answered; null for responses, for ACK
 *     and for what is broken too much
 */
public record Malformed(
        Reason reason, int offset, int status, String phrase, @Nullable RequestHead answerable)
        implements ParseOutcome {

    /** Closed set of kinds. */
    public enum Reason {
        TOO_LARGE,
        ILLEGAL_BYTE,
        BAD_START_LINE,
        WRONG_VERSION,
        MISSING_HEADER,
        REPEATED_HEADER,
        BAD_HEADER,
        METHOD_MISMATCH,
        BAD_LENGTH,
        OLD_PROTOCOL
    }
}
