package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How much an Opus phone understands of the speech of a PCMU phone in one turn: what is said is
 * what G.711 has left of it, so that only the server's part is judged. Owner: the {@link Crowd} of
 * both phones; {@link #estoi} may be asked when it is closed.
 */
final class SpokenToOpus implements PhoneStream.Ear, PhoneStream.Sending {
    private static final int FRAME = 160;
    private static final int NARROW = 8_000;
    private static final int OPUS_TYPE = 111;

    /** Behind the last frame that is judged, so that all of it has come. */
    private static final int TAIL_FRAMES = 25;

    private final Codecs codecs;
    private final Payloads says;
    private final List<byte[]> said = new ArrayList<>();
    private final HeardSpeech heard = new HeardSpeech(AudioCodec.OPUS, OPUS_TYPE);
    private volatile boolean wanted;
    private long beganNanos;

    /**
     * @param says what the PCMU phone says over and over
     */
    SpokenToOpus(Codecs codecs, Payloads says) {
        this.codecs = codecs;
        this.says = says;
    }

    /** From its next frame on. Any thread. */
    void begin() {
        wanted = true;
    }

    @Override
    public void sent(int frame, long nowNanos) {
        if (wanted) {
            beganNanos = said.isEmpty() ? nowNanos : beganNanos;
            said.add(says.frames()[frame]);
        }
    }

    @Override
    public void heard(ByteBuffer packet, long nowNanos) {
        if (!said.isEmpty()) {
            heard.take(packet, nowNanos - beganNanos);
        }
    }

    /** NaN where nothing came. */
    double estoi() {
        short[] samples = new short[Math.max(0, said.size() - TAIL_FRAMES) * FRAME];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = G711.decode(AudioCodec.PCMU, said.get(i / FRAME)[i % FRAME]);
        }
        return heard.isEmpty()
                ? Double.NaN
                : heard.plain(codecs, HeardSpeech.wide(samples, NARROW));
    }
}
