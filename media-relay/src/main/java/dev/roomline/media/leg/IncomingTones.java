package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dtmf.DtmfListener;
import dev.roomline.media.dtmf.ToneDetector;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.Sequences;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a phone by G.711 that agreed to no telephone events: found in its sound as it comes,
 * which is before the jitter buffer plays it, so that the others are spared most of the beep.
 * Owner: the leg's media loop.
 */
final class IncomingTones {
    private static final long MILLI = 1_000_000L;

    /** What is suppressed goes on for this long after the sound was played: the last window. */
    private static final int TAIL_MILLIS = 40;

    private final DtmfListener listener;
    private @Nullable ToneDetector detector;
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
     * Hears a packet of sound.
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
        }
        ssrc = packet.ssrc();
        sequence = packet.sequence();
        byte[] octets = packet.buffer();
        int end = packet.payloadOffset() + packet.payloadLength();
        for (int i = packet.payloadOffset(); i < end; i++) {
            tones.hear(G711.decode(law, octets[i]));
        }
        if (tones.isActive()) {
            suppressedUntilNanos = nowNanos + (delayMillis + TAIL_MILLIS) * MILLI;
        }
    }

    /** Whether what is played now is of a key. */
    boolean isPressed(long nowNanos) {
        return detector != null
                && suppressedUntilNanos != Long.MIN_VALUE
                && nowNanos < suppressedUntilNanos;
    }
}
