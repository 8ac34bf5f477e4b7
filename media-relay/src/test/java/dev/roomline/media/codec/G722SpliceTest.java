package dev.roomline.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.dsp.Tone;
import org.junit.jupiter.api.Test;

/**
 * What a decoder of G.722 makes of two streams joined in the midst of a tone, 60 times at other
 * places in it: why packets between phones and mixes do not take turns (ADR 0010).
 */
class G722SpliceTest {
    private static final int FRAME = 320;
    private static final int OCTETS = 160;
    private static final int FRAMES = 400;
    private static final int SPLICES = 60;

    private final byte[] said = new byte[FRAMES * OCTETS];
    private final short[] heard = new short[FRAMES * FRAME];

    private void say() {
        Tone tone = new Tone(440, 16_000, -18);
        short[] pcm = new short[FRAMES * FRAME];
        tone.generate(pcm, 0, pcm.length);
        new G722Encoder().encode(pcm, 0, pcm.length, said, 0);
        new G722Decoder().decode(said, 0, said.length, heard, 0);
    }

    /** Largest second difference within 100 ms behind the splice. */
    private static double roughness(short[] pcm, int at) {
        double worst = 0;
        for (int i = at - 50; i < at + 1_600; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }

    @Test
    void a_splice_from_packets_to_a_mix_is_a_loud_click_and_the_way_back_a_small_one() {
        say();
        byte[] mixed = new byte[said.length];
        new G722Encoder().encode(heard, 0, heard.length, mixed, 0);
        double steady = 0;
        double toPackets = 0;
        double toMix = 0;
        for (int n = 0; n < SPLICES; n++) {
            int at = 60 + 5 * n;
            steady = Math.max(steady, roughness(heard, at * FRAME));

            short[] out = new short[heard.length];
            G722Decoder phone = new G722Decoder();
            phone.decode(mixed, 0, at * OCTETS, out, 0);
            phone.decode(said, at * OCTETS, said.length - at * OCTETS, out, at * FRAME);
            toPackets = Math.max(toPackets, roughness(out, at * FRAME));

            phone = new G722Decoder();
            phone.decode(said, 0, at * OCTETS, out, 0);
            byte[] begun = new byte[said.length - at * OCTETS];
            new G722Encoder().encode(heard, at * FRAME, heard.length - at * FRAME, begun, 0);
            phone.decode(begun, 0, begun.length, out, at * FRAME);
            toMix = Math.max(toMix, roughness(out, at * FRAME));
        }
        System.out.printf(
                "G.722: steady %.0f, mix to packets %.0f, packets to a mix that begins %.0f%n",
                steady, toPackets, toMix);

        assertThat(toPackets).isLessThan(3 * steady);
        assertThat(toMix).isGreaterThan(10 * steady);
    }
}
