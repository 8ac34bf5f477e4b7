package dev.roomline.bench;

import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.jitter.JitterReport;

/** Our own jitter buffer on packets that came at known moments, in virtual time. */
final class TracedPlayback {
    private static final long MILLI = 1_000_000L;
    private static final long PULL_NANOS = 20 * MILLI;
    private static final int SSRC = 1;

    /** Until the last packet has been played, however much delay there is. */
    private static final int TAIL_PULLS = 25;

    private TracedPlayback() {}

    /** A packet that came. */
    record Arrival(int packet, long nanos) {}

    /**
     * @param heard at {@link Played#RATE}
     * @param fromNanos when its first sample was played
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Heard(short[] heard, long fromNanos, Played.Counts counts) {}

    /**
     * @param arrivals in the order of their coming
     * @param phaseNanos of the pulls, a room's tick may lie anywhere against the packets
     * @param countedNanos what it counts itself counts from here on
     */
    static Heard of(
            Codecs codecs,
            SpokenStream stream,
            Arrival[] arrivals,
            long phaseNanos,
            long countedNanos) {
        byte[][] frames = stream.payloads().frames();
        int step = stream.payloads().timestampStep();
        try (AudioDecoder decoder = codecs.openDecoder(stream.codec())) {
            JitterBuffer buffer = new JitterBuffer(stream.codec(), decoder);
            short[] frame = new short[buffer.sampleRate() / 50];
            int pulls = frames.length + TAIL_PULLS;
            short[] heard = new short[pulls * frame.length];
            JitterReport before = buffer.report();
            JitterReport after = before;
            int counted = 0;
            int next = 0;
            for (int i = 0; i < pulls; i++) {
                long now = phaseNanos + i * PULL_NANOS;
                while (next < arrivals.length && arrivals[next].nanos() <= now) {
                    Arrival came = arrivals[next++];
                    byte[] payload = frames[came.packet()];
                    buffer.insert(
                            SSRC,
                            came.packet(),
                            came.packet() * step,
                            came.packet() == 0,
                            payload,
                            0,
                            payload.length,
                            came.nanos());
                }
                if (now < countedNanos) {
                    before = buffer.report();
                } else if (i < frames.length) {
                    counted++;
                }
                buffer.pull(now, frame);
                after = i < frames.length ? buffer.report() : after;
                System.arraycopy(frame, 0, heard, i * frame.length, frame.length);
            }
            double samples = counted * 20.0 * JitterReport.PER_MILLI;
            return new Heard(
                    HeardSpeech.wide(heard, buffer.sampleRate()),
                    phaseNanos,
                    new Played.Counts(
                            (after.concealedSamples() - before.concealedSamples()) / samples,
                            (after.stretchedSamples() - before.stretchedSamples()) / samples,
                            (after.compressedSamples() - before.compressedSamples()) / samples));
        }
    }
}
