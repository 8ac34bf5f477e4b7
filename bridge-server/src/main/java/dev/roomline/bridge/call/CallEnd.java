package dev.roomline.bridge.call;

import dev.roomline.bridge.call.EndReason.Culprit;
import dev.roomline.sip.message.HeaderField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one call ended: the reason, what the peer was or is told, and the sentence for the operator.
 *
 * @param sipStatus what a refused caller is answered, or what the far end answered; 0 if neither
 * @param text one sentence for people; no numbers, no secrets
 * @param extra headers beside {@code Reason}: Warning, Retry-After, Unsupported
 */
public record CallEnd(
        EndReason reason, Culprit culprit, int sipStatus, String text, List<HeaderField> extra) {
    /** Told to whoever may try again: a pause that outlasts most of what made us refuse. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final int MAX_QUOTED = 200;

    public CallEnd {
        extra = List.copyOf(extra);
    }

    /** The reason as its table row says it. */
    public static CallEnd of(EndReason reason) {
        return of(reason, reason.sentence());
    }

    /** The reason in this call's own words. */
    public static CallEnd of(EndReason reason, String text) {
        return new CallEnd(reason, reason.culprit(), reason.sipStatus(), text, List.of());
    }

    /** A refusal by 488, with the warning code of RFC 3261 §20.43 that says which part. */
    public static CallEnd notAcceptable(EndReason reason, int warning, String text) {
        return of(reason, text)
                .with(new HeaderField("Warning", warning + " roomline " + quoted(text)));
    }

    /** A refusal by 503 that says when to come back (RFC 3261 §20.33). */
    public static CallEnd unavailable(EndReason reason, String text, Duration retryAfter) {
        return of(reason, text)
                .with(new HeaderField("Retry-After", Long.toString(retryAfter.toSeconds())));
    }

    /** The same in the words of the table, to come back after the usual pause. */
    public static CallEnd unavailable(EndReason reason) {
        return unavailable(reason, reason.sentence());
    }

    public static CallEnd unavailable(EndReason reason, String text) {
        return unavailable(reason, text, RETRY_AFTER);
    }

    /** What must be known of the caller or the room cannot be read now. */
    public static CallEnd storeAway() {
        return unavailable(EndReason.OVERLOADED, "The store does not answer.");
    }

    /** The store did not take the call's row. */
    static CallEnd unrecorded() {
        return unavailable(EndReason.OVERLOADED, "The call could not be recorded.");
    }

    /** A scheme of the Request-URI that is not served (RFC 3261 §21.4.14). */
    public static CallEnd unservedScheme() {
        return of(EndReason.UNSUPPORTED, "Only sip, sips and tel are served.").answered(416);
    }

    /** A body of a kind that is not served (RFC 3261 §21.4.13). */
    static CallEnd unservedBody(String type) {
        return of(EndReason.UNSUPPORTED, "Only application/sdp is served, not " + type + ".")
                .answered(415)
                .with(new HeaderField("Accept", "application/sdp"));
    }

    /** A caller who takes no answer that we could give (RFC 3261 §21.4.7). */
    static CallEnd unacceptableAnswer() {
        return of(EndReason.UNSUPPORTED, "The caller's Accept leaves out application/sdp.")
                .answered(406);
    }

    /** A fault of ours ends one call and no more. */
    public static CallEnd fault(String text) {
        return new CallEnd(EndReason.SERVER_CRASHED, Culprit.US, 500, text, List.of());
    }

    public CallEnd with(HeaderField header) {
        List<HeaderField> headers = new ArrayList<>(extra);
        headers.add(header);
        return new CallEnd(reason, culprit, sipStatus, text, headers);
    }

    /** The same ending, told by another status than its table row's. */
    public CallEnd answered(int status) {
        return new CallEnd(reason, culprit, status, text, extra);
    }

    /** Seconds after which it may be tried again; empty where nothing is said of that. */
    public Optional<String> retryAfter() {
        return extra.stream()
                .filter(header -> header.name().equals("Retry-After"))
                .map(HeaderField::value)
                .findFirst();
    }

    /** What a caller is answered whose call was not answered yet. */
    public int refusalStatus() {
        if (sipStatus >= 300) {
            return sipStatus;
        }
        if (reason == EndReason.ROOM_ENDED) {
            return 404;
        }
        // 480: this callee, now; a 6xx would stop the caller's other branches (§21.6)
        return reason == EndReason.SERVER_STOPPED ? 503 : 480;
    }

    /** The row of the table and the words, as a trace shows them. */
    String sentence() {
        return reason.label() + " (culprit: " + culprit.label() + "): " + text;
    }

    /** Headers of our refusal or of our BYE. */
    public List<HeaderField> headers() {
        List<HeaderField> headers = new ArrayList<>();
        headers.add(new HeaderField("Reason", reasonValue()));
        headers.addAll(extra);
        return headers;
    }

    /** RFC 3326; causes of ITU-T Q.850, which is what carriers read. */
    private String reasonValue() {
        return "Q.850;cause=" + q850() + ";text=" + quoted(text);
    }

    private int q850() {
        return switch (reason) {
            case HANGUP_CALLER,
                    HANGUP_CALLEE,
                    HANGUP_API,
                    ROOM_ENDED,
                    REMOVED,
                    CANCELLED,
                    MAX_DURATION ->
                    16; // normal call clearing
            case BUSY, ROOM_FULL -> 17; // user busy
            case NO_ANSWER -> 19; // no answer from user
            case DECLINED, NOT_ALLOWED, UNAUTHENTICATED, FORBIDDEN_BY_CARRIER, BAD_CREDENTIALS ->
                    21; // call rejected
            case NOT_FOUND, UNKNOWN_ROOM -> 1; // unallocated number
            case NO_COMMON_CODEC, ENCRYPTION_REQUIRED -> 88; // incompatible destination
            case LIMIT, OVERLOADED -> 42; // switching equipment congestion
            case CARRIER_FAILED,
                    CARRIER_UNREACHABLE,
                    DRAINING,
                    SERVER_STOPPED,
                    SERVER_CRASHED,
                    TRANSPORT_LOST ->
                    41; // temporary failure
            case MEDIA_TIMEOUT, SESSION_EXPIRED -> 102; // recovery on timer expiry
            case MALFORMED, UNSUPPORTED, CARRIER_NONSENSE -> 111; // protocol error
        };
    }

    /** A quoted-string of RFC 3261 §25.1, on one line whatever the text holds. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int end = Math.min(text.length(), MAX_QUOTED);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(Character.isISOControl(c) ? ' ' : c);
            }
        }
        return quoted.append('"').toString();
    }
}
