package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dtmf.DtmfListener;
import dev.roomline.media.dtmf.KeyOnset;
import dev.roomline.media.dtmf.ToneDetector;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.Sequences;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a phone by G.711 that agreed to no telephone events: found in its sound as it comes,
 * which is before the jitter buffer plays it, so that the others are spared the beep. What goes on
 * as it came cannot wait until a key is sure: what ends like the beginning of one is silenced from
 * there on. So of a key no more is heard than what came in the last 6 ms of a packet, and 2 ms in
 * which it fades. Owner: the leg's media loop.
 */
final class IncomingTones {
    private static final long MILLI = 1_000_000L;

    /** What is suppressed goes on this much longer than the next packet takes to come. */
    private static final int TAIL_MILLIS = 20;

    private static final int SAMPLES_PER_MILLI = 8;

    /** A key is sure by then, and what is none is not silenced for longer. */
    private static final int MOST_SUSPECTED_SAMPLES = 384;

    private static final int FADE_SAMPLES = 16;

    private final DtmfListener listener;
    private @Nullable ToneDetector detector;
    private @Nullable KeyOnset onset;
    private short[] pcm = new short[0];

    /** Samples up to the end of the last packet that looked like a key's beginning. */
    private int suspected;

    /** It was silenced to its end. */
    private boolean silenced;

    private AudioCodec law = AudioCodec.PCMU;
    private int ssrc;
    private int sequence;
    private long suppressedUntilNanos = Long.MIN_VALUE;

    IncomingTones(DtmfListener listener) {
        this.listener = listener;
    }

    /**
     * @param codec of what comes in
     * @param events whether telephone events are agreed: tones are then left alone
     */
    void listen(AudioCodec codec, boolean events) {
        boolean wanted = !events && (codec == AudioCodec.PCMU || codec == AudioCodec.PCMA);
        if (!wanted) {
            detector = null;
        } else if (detector == null || codec != law) {
            detector = new ToneDetector(listener);
            law = codec;
        }
    }

    /**
     * Hears a packet of sound, and silences what at its end looks like a key's beginning.
     *
     * @param delayMillis after which it is played
     */
    void hear(RtpPacket packet, int delayMillis, long nowNanos) {
        ToneDetector tones = detector;
        if (tones == null) {
            return;
        }
        int ahead = Sequences.difference(packet.sequence(), sequence);
        boolean same = packet.ssrc() == ssrc;
        if (same && ahead <= 0 && ahead > -100) {
            return;
        }
        if (!same || ahead != 1) {
            tones.interrupt();
            suspected = 0;
            silenced = false;
        }
        ssrc = packet.ssrc();
        sequence = packet.sequence();
        int samples = packet.payloadLength();
        if (pcm.length < samples) {
            pcm = new short[samples];
        }
        for (int i = 0; i < samples; i++) {
            pcm[i] = G711.decode(law, packet.buffer()[packet.payloadOffset() + i]);
            tones.hear(pcm[i]);
        }
        if (tones.isActive()) {
            suspected = 0;
            silenced = false;
            int packetMillis = samples / SAMPLES_PER_MILLI;
            suppressedUntilNanos = nowNanos + (delayMillis + TAIL_MILLIS + packetMillis) * MILLI;
        } else {
            suspect(packet, samples);
        }
    }

    private void suspect(RtpPacket packet, int samples) {
        KeyOnset looked = onset;
        if (looked == null) {
            looked = new KeyOnset();
            onset = looked;
        }
        int from = looked.find(pcm, samples);
        boolean before = silenced;
        suspected = from == samples ? 0 : samples - from + (from == 0 ? suspected : 0);
        silenced = suspected > 0 && suspected <= MOST_SUSPECTED_SAMPLES;
        int until = silenced ? from : samples;
        for (int i = 0; before && i < Math.min(until, FADE_SAMPLES); i++) {
            put(packet, i, (i + 1.0) / FADE_SAMPLES);
        }
        for (int i = until; i < samples; i++) {
            boolean fades = !before || from > 0;
            put(packet, i, fades ? Math.max(0, 1 - (i - from + 1.0) / FADE_SAMPLES) : 0);
        }
    }

    private void put(RtpPacket packet, int sample, double gain) {
        packet.buffer()[packet.payloadOffset() + sample] =
                gain == 0 ? G711.silence(law) : G711.encode(law, (int) (gain * pcm[sample]));
    }

    /** Whether what is played now is of a key. */
    boolean isPressed(long nowNanos) {
        return detector != null
                && suppressedUntilNanos != Long.MIN_VALUE
                && nowNanos < suppressedUntilNanos;
    }
}
