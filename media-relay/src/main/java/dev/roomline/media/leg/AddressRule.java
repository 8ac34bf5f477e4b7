package dev.roomline.media.leg;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose RTP is a phone's. Learning the address from whatever comes first is how strangers get heard
 * and fed ("RTP bleed"), so a source must prove itself:
 *
 * <ol>
 *   <li>the description's exact address and port is heard at once, and supersedes another source
 *       during the first 5 s after a description;
 *   <li>the description's {@code c=} address, the source of the signalling, or an allowed range,
 *       with any port, is heard after 4 consecutive packets of negotiated types at a plausible
 *       pace;
 *   <li>a source that continues the latched one's SSRC, sequence (±100) and timestamp takes over
 *       once the latched one has been silent for 1 s: its NAT binding moved;
 *   <li>after a hold a source of the second kind may prove itself anew, until the latched one is
 *       heard again: bindings die while nothing is sent;
 *   <li>nobody else, ever; and where it was heard before a description moved it is nobody for 5 s.
 * </ol>
 *
 * Sans-IO. Owner: the leg's media loop.
 */
public final class AddressRule {
    static final long SUPERSEDE_NANOS = 5_000_000_000L;
    static final long SILENT_NANOS = 1_000_000_000L;
    static final int PROOF_PACKETS = 4;
    static final int REBIND_SEQUENCE_SPAN = 100;
    private static final int RTP_HEADER = 12;

    /** How far behind or ahead of real time a continuing timestamp may be. */
    private static final long REBIND_TIMESTAMP_NANOS = 1_000_000_000L;

    /** A source may send its four packets this much slower than their timestamps say. */
    private static final long SLOW_NANOS = 200_000_000L;

    /** The longest step of the timestamp between consecutive packets: 60 ms of sound, doubled. */
    private static final long LONGEST_STEP_NANOS = 120_000_000L;

    /** Sources that are being proven at the same time; the stalest makes room for another. */
    private static final int CANDIDATES = 4;

    /** What to do with a packet. */
    public enum Verdict {
        /** It is the phone's. */
        HEARD,
        /** It is the phone's, and the first from this source: send there from now on. */
        LATCHED,
        /** A permitted source that has not proven itself yet. */
        UNPROVEN,
        /** Permitted, but another source is the phone's. */
        SUPERSEDED,
        /** From an address that may not be heard. */
        STRANGER
    }

    private static final class Candidate {
        @Nullable InetSocketAddress source;
        int ssrc;
        int lastSequence;
        int lastTimestamp;
        int packets;
        long firstArrivalNanos;
        long lastArrivalNanos;
        long mediaNanos;
    }

    private InetAddress signalling;
    private final List<AddressRange> allowed;
    private final Candidate[] candidates = new Candidate[CANDIDATES];

    private @Nullable InetSocketAddress described;
    private long describedNanos;
    private int clockRate;

    private @Nullable InetSocketAddress latched;
    private String why = "";

    /** Where it was heard from before the description changed: not a source for some seconds. */
    private @Nullable InetSocketAddress left;

    /** The latched source was silent on purpose: another may prove itself in its place. */
    private boolean contested;

    private int ssrc;
    private int lastSequence;
    private int lastTimestamp;
    private long lastHeardNanos;

    /**
     * @param signalling where the INVITE came from
     * @param allowed the trunk's further ranges
     */
    public AddressRule(InetAddress signalling, List<AddressRange> allowed) {
        this.signalling = signalling;
        this.allowed = List.copyOf(allowed);
        for (int i = 0; i < CANDIDATES; i++) {
            candidates[i] = new Candidate();
        }
    }

    /**
     * A description was accepted. Another address than before forgets the latched source: the
     * signalling said so.
     *
     * @param address its address and port; null if it has none (held by {@code c=0.0.0.0})
     * @param clockRate of the codec that it will send
     */
    public void described(@Nullable InetSocketAddress address, int clockRate, long nowNanos) {
        this.clockRate = clockRate;
        if (address == null || address.equals(described)) {
            return;
        }
        described = address;
        describedNanos = nowNanos;
        left = latched;
        latched = null;
        contested = false;
        for (Candidate candidate : candidates) {
            candidate.source = null;
        }
    }

    /**
     * The phone comes back from a hold: its NAT binding may have died meanwhile, so a permitted
     * source may prove itself although another is latched, until that one is heard again.
     */
    public void resumed(long nowNanos) {
        describedNanos = nowNanos;
        contested = latched != null;
    }

    /** The signalling moved: a re-INVITE came from there. */
    public void signalledFrom(InetAddress address) {
        signalling = address;
    }

    /** Where to send: the latched source, else the described address; null if there is neither. */
    public @Nullable InetSocketAddress target() {
        return latched != null ? latched : described;
    }

    /** Why the source that was latched last was, in one sentence. */
    public String why() {
        return why;
    }

    /** The source that proved itself; null before. */
    public @Nullable InetSocketAddress latched() {
        return latched;
    }

    /** No other source than the latched one can be heard now, unless it falls silent. */
    public boolean settled(long nowNanos) {
        return latched != null
                && !contested
                && (latched.equals(described) || nowNanos - describedNanos >= SUPERSEDE_NANOS);
    }

    /** The latched source has been silent for so long that a moved NAT binding may take over. */
    public boolean silent(long nowNanos) {
        return latched != null && nowNanos - lastHeardNanos >= SILENT_NANOS;
    }

    /** Whether RTCP from {@code source} is worth reading: it must come from the phone's host. */
    public boolean rtcpFrom(InetSocketAddress source) {
        InetSocketAddress target = target();
        return target != null && target.getAddress().equals(source.getAddress());
    }

    /**
     * Whether a packet could be the phone's at all, by its source and its plain header, before it
     * is opened. Changes nothing: only what is authentic may prove a source.
     */
    boolean mayBeHeard(
            InetSocketAddress source, byte[] bytes, int offset, int length, long nowNanos) {
        return source.equals(latched)
                || source.equals(described)
                || permitted(source.getAddress())
                || (length >= RTP_HEADER
                        && continues(
                                int32(bytes, offset + 8),
                                int32(bytes, offset) & 0xFFFF,
                                int32(bytes, offset + 4),
                                nowNanos));
    }

    private static int int32(byte[] b, int at) {
        return (b[at] & 0xff) << 24
                | (b[at + 1] & 0xff) << 16
                | (b[at + 2] & 0xff) << 8
                | (b[at + 3] & 0xff);
    }

    /**
     * Judges one RTP packet.
     *
     * @param negotiated whether its payload type is one that the phone may send
     */
    public Verdict judge(
            InetSocketAddress source,
            boolean negotiated,
            int packetSsrc,
            int sequence,
            int timestamp,
            long nowNanos) {
        if (source.equals(latched)) {
            if (negotiated) {
                contested = false;
                heard(packetSsrc, sequence, timestamp, nowNanos);
            }
            return Verdict.HEARD;
        }
        if (negotiated && continues(packetSsrc, sequence, timestamp, nowNanos)) {
            why = "another port goes on with the same SSRC, sequence and timestamps";
            return latch(source, packetSsrc, sequence, timestamp, nowNanos);
        }
        if (source.equals(described)) {
            if (latched != null && nowNanos - describedNanos >= SUPERSEDE_NANOS) {
                return Verdict.SUPERSEDED;
            }
            why = "the address and port that its SDP names";
            return negotiated
                    ? latch(source, packetSsrc, sequence, timestamp, nowNanos)
                    : Verdict.UNPROVEN;
        }
        if (!permitted(source.getAddress())) {
            return Verdict.STRANGER;
        }
        boolean gone = source.equals(left) && nowNanos - describedNanos < SUPERSEDE_NANOS;
        if ((latched != null && !contested) || gone) {
            return Verdict.SUPERSEDED;
        }
        why = "a permitted address that sent " + PROOF_PACKETS + " packets in sequence and pace";
        return negotiated && proven(source, packetSsrc, sequence, timestamp, nowNanos)
                ? latch(source, packetSsrc, sequence, timestamp, nowNanos)
                : Verdict.UNPROVEN;
    }

    private boolean permitted(InetAddress address) {
        if (address.equals(signalling)
                || (described != null && address.equals(described.getAddress()))) {
            return true;
        }
        for (AddressRange range : allowed) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private Verdict latch(
            InetSocketAddress source, int packetSsrc, int sequence, int timestamp, long nowNanos) {
        latched = source;
        contested = false;
        left = null;
        heard(packetSsrc, sequence, timestamp, nowNanos);
        return Verdict.LATCHED;
    }

    private void heard(int packetSsrc, int sequence, int timestamp, long nowNanos) {
        ssrc = packetSsrc;
        lastSequence = sequence;
        lastTimestamp = timestamp;
        lastHeardNanos = nowNanos;
    }

    private boolean continues(int packetSsrc, int sequence, int timestamp, long nowNanos) {
        if (!silent(nowNanos) || packetSsrc != ssrc) {
            return false;
        }
        int sequenceStep = (short) (sequence - lastSequence);
        int timestampStep = timestamp - lastTimestamp;
        long mediaNanos = timestampStep * 1_000_000_000L / clockRate;
        return Math.abs(sequenceStep) <= REBIND_SEQUENCE_SPAN
                && Math.abs(mediaNanos - (nowNanos - lastHeardNanos)) <= REBIND_TIMESTAMP_NANOS;
    }

    private boolean proven(
            InetSocketAddress source, int packetSsrc, int sequence, int timestamp, long nowNanos) {
        Candidate candidate = candidateFor(source);
        int timestampStep = timestamp - candidate.lastTimestamp;
        long stepNanos = timestampStep * 1_000_000_000L / clockRate;
        boolean consecutive =
                candidate.packets > 0
                        && packetSsrc == candidate.ssrc
                        && (short) (sequence - candidate.lastSequence) == 1
                        && stepNanos >= 0
                        && stepNanos <= LONGEST_STEP_NANOS;
        if (consecutive) {
            candidate.packets++;
            candidate.mediaNanos += stepNanos;
        } else {
            candidate.packets = 1;
            candidate.ssrc = packetSsrc;
            candidate.firstArrivalNanos = nowNanos;
            candidate.mediaNanos = 0;
        }
        candidate.lastSequence = sequence;
        candidate.lastTimestamp = timestamp;
        candidate.lastArrivalNanos = nowNanos;
        return candidate.packets >= PROOF_PACKETS && plausiblePace(candidate, nowNanos);
    }

    /** Sound comes about as fast as its own clock says: not sprayed in a burst, not dripped. */
    private static boolean plausiblePace(Candidate candidate, long nowNanos) {
        long elapsedNanos = nowNanos - candidate.firstArrivalNanos;
        return candidate.mediaNanos > 0
                && elapsedNanos >= candidate.mediaNanos / 2
                && elapsedNanos <= candidate.mediaNanos + SLOW_NANOS;
    }

    private Candidate candidateFor(InetSocketAddress source) {
        Candidate stalest = candidates[0];
        for (Candidate candidate : candidates) {
            if (source.equals(candidate.source)) {
                return candidate;
            }
            if (candidate.source == null) {
                stalest = candidate;
            } else if (stalest.source != null
                    && candidate.lastArrivalNanos - stalest.lastArrivalNanos < 0) {
                stalest = candidate;
            }
        }
        stalest.source = source;
        stalest.packets = 0;
        return stalest;
    }
}
