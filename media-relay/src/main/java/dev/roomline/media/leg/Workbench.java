package dev.roomline.media.leg;

import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Resampler;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.rtcp.NtpTime;
import dev.roomline.media.rtcp.RtcpWriter;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What all legs of one loop share: codecs, counters, randomness, the calendar, and scratch memory
 * that is free again as soon as a call returns. Owner: one media loop.
 */
public final class Workbench {
    /** Largest packet that we read or write. */
    public static final int PACKET_OCTETS = 2_048;

    private final Codecs codecs;
    private final int opusComplexity;
    private final DropCounters drops;
    private final RandomGenerator random;
    private final long wallMinusClockNanos;
    private final PassThroughPolicy passThrough;
    private final Enhancement enhancement;
    private final Traffic traffic = new Traffic();
    private byte[] spokenSilence = new byte[0];
    private final Resampler resampler = new Resampler();

    final RtpPacket packet = new RtpPacket();
    final RtpWriter rtpWriter = new RtpWriter();
    final RtcpWriter rtcpWriter = new RtcpWriter();
    final byte[] scratch = new byte[PACKET_OCTETS];

    /**
     * @param enhancement of what phones say
     * @param random unpredictable: SSRCs, first sequence numbers and timestamps come from it (RFC
     *     3550 §5.1)
     * @param wallMinusClockNanos calendar nanoseconds since 1970 less the loop's clock, fixed at
     *     start so that NTP times never step
     */
    public Workbench(
            Codecs codecs,
            int opusComplexity,
            PassThroughPolicy passThrough,
            Enhancement enhancement,
            DropCounters drops,
            RandomGenerator random,
            long wallMinusClockNanos) {
        this.passThrough = passThrough;
        this.enhancement = enhancement;
        this.codecs = codecs;
        this.opusComplexity = opusComplexity;
        this.drops = drops;
        this.random = random;
        this.wallMinusClockNanos = wallMinusClockNanos;
    }

    /** Phones' speech is left as it is. */
    public Workbench(
            Codecs codecs,
            int opusComplexity,
            PassThroughPolicy passThrough,
            DropCounters drops,
            RandomGenerator random,
            long wallMinusClockNanos) {
        this(
                codecs,
                opusComplexity,
                passThrough,
                Enhancement.OFF,
                drops,
                random,
                wallMinusClockNanos);
    }

    public Codecs codecs() {
        return codecs;
    }

    /** 0 to 10. */
    public int opusComplexity() {
        return opusComplexity;
    }

    /** Whether phones' sound goes to browsers as it comes. */
    public PassThroughPolicy passThrough() {
        return passThrough;
    }

    /** What is done to phones' speech before anybody hears it. */
    public Enhancement enhancement() {
        return enhancement;
    }

    public void drop(Drop drop) {
        drops.count(drop);
    }

    /**
     * Whether what a packet carries is no more than sound is: behind the longest header of ours
     * there is room for it in the scratch memory. What is larger is counted.
     */
    boolean takes(RtpPacket received) {
        boolean small = received.payloadLength() <= JitterBuffer.MOST_OCTETS;
        if (!small) {
            drop(Drop.OVERSIZE);
        }
        return small;
    }

    /** 20 ms of silence by the mode of Opus that speech has (SILK); nobody may change it. */
    byte[] spokenSilence() {
        if (spokenSilence.length == 0) {
            byte[] packet = new byte[100];
            OpusSettings voice = OpusSettings.voice(16_000, opusComplexity);
            try (OpusEncoder encoder = codecs.openOpusEncoder(voice)) {
                int length = encoder.encode(new short[320], 0, 320, packet, 0);
                spokenSilence = Arrays.copyOf(packet, length);
            }
        }
        return spokenSilence;
    }

    /** What this loop's legs carry. */
    public Traffic traffic() {
        return traffic;
    }

    /** Remembers nothing from one use to the next. */
    public Resampler resampler() {
        return resampler;
    }

    public RandomGenerator random() {
        return random;
    }

    /** The NTP time of a moment of the loop's clock. */
    public long ntp(long nowNanos) {
        return NtpTime.of(nowNanos + wallMinusClockNanos);
    }
}
