package dev.roomline.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.SpokenText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against another's coder, bit by bit, and against what Recommendation G.722 promises. */
class G722Test {
    private static final int RATE = 16_000;
    private static final int FRAME = 320;

    private static byte[] encode(short[] pcm) {
        byte[] octets = new byte[pcm.length / 2];
        try (AudioEncoder encoder = new G722Encoder()) {
            for (int at = 0; at < pcm.length; at += FRAME) {
                int samples = Math.min(FRAME, pcm.length - at);
                assertThat(encoder.encode(pcm, at, samples, octets, at / 2)).isEqualTo(samples / 2);
            }
        }
        return octets;
    }

    private static short[] decode(byte[] octets) {
        short[] pcm = new short[2 * octets.length];
        try (AudioDecoder decoder = new G722Decoder()) {
            for (int at = 0; at < octets.length; at += FRAME / 2) {
                int length = Math.min(FRAME / 2, octets.length - at);
                assertThat(decoder.decode(octets, at, length, pcm, 2 * at)).isEqualTo(2 * length);
            }
        }
        return pcm;
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Sound(String name, short[] pcm) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sound> sounds() {
        return Stream.of(
                new Sound("a man's speech", even(SpokenText.by("en-gb"))),
                new Sound("a woman's speech", even(SpokenText.by("en-us+f3"))),
                new Sound("two minutes of noise of all loudness", noise(120)),
                new Sound("a sweep from 50 Hz to 7.9 kHz", sweep(20)),
                new Sound("silence", new short[10 * RATE]));
    }

    private static short[] even(short[] pcm) {
        return Arrays.copyOf(pcm, pcm.length & ~1);
    }

    /**
     * From a fortieth of a percent of full scale to a half of it, each quarter of a second anew.
     */
    private static short[] noise(int seconds) {
        Random random = new Random(722);
        short[] pcm = new short[seconds * RATE];
        double amplitude = 0;
        for (int i = 0; i < pcm.length; i++) {
            if (i % (RATE / 4) == 0) {
                amplitude = 16_384 * Math.pow(10, -3.3 * random.nextDouble());
            }
            pcm[i] = (short) (amplitude * (2 * random.nextDouble() - 1));
        }
        return pcm;
    }

    private static short[] sweep(int seconds) {
        short[] pcm = new short[seconds * RATE];
        double phase = 0;
        for (int i = 0; i < pcm.length; i++) {
            phase += 2 * Math.PI * (50 + 7_850.0 * i / pcm.length) / RATE;
            pcm[i] = (short) Math.round(14_000 * Math.sin(phase));
        }
        return pcm;
    }

    @ParameterizedTest
    @MethodSource("sounds")
    void everyOctetAndEverySampleIsAnothersToTheBit(Sound sound) {
        byte[] octets = encode(sound.pcm());

        assertThat(octets).isEqualTo(Spandsp.encode(sound.pcm()));
        assertThat(decode(octets)).isEqualTo(Spandsp.decode(octets));
        System.out.printf("G.722 of %s: %d octets alike%n", sound, octets.length);
    }

    /**
     * As the Recommendation's test sequences are run: the filters are left out, and both bands are
     * driven as loud as 15 bits allow, where steps and predictors saturate.
     */
    @Test
    void bothBandsAloneAreAnothersToTheBitUpToFullScale() {
        Random random = new Random(2_012);
        short[] pcm = new short[1_000_000];
        for (int i = 0; i < pcm.length; i++) {
            // noise, squares, constants and single pulses by turns, each quarter of a second
            double amplitude = 32_767 * Math.pow(2, -(i / 4_000 % 15));
            pcm[i] =
                    switch (i / 60_000 % 4) {
                        case 0 -> (short) (amplitude * (2 * random.nextDouble() - 1));
                        case 1 -> (short) (i / 7 % 2 == 0 ? amplitude : -amplitude);
                        case 2 -> (short) amplitude;
                        default -> (short) (i % 97 == 0 ? amplitude : 0);
                    };
        }
        byte[] octets = new byte[pcm.length];
        short[] heard = new short[2 * pcm.length];
        try (G722Encoder encoder = new G722Encoder();
                G722Decoder decoder = new G722Decoder()) {
            for (int i = 0; i < pcm.length; i++) {
                octets[i] = (byte) encoder.code(pcm[i] >> 1, pcm[i] >> 1);
                heard[2 * i] = (short) (decoder.low(octets[i] & 0x3F) << 1);
                heard[2 * i + 1] = (short) (decoder.high((octets[i] >> 6) & 3) << 1);
            }
        }

        assertThat(octets).isEqualTo(Spandsp.encodeBands(pcm));
        assertThat(heard).isEqualTo(Spandsp.decodeBands(octets));
        System.out.printf("G.722 without filters: %d octets alike%n", octets.length);
    }

    /**
     * Appendix II's overflow sequences: squares of full scale, which its file T1C2 holds and a loop
     * here makes again. The checksums are those that are published beside the files (16-bit words,
     * the least octet first, an octet of code in the upper half of its word, words of 1 around):
     * that of T1C2 tells that the loop made the same, the others are what is due from the coder
     * (T2R2) and of it from the decoder in mode 1 (T3L2.RC1, T3H2.RC0).
     */
    @Test
    void theRecommendationsOverflowSequencesHaveTheirPublishedChecksums() {
        short[] said = new short[768];
        for (int i = 0; i < 640; i++) {
            said[i] = i % 2 == 0 ? Short.MIN_VALUE : Short.MAX_VALUE - 1;
        }
        said[639] = 0;
        said[640] = (short) 0xB1E0;
        said[641] = (short) 0xC000;
        for (int i = 642; i < said.length; i++) {
            said[i] = i % 3 == 1 ? Short.MAX_VALUE - 1 : Short.MIN_VALUE;
        }
        short[] coded = new short[said.length];
        short[] low = new short[said.length];
        short[] high = new short[said.length];
        try (G722Encoder encoder = new G722Encoder();
                G722Decoder decoder = new G722Decoder()) {
            for (int i = 0; i < said.length; i++) {
                int octet = encoder.code(said[i] >> 1, said[i] >> 1) & 0xFF;
                coded[i] = (short) (octet << 8);
                low[i] = (short) (decoder.low(octet & 0x3F) << 1);
                high[i] = (short) (decoder.high(octet >> 6) << 1);
            }
        }

        assertThat(checksum(said)).as("T1C2.XMT").isEqualTo(0x2D604685L);
        assertThat(checksum(coded)).as("T2R2.COD").isEqualTo(0x344EA5D0L);
        assertThat(checksum(low)).as("T3L2.RC1").isEqualTo(0xAF00F31FL);
        assertThat(checksum(high)).as("T3H2.RC0").isEqualTo(0x5330AE2EL);
    }

    private static long checksum(short[] sequence) {
        short[] around = new short[16];
        Arrays.fill(around, (short) 1);
        ByteBuffer file =
                ByteBuffer.allocate(2 * (sequence.length + 2 * around.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.asShortBuffer().put(around).put(sequence).put(around);
        CRC32 crc = new CRC32();
        crc.update(file);
        return crc.getValue();
    }

    /**
     * Where the sum of both bands does not fit into 16 bits §4.5 has it limited; the other decoder
     * lets it wrap.
     */
    @Test
    void aMillionOctetsOfChanceAreDecodedAsByAnotherWhereItDoesNotWrap() {
        byte[] octets = new byte[1_000_000];
        new Random(64_000).nextBytes(octets);

        short[] ours = decode(octets);
        short[] theirs = Spandsp.decode(octets);

        int limited = 0;
        for (int i = 0; i < ours.length; i++) {
            boolean atLimit = ours[i] == Short.MAX_VALUE || ours[i] == Short.MIN_VALUE;
            limited += atLimit ? 1 : 0;
            if (!atLimit) {
                assertThat(ours[i]).as("sample %d", i).isEqualTo(theirs[i]);
            }
        }
        System.out.printf("G.722: %d of %d samples limited%n", limited, ours.length);
        assertThat(limited).isBetween(1, ours.length / 100);
    }

    /**
     * §2.4.1: a tone stands above its distortion by far more than G.711's 38 dB in the low band.
     */
    @ParameterizedTest
    @ValueSource(doubles = {200, 1_000, 3_000, 5_000, 6_900})
    void bothBandsArePassedAtTheirLevel(double hertz) {
        short[] said = new short[2 * RATE];
        new Tone(hertz, RATE, -15).generate(said, 0, said.length);

        short[] heard = decode(encode(said));

        double level = Goertzel.dbov(heard, RATE, RATE / 2, hertz, RATE);
        double snr = Goertzel.snr(heard, RATE, RATE / 2, hertz, RATE);
        System.out.printf("G.722 at %.0f Hz: %.2f dBov, SNR %.1f dB%n", hertz, level, snr);
        assertThat(level).isBetween(-15.5, -14.5);
        assertThat(snr).isGreaterThan(hertz < 4_000 ? 40 : 15);
    }

    @Test
    void whatIsLouderThanItsBandsCanSayIsLimitedAndDoesNotWrap() {
        short[] said = new short[RATE];
        for (int i = 0; i < said.length; i++) {
            said[i] = i / 20 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
        }

        short[] heard = decode(encode(said));

        // 22 samples after a change the square's flat part has come through the filters
        for (int i = 4_000; i < said.length - 60; i++) {
            if (i % 20 == 12) {
                assertThat(Math.signum(heard[i + 22])).isEqualTo(Math.signum(said[i]));
            }
        }
    }

    @Test
    void aForkGoesOnToTheBitAndThenIsOnItsOwn() {
        short[] said = noise(2);
        byte[] one = new byte[160];
        byte[] two = new byte[160];
        try (ForkingEncoder encoder = new G722Encoder()) {
            for (int at = 0; at < RATE; at += FRAME) {
                encoder.encode(said, at, FRAME, one, 0);
            }
            try (ForkingEncoder fork = encoder.fork()) {
                for (int at = RATE; at < RATE + 50 * FRAME; at += FRAME) {
                    encoder.encode(said, at, FRAME, one, 0);
                    fork.encode(said, at, FRAME, two, 0);
                    assertThat(two).isEqualTo(one);
                }
                fork.encode(new short[FRAME], 0, FRAME, two, 0);
                encoder.encode(said, 0, FRAME, one, 0);
                assertThat(two).isNotEqualTo(one);
            }
        }
    }

    @Test
    void aDecoderThatWasResetIsAsNew() {
        byte[] octets = encode(noise(2));
        short[] pcm = new short[FRAME];
        try (AudioDecoder decoder = new G722Decoder()) {
            for (int at = RATE / 2; at < RATE; at += 160) {
                decoder.decode(octets, at, 160, pcm, 0);
            }
            decoder.reset();
            decoder.decode(octets, 0, 160, pcm, 0);
            assertThat(pcm).isEqualTo(Arrays.copyOf(decode(octets), FRAME));

            assertThat(decoder.decode(octets, 0, 0, pcm, 0)).isEqualTo(-1);
            assertThat(decoder.decode(octets, 0, 161, pcm, 0)).isEqualTo(-1);
            assertThat(decoder.conceal(pcm, 0, FRAME)).isFalse();
            assertThat(decoder.decodeFec(octets, 0, 160, pcm, 0, FRAME)).isZero();
        }
    }
}
