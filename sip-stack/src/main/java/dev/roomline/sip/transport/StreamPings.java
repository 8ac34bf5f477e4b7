package dev.roomline.sip.transport;

/**
 * When a connection that we opened is pinged by a double CRLF, so that no NAT or firewall forgets
 * it, and when it is given up (RFC 5626 §4.4.1). A peer that has never answered a ping owes no
 * answer: many do not know them. Sans-IO; owner: the signalling loop.
 */
final class StreamPings {
    /** §4.4.1 asks for 95 to 120 s; which, differs from connection to connection. */
    private static final long LEAST_SECONDS = 95;

    private static final long SPREAD_SECONDS = 25;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long ANSWER_NANOS = 10 * SECOND_NANOS;

    private final long everyNanos;
    private long lastSentNanos;
    private long askedNanos;
    private boolean asked;
    private boolean answers;

    /**
     * @param number of the connection
     */
    StreamPings(long number, long nowNanos) {
        this.everyNanos = (LEAST_SECONDS + number % SPREAD_SECONDS) * SECOND_NANOS;
        this.lastSentNanos = nowNanos;
    }

    /** Anything left: what comes next may wait as long again. */
    void sent(long nowNanos) {
        lastSentNanos = nowNanos;
    }

    /** Whether a ping is due; it is taken as sent. */
    boolean due(long nowNanos) {
        if ((asked && answers) || nowNanos - lastSentNanos < everyNanos) {
            return false;
        }
        asked = true;
        askedNanos = nowNanos;
        lastSentNanos = nowNanos;
        return true;
    }

    void answered() {
        asked = false;
        answers = true;
    }

    /** Whether a peer that knows pings has let one go unanswered. */
    boolean failed(long nowNanos) {
        return asked && answers && nowNanos - askedNanos >= ANSWER_NANOS;
    }
}
