package dev.roomline.media.ice;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lite agent for one peer (RFC 8445 §2.5): answers checks, follows nominations, watches consent.
 * A lite agent is always the controlled side and sends no checks of its own. Sans-IO. Owner: the
 * media loop.
 */
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

    static final int MAX_ADDRESSES = 8;
    static final long CONSENT_NANOS = 30_000_000_000L;

    /** One set of credentials: the user name that a check must show and what proves it. */
    private record Login(String localUfrag, String username, StunHmac hmac) {
        static Login of(IceCredentials local, String remoteUfrag) {
            return new Login(
                    local.ufrag(),
                    local.ufrag() + ":" + remoteUfrag,
                    new StunHmac(local.password()));
        }
    }

    /** An address that passed an authenticated check. */
    private static final class Path {
        private long checkedNanos;
        private boolean nominated;

        Path(long checkedNanos) {
            this.checkedNanos = checkedNanos;
        }
    }

    private Login login;
    private @Nullable Login former;
    private final Map<InetSocketAddress, Path> paths = new HashMap<>();
    private @Nullable InetSocketAddress selected;
    private long consentNanos;
    private boolean expired;

    /** Starts the consent clock at {@code nowNanos}. */
    public IceLiteAgent(IceCredentials local, String remoteUfrag, long nowNanos) {
        this.login = Login.of(local, remoteUfrag);
        this.consentNanos = nowNanos;
    }

    /** A datagram that {@link DatagramKind} calls STUN. */
    public Verdict onStun(
            byte[] bytes,
            int offset,
            int length,
            InetSocketAddress from,
            long nowNanos,
            Consumer<IceEffect> outbox) {
        return switch (StunMessage.parse(bytes, offset, length)) {
            case StunMessage.Malformed _ -> Verdict.MALFORMED;
            case StunMessage.Parsed p -> onMessage(p.message(), length, from, nowNanos, outbox);
        };
    }

    private Verdict onMessage(
            StunMessage message,
            int length,
            InetSocketAddress from,
            long nowNanos,
            Consumer<IceEffect> outbox) {
        if (!message.fingerprintMatches()) {
            return Verdict.BAD_FINGERPRINT;
        }
        if (message.type() != StunMessage.BINDING_REQUEST) {
            return Verdict.IGNORED;
        }
        Login used = loginOf(message.username());
        if (used == null) {
            return Verdict.UNKNOWN_USER;
        }
        if (!message.integrityMatches(used.hmac())) {
            return Verdict.BAD_INTEGRITY;
        }
        byte[] error = error(message, used);
        if (error != null) {
            return answer(error, length, from, outbox, Verdict.ANSWERED_WITH_ERROR);
        }
        if (!paths.containsKey(from) && paths.size() >= MAX_ADDRESSES && !evict(nowNanos)) {
            return Verdict.TOO_MANY_ADDRESSES;
        }
        Verdict verdict =
                answer(
                        StunResponse.success(message, from, used.hmac()),
                        length,
                        from,
                        outbox,
                        Verdict.ANSWERED);
        onCheck(used, from, message.useCandidate(), nowNanos, outbox);
        return verdict;
    }

    private @Nullable Login loginOf(@Nullable String username) {
        if (username == null) {
            return null;
        }
        if (username.equals(login.username())) {
            return login;
        }
        return former != null && username.equals(former.username()) ? former : null;
    }

    private static byte @Nullable [] error(StunMessage message, Login used) {
        List<Integer> unknown = message.unknownRequired();
        if (!unknown.isEmpty()) {
            return StunResponse.unknownAttributes(message, unknown, used.hmac());
        }
        // We are controlled, whatever a tie-breaker says: a peer that is controlled too has to
        // switch (RFC 8445 §7.3.1.1; a lite agent with a full peer never controls, §6.1.1).
        return message.saysControlled() ? StunResponse.error(message, 487, used.hmac()) : null;
    }

    /** Nobody is sent more than one and a half times what he sent: we amplify nothing. */
    private static Verdict answer(
            byte[] response,
            int requestLength,
            InetSocketAddress to,
            Consumer<IceEffect> outbox,
            Verdict verdict) {
        if (response.length * 2 > requestLength * 3) {
            return Verdict.MALFORMED;
        }
        outbox.accept(new IceEffect.Send(response, to));
        return verdict;
    }

    private void onCheck(
            Login used,
            InetSocketAddress from,
            boolean nominates,
            long nowNanos,
            Consumer<IceEffect> outbox) {
        Path path = paths.computeIfAbsent(from, _ -> new Path(nowNanos));
        path.checkedNanos = nowNanos;
        consentNanos = nowNanos;
        expired = false;
        if (nominates) {
            if (used.equals(login)) {
                // After a restart the old session ends once the new one nominated (RFC 8445 §9).
                former = null;
            }
            // The latest nomination is followed, also of a peer that nominates every pair.
            path.nominated = true;
            select(from, outbox);
        }
    }

    /** Forgets the address that was checked longest ago, if it fell silent and is not selected. */
    private boolean evict(long nowNanos) {
        InetSocketAddress oldest = null;
        long oldestNanos = nowNanos - CONSENT_NANOS;
        for (Map.Entry<InetSocketAddress, Path> e : paths.entrySet()) {
            if (!e.getKey().equals(selected) && e.getValue().checkedNanos - oldestNanos <= 0) {
                oldest = e.getKey();
                oldestNanos = e.getValue().checkedNanos;
            }
        }
        if (oldest == null) {
            return false;
        }
        paths.remove(oldest);
        return true;
    }

    private void select(InetSocketAddress to, Consumer<IceEffect> outbox) {
        if (!to.equals(selected)) {
            selected = to;
            outbox.accept(new IceEffect.Selected(to));
        }
    }

    /**
     * An SRTP packet from {@code from} was authentic and new: that pair may be followed, if it has
     * been nominated (Firefox nominates all of them and sends on the best).
     */
    public void onAuthenticSrtp(InetSocketAddress from, long nowNanos, Consumer<IceEffect> outbox) {
        Path path = paths.get(from);
        if (path != null && path.nominated && nowNanos - path.checkedNanos <= CONSENT_NANOS) {
            select(from, outbox);
        }
    }

    /**
     * Something else came from {@code from}: of peers that keep a road open without checks (RFC
     * 8445 §11) it says as much as a check that they are there.
     */
    public void onSignOfLife(InetSocketAddress from, long nowNanos) {
        if (from.equals(selected)) {
            consentNanos = nowNanos;
            expired = false;
        }
    }

    /** New credentials on both sides; the old ones work until the new ones have nominated. */
    public void restart(IceCredentials local, String remoteUfrag, long nowNanos) {
        former = login;
        login = Login.of(local, remoteUfrag);
        consentNanos = nowNanos;
        expired = false;
    }

    /** Local ufrags by which checks are accepted now: one, or two during a restart. */
    public List<String> localUfrags() {
        return former == null
                ? List.of(login.localUfrag())
                : List.of(login.localUfrag(), former.localUfrag());
    }

    /** When {@link #onDeadline} wants to be called; {@code Long.MAX_VALUE}: never. */
    public long nextDeadlineNanos() {
        return expired ? Long.MAX_VALUE : consentNanos + CONSENT_NANOS;
    }

    /** Time passed. */
    public void onDeadline(long nowNanos, Consumer<IceEffect> outbox) {
        if (!expired && nowNanos - consentNanos >= CONSENT_NANOS) {
            expired = true;
            outbox.accept(new IceEffect.ConsentExpired());
        }
    }

    /** Nothing came for 30 s: nothing may be sent until something does. */
    public boolean isExpired() {
        return expired;
    }

    /** Where media goes; null before the first nomination. */
    public @Nullable InetSocketAddress selected() {
        return selected;
    }

    /** Whether an authenticated check came from there: only then is its DTLS or SRTP looked at. */
    public boolean isValid(InetSocketAddress from) {
        return paths.containsKey(from);
    }

    /**
     * Reads the local ufrag, the part of USERNAME before the colon, from what may be a Binding
     * request, without checking anything else of it: the key by which a shared socket finds the
     * agent of an unknown address.
     *
     * @return null if there is none
     */
    public static @Nullable String localUfrag(byte[] bytes, int offset, int length) {
        if (length < StunMessage.HEADER
                || StunMessage.int16(bytes, offset) != StunMessage.BINDING_REQUEST
                || StunMessage.int32(bytes, offset + 4) != StunMessage.MAGIC_COOKIE) {
            return null;
        }
        int at = StunMessage.HEADER;
        // USERNAME stands among the first in every implementation; nobody makes us walk far.
        for (int i = 0; i < 16 && length - at >= 4; i++) {
            int size = StunMessage.int16(bytes, offset + at + 2);
            if (size > length - at - 4) {
                return null;
            }
            if (StunMessage.int16(bytes, offset + at) == StunMessage.USERNAME) {
                return untilColon(bytes, offset + at + 4, Math.min(size, 257));
            }
            at += 4 + ((size + 3) & ~3);
        }
        return null;
    }

    private static @Nullable String untilColon(byte[] bytes, int at, int size) {
        for (int i = 0; i < size; i++) {
            if (bytes[at + i] == ':') {
                return new String(bytes, at, i, StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }
}
