package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.SourceNetwork;
import dev.roomline.sip.endpoint.SipInput.Standing;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which new calls belong to the share that is let in: one share of those who are known, another of
 * strangers. All INVITEs of one Call-ID from one network are judged alike, so that who was asked
 * for credentials is not refused when it gives them, even if the share has shrunk meanwhile. Nobody
 * outside can choose a Call-ID that is let in, nor use one that was for long: the key is renewed,
 * and a call has a few INVITEs and no more. Owner: the signalling loop.
 */
final class AdmittedShare {
    /** How long a key lasts: a transaction's life (64*T1). */
    static final long KEY_LIFE_NANOS = 32_000_000_000L;

    /** Without credentials, with them, and once more with a newer nonce. */
    static final int INVITES = 3;

    /** Calls that are remembered at once: those of 32 s at 500 a second. */
    static final int MOST_CALLS = 16_384;

    /** What a call that was let in has used: the INVITEs, and which was the last. */
    private record Used(int invites, long lastBranch) {}

    private final RandomGenerator random;
    private final SipHash names;
    private SipHash lots;
    private long renewedNanos;
    private double ofKnown = 1;
    private double ofStrangers = 1;

    /**
     * By the keyed hash of Call-ID and network, those of this key; then those of the one before.
     */
    private Map<Long, Used> letIn = new LinkedHashMap<>();

    private Map<Long, Used> letInBefore = new LinkedHashMap<>();

    AdmittedShare(RandomGenerator random) {
        this.random = random;
        this.names = SipHash.keyed(random);
        this.lots = SipHash.keyed(random);
    }

    void set(double ofKnown, double ofStrangers) {
        boolean wasWhole = isWhole();
        this.ofKnown = ofKnown;
        this.ofStrangers = ofStrangers;
        if (isWhole()) {
            letIn.clear();
            letInBefore.clear();
        } else if (wasWhole) {
            lots = SipHash.keyed(random);
            renewedNanos = Long.MIN_VALUE;
        }
    }

    /** Whether there is nothing to judge. */
    boolean isWhole() {
        return ofKnown >= 1 && ofStrangers >= 1;
    }

    /** Whether an INVITE is let in; asked twice of one branch it says the same. */
    boolean letsIn(
            String callId,
            @Nullable String branch,
            InetAddress source,
            Standing standing,
            long nowNanos) {
        double share =
                switch (standing) {
                    case KNOWN -> ofKnown;
                    case STRANGER -> ofStrangers;
                };
        if (share >= 1) {
            return true;
        }
        renew(nowNanos);
        String text = Long.toHexString(SourceNetwork.of(source)) + ' ' + callId;
        long name = names.of(text);
        long thisBranch = branch == null ? 0 : names.of(branch);
        Used used = letIn.getOrDefault(name, letInBefore.get(name));
        if (used == null) {
            return (lots.of(text) >>> 11) * 0x1p-53 < share && remember(name, 1, thisBranch);
        }
        if (used.lastBranch() == thisBranch) {
            return true;
        }
        return used.invites() < INVITES && remember(name, used.invites() + 1, thisBranch);
    }

    /** How many calls are remembered. */
    int remembered() {
        return letIn.size() + letInBefore.size();
    }

    private boolean remember(long name, int invites, long branch) {
        if (letIn.size() < MOST_CALLS || letIn.containsKey(name)) {
            letIn.put(name, new Used(invites, branch));
        }
        return true;
    }

    private void renew(long nowNanos) {
        if (renewedNanos == Long.MIN_VALUE) {
            renewedNanos = nowNanos;
        } else if (nowNanos - renewedNanos > KEY_LIFE_NANOS) {
            renewedNanos = nowNanos;
            lots = SipHash.keyed(random);
            letInBefore = letIn;
            letIn = new LinkedHashMap<>();
        }
    }
}
