package dev.roomline.media.leg;

import dev.roomline.media.jitter.JitterReport;
import org.jspecify.annotations.Nullable;

/** Puts together how a leg sounds in both directions. Stateless. */
final class LegQuality {
    /** Nobody has an opinion of less than this. */
    private static final int LEAST_PACKETS = 25;

    private static final int PACKET_MILLIS = 20;
    private static final double MOST_BURST = 8;

    private LegQuality() {}

    static LegStatus status(
            String path,
            String encryption,
            String codecSent,
            String codecReceived,
            LegRtcp rtcp,
            Ear ear,
            int levelDbov) {
        JitterReport jitter = ear.report();
        return new LegStatus(
                path,
                encryption,
                codecSent,
                codecReceived,
                received(rtcp, jitter, ear.delayMillis() + ear.enhancingMillis()),
                sent(rtcp),
                concealedShare(jitter),
                rtcp.rttMillis(),
                levelDbov);
    }

    /**
     * What we heard: loss as it was heard of what was played here, as it was received of what went
     * on as it came, each by its packets.
     */
    static LegStatus.Flow received(LegRtcp rtcp, @Nullable JitterReport jitter, int delayMillis) {
        LegStatus.Flow flow = rtcp.received();
        if (flow.packets() < LEAST_PACKETS || flow.lossShare() < 0) {
            return flow;
        }
        double concealed = concealedShare(jitter);
        double loss = concealed < 0 ? flow.lossShare() : rtcp.missedShare(concealed);
        double delay = oneWayMillis(rtcp) + delayMillis + PACKET_MILLIS;
        return flow.withMos(ListeningQuality.mos(loss, burstRatio(flow), delay));
    }

    /** What the peer heard, as its reports tell; its buffer is taken for twice its jitter. */
    static LegStatus.Flow sent(LegRtcp rtcp) {
        LegStatus.Flow flow = rtcp.sent();
        if (flow.packets() < LEAST_PACKETS || flow.lossShare() < 0) {
            return flow;
        }
        double buffer = PACKET_MILLIS + 2 * Math.max(0, flow.jitterMillis());
        double delay = oneWayMillis(rtcp) + buffer + PACKET_MILLIS;
        return flow.withMos(ListeningQuality.mos(flow.lossShare(), burstRatio(flow), delay));
    }

    /** For the E-model, which knows nothing beyond these. */
    private static double burstRatio(LegStatus.Flow flow) {
        return Math.clamp(flow.burstRatio(), 1, MOST_BURST);
    }

    private static double oneWayMillis(LegRtcp rtcp) {
        return Math.max(0, rtcp.rttMillis()) / 2;
    }

    /** −1 while nothing was played. */
    static double concealedShare(@Nullable JitterReport jitter) {
        return jitter == null || jitter.playedSamples() == 0 ? -1 : jitter.concealedShare();
    }
}
