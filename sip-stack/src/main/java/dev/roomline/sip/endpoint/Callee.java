package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.message.Address;
import dev.roomline.sip.message.ParsedResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One of those whom a placed call reached: an early dialog, or a 2xx (RFC 3261 §13.2.2.1,
 * §13.2.2.4). Several when a proxy forked the INVITE. Owner: the signalling loop.
 */
final class Callee {
    private static final long MAX_RSEQ = 0xffffffffL;

    final LiveDialog live;

    /** RAck of a PRACK that waits for the application's answer; null if none does. */
    @Nullable String rackWaiting;

    /** Whether it gave an offer of its own in a reliable provisional response. */
    boolean offered;

    /** The ACK of its 2xx; null before. */
    @Nullable SuccessAck ack;

    private long lastRseq = -1;

    Callee(LiveDialog live) {
        this.live = live;
    }

    /** A dialog as this response makes it. */
    static Dialog dialogOf(Attempt attempt, ParsedResponse response, String localTag, long cseq) {
        Address contact = response.contactAddress();
        if (contact == null) {
            contact = attempt.content.requestAddress();
        }
        return Dialog.ofResponse(response, localTag, attempt.content.from(), contact, cseq);
    }

    /**
     * RFC 3262 §4: the next in order is taken; a repetition, and one before which another is
     * missing, are not.
     */
    boolean takes(long rseq) {
        if (lastRseq >= 0 && rseq != lastRseq + 1) {
            return false;
        }
        lastRseq = rseq;
        return true;
    }

    /** The RSeq of a reliable provisional response; −1 if it is none. */
    static long rseqOf(ParsedResponse response) {
        boolean required =
                response.headers("Require").stream()
                        .flatMap(line -> Arrays.stream(line.split(",")))
                        .anyMatch(option -> option.strip().equalsIgnoreCase("100rel"));
        String value = response.header("RSeq").orElse("");
        if (!required || value.isEmpty() || value.length() > 10) {
            return -1;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return -1;
            }
        }
        long rseq = Long.parseLong(value);
        return rseq <= MAX_RSEQ ? rseq : -1;
    }
}
