package dev.roomline.sip.endpoint;

import java.util.List;

/** What the world tells the core. */
public sealed interface SipInput {

    /**
     * A datagram's payload, or one message cut out of a stream by its Content-Length. Blank ones
     * (keep-alive CRLFs) are ignored. The array is the core's from here on.
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record MessageReceived(Flow flow, byte[] bytes, Standing standing) implements SipInput {
        /** From somebody of whom nothing is known. */
        public MessageReceived(Flow flow, byte[] bytes) {
            this(flow, bytes, Standing.STRANGER);
        }
    }

    /** What is known of a sender before anything of the message is parsed. */
    enum Standing {
        /** Nothing: his address may be forged. */
        STRANGER,
        /** He is where he says he is, or is as likely to be as a carrier is. */
        KNOWN
    }

    /**
     * A message that has waited in front of the core for so long that its sender gives up or
     * repeats it: told 503, unless it belongs to what is under way.
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record MessageOverdue(Flow flow, byte[] bytes) implements SipInput {}

    /**
     * A stream's next message cannot be cut out (no or a wrong Content-Length, too large). The core
     * counts it, answers 400 or 513 if the head has enough for that; the transport closes the
     * connection after what the outbox then holds has been written.
     *
     * @param head what came of the message, at most its header block
     * @param fault names the fault, as a reason phrase
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record FramingFailed(Flow flow, byte[] head, boolean tooLarge, String fault)
            implements SipInput {}

    /**
     * A message could not be sent for good: no route, connection refused or lost before it was
     * written, or a stream's queue is full. A moment's congestion of a UDP socket is no failure:
     * that datagram is just lost.
     *
     * @param ticket the one of {@link SipEffect.Send}
     * @param why {@code NOT_SENT} or {@code TLS_FAILED}
     * @param detail a sentence without a full stop, or empty
     */
    record TransportFailed(long ticket, Tried.Why why, String detail) implements SipInput {
        public TransportFailed(long ticket) {
            this(ticket, Tried.Why.NOT_SENT, "");
        }
    }

    /** A peer connected and no TLS came to be: counted and kept among the refusals. */
    record HandshakeFailed(Flow flow, String why) implements SipInput {}

    /**
     * The answer to {@link SipEffect.Resolve}.
     *
     * @param query the one that was asked
     * @param targets in the order in which to try them; empty when there are none
     */
    record Resolved(long query, List<Target> targets) implements SipInput {
        public Resolved {
            targets = List.copyOf(targets);
        }
    }

    /** The application wants something. */
    record Commanded(SipCommand command) implements SipInput {}

    /** {@link SipEndpoint#nextDeadlineNanos} has been reached. */
    record DeadlineReached() implements SipInput {}
}
