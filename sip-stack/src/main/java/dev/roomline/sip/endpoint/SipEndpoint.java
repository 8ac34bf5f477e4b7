package dev.roomline.sip.endpoint;

import java.util.random.RandomGenerator;

/**
 * The SIP user agent core: messages in, transactions, dialogs, events to the application, messages
 * out. Sans-IO: {@code handle} an input, then carry out what stands in the outbox; when {@code
 * nextDeadlineNanos} has come, {@code handle} a {@link SipInput.DeadlineReached}. Owner: the
 * signalling loop. No input from a peer makes it throw.
 */
public final class SipEndpoint {
    private final EndpointSettings settings;
    private final RandomGenerator random;

    /**
     * @param random for tags and branches: must not be guessable, a SecureRandom outside tests (RFC
     *     3261 §19.3)
     */
    public SipEndpoint(EndpointSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * @param nowNanos a monotonic clock; never before the one of the call before
     */
    public void handle(SipInput input, long nowNanos, Outbox outbox) {
        if (settings.maxDialogs() >= 0) {
            throw new UnsupportedOperationException(settings + " " + random);
        }
    }

    /** When it wants {@link SipInput.DeadlineReached}; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }
}
