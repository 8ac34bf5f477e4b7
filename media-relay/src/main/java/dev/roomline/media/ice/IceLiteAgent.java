package dev.roomline.media.ice;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lite agent for one peer (RFC 8445 §2.5): answers checks, follows nominations, watches consent.
 * Sans-IO. Owner: the media loop.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString", "DoNotCall", "UnusedVariable"})
public final class IceLiteAgent {

    /** Closed set of what became of a datagram; for counters. */
    public enum Verdict {
        /** An authenticated check, answered. */
        ANSWERED,
        /** Authenticated, but answered with an error (487, 420). */
        ANSWERED_WITH_ERROR,
        /** A Binding indication or response: nothing to do. */
        IGNORED,
        /** Not a STUN message that we understand. */
        MALFORMED,
        /** FINGERPRINT missing or wrong. */
        BAD_FINGERPRINT,
        /** USERNAME missing or not ours. */
        UNKNOWN_USER,
        /** MESSAGE-INTEGRITY missing or wrong. */
        BAD_INTEGRITY,
        /** A ninth address. */
        TOO_MANY_ADDRESSES
    }

    /** Starts the consent clock at {@code nowNanos}. */
    public IceLiteAgent(IceCredentials local, String remoteUfrag, long nowNanos) {
        throw new UnsupportedOperationException("" + local + remoteUfrag + nowNanos);
    }

    /** A datagram that {@link DatagramKind} calls STUN. */
    public Verdict onStun(
            byte[] bytes,
            int offset,
            int length,
            InetSocketAddress from,
            long nowNanos,
            Consumer<IceEffect> outbox) {
        throw new UnsupportedOperationException(
                "" + bytes.length + offset + length + from + nowNanos + outbox);
    }

    /** An SRTP packet from {@code from} was authentic: that pair may be followed. */
    public void onAuthenticSrtp(InetSocketAddress from, long nowNanos, Consumer<IceEffect> outbox) {
        throw new UnsupportedOperationException("" + from + nowNanos + outbox);
    }

    /** New credentials on both sides; the old ones work until the first check with the new. */
    public void restart(IceCredentials local, String remoteUfrag, long nowNanos) {
        throw new UnsupportedOperationException("" + local + remoteUfrag + nowNanos);
    }

    /** When {@link #onDeadline} wants to be called; {@code Long.MAX_VALUE}: never. */
    public long nextDeadlineNanos() {
        throw new UnsupportedOperationException();
    }

    /** Time passed. */
    public void onDeadline(long nowNanos, Consumer<IceEffect> outbox) {
        throw new UnsupportedOperationException("" + nowNanos + outbox);
    }

    /** Where media goes; null before the first nomination. */
    public @Nullable InetSocketAddress selected() {
        throw new UnsupportedOperationException();
    }

    /** Whether an authenticated check came from there: only then is its DTLS or SRTP looked at. */
    public boolean isValid(InetSocketAddress from) {
        throw new UnsupportedOperationException("" + from);
    }

    /**
     * Reads the local ufrag, the part of USERNAME before the colon, from what may be a Binding
     * request, without checking anything else of it: the key by which a shared socket finds the
     * agent of an unknown address.
     *
     * @return null if there is none
     */
    public static @Nullable String localUfrag(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("" + bytes.length + offset + length);
    }
}
