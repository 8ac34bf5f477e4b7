package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.sdp.OpusParameters;
import java.util.Arrays;

/** A phone by Opus that hums, or does not. */
final class Hum {
    private static final int RATE = 16_000;
    private static final int FRAME = 320;

    /** Not the room's, which count what it does. */
    private static final Codecs CODECS = Codecs.load();

    private final VirtualRoom at;
    final Caller phone;
    private final OpusEncoder encoder;
    private final Tone tone;
    private final int phaseMillis;
    private final short[] pcm = new short[FRAME];
    private final byte[] packet = new byte[1_275];
    byte[] last = new byte[0];
    boolean loud = true;
    private boolean hummed;

    /** It hums or not for so long by turns; 0: as it is told. */
    int turnMillis;

    Hum(VirtualRoom at, int id, double hertz, int phaseMillis, OpusParameters wishes) {
        this.at = at;
        this.phaseMillis = phaseMillis;
        tone = new Tone(hertz, RATE, -18);
        encoder = CODECS.openOpusEncoder(OpusSettings.voice(RATE, 5));
        encoder.setBitrate(32_000);
        phone = new Caller(id, AudioCodec.OPUS, 20, wishes, at);
        at.everybody.add(this::passMilli);
    }

    Hum(VirtualRoom at, int id, double hertz, int phaseMillis) {
        this(at, id, hertz, phaseMillis, new OpusParameters(true, false, false, 48_000, 0, false));
    }

    private void passMilli() {
        if (at.nowMillis() % 20 != phaseMillis) {
            return;
        }
        boolean hums = loud && (turnMillis == 0 || at.nowMillis() / turnMillis % 2 == 0);
        if (hums || hummed) {
            tone.generate(pcm, 0, FRAME);
            Fade.ramp(pcm, 0, FRAME, hummed ? 1 : 0, hums ? 1 : 0);
        } else {
            Arrays.fill(pcm, (short) 0);
        }
        hummed = hums;
        int length = encoder.encode(pcm, 0, FRAME, packet, 0);
        last = Arrays.copyOf(packet, length);
        phone.says(last, 960);
    }

    /** What a phone plays of packets: gaps in time are silence. */
    short[] plays(int from) {
        return Played.by(phone, AudioCodec.OPUS, from, at.codecs);
    }
}
