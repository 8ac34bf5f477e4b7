package dev.roomline.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.dsp.Level;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against the tables of ITU-T Recommendation G.711 (11/88). */
class G711Test {
    /**
     * Table 2a/G.711, columns 2 and 5, from the highest segment: the decision value that begins a
     * segment and the step in it, in the Recommendation's units of 1 in 8159.
     */
    private static final int[][] MU_SEGMENTS = {
        {4_063, 256}, {2_015, 128}, {991, 64}, {479, 32}, {223, 16}, {95, 8}, {31, 4}, {-1, 2}
    };

    /** Table 1a/G.711 likewise, in units of 1 in 4096. */
    private static final int[][] A_SEGMENTS = {
        {2_048, 128}, {1_024, 64}, {512, 32}, {256, 16}, {128, 8}, {64, 4}, {32, 2}, {0, 2}
    };

    @Test
    void everyMuLawCodeHasTheAmplitudeOfTable2a() {
        for (int i = 0; i < 128; i++) {
            // columns 6 and 7: character signals count down from 0x80 (loudest) to 0xFF, and the
            // value at the decoder is the middle between two decision values
            int[] segment = MU_SEGMENTS[i / 16];
            int step = 15 - i % 16;
            double value = segment[0] + segment[1] * (step + 0.5);
            int amplitude = (int) Math.round(4 * value);
            assertThat(G711.decode(AudioCodec.PCMU, (byte) (0x80 | i)))
                    .isEqualTo((short) amplitude);
            assertThat(G711.decode(AudioCodec.PCMU, (byte) i)).isEqualTo((short) -amplitude);
        }
    }

    @Test
    void everyALawCodeHasTheAmplitudeOfTable1a() {
        for (int i = 0; i < 128; i++) {
            int[] segment = A_SEGMENTS[i / 16];
            int step = 15 - i % 16;
            double value = segment[0] + segment[1] * (step + 0.5);
            int amplitude = (int) Math.round(8 * value);
            // column 6 before the inversion of the even bits (note 2): 0xFF is the loudest
            int code = (0xFF - i) ^ 0x55;
            assertThat(G711.decode(AudioCodec.PCMA, (byte) code)).isEqualTo((short) amplitude);
            assertThat(G711.decode(AudioCodec.PCMA, (byte) (code ^ 0x80)))
                    .isEqualTo((short) -amplitude);
        }
    }

    @Test
    void publishedValuesOfBothTablesAreMet() {
        // table 2a: y128 = 8031, y113 = 4191, y97 = 2079, y1 = 2, y0 = 0
        assertThat(G711.decode(AudioCodec.PCMU, (byte) 0x80)).isEqualTo((short) (4 * 8_031));
        assertThat(G711.decode(AudioCodec.PCMU, (byte) 0x8F)).isEqualTo((short) (4 * 4_191));
        assertThat(G711.decode(AudioCodec.PCMU, (byte) 0x9F)).isEqualTo((short) (4 * 2_079));
        assertThat(G711.decode(AudioCodec.PCMU, (byte) 0xFE)).isEqualTo((short) (4 * 2));
        assertThat(G711.decode(AudioCodec.PCMU, (byte) 0xFF)).isZero();
        // table 1a: y128 = 4032, y113 = 2112, y97 = 1056, y1 = 1
        assertThat(G711.decode(AudioCodec.PCMA, (byte) 0xAA)).isEqualTo((short) (8 * 4_032));
        assertThat(G711.decode(AudioCodec.PCMA, (byte) 0xA5)).isEqualTo((short) (8 * 2_112));
        assertThat(G711.decode(AudioCodec.PCMA, (byte) 0xB5)).isEqualTo((short) (8 * 1_056));
        assertThat(G711.decode(AudioCodec.PCMA, (byte) 0xD5)).isEqualTo((short) 8);
    }

    @Test
    void everyAmplitudeIsCodedByTheDecisionValues() {
        for (int sample = -32_768; sample <= 32_767; sample++) {
            assertNearest(
                    AudioCodec.PCMU,
                    sample,
                    Math.min(Math.abs(sample), 4 * 8_159) / 4.0,
                    MU_SEGMENTS,
                    4);
            assertNearest(AudioCodec.PCMA, sample, Math.abs(sample) / 8.0, A_SEGMENTS, 8);
        }
    }

    private static void assertNearest(
            AudioCodec law, int sample, double magnitude, int[][] segments, int scale) {
        int decoded = G711.decode(law, G711.encode(law, sample));
        int step = segments[7][1];
        for (int[] segment : segments) {
            if (magnitude >= segment[0] && segment[0] > 0) {
                step = segment[1];
                break;
            }
        }
        // between two decision values nothing is further away than half a step
        assertThat(
                        (double)
                                Math.abs(
                                        decoded
                                                - (law == AudioCodec.PCMU
                                                        ? Math.clamp(sample, -4 * 8_159, 4 * 8_159)
                                                        : sample)))
                .as("%s of %s", law, sample)
                .isLessThanOrEqualTo(scale * step / 2.0 + 4);
        assertThat(decoded == 0 || Math.abs(sample) < 16 || (decoded > 0) == (sample > 0)).isTrue();
    }

    @Test
    void codingIsTheInverseOfDecoding() {
        for (int code = 0; code < 256; code++) {
            int mu = G711.decode(AudioCodec.PCMU, (byte) code);
            // 0x7F is negative zero, which is coded as positive zero
            assertThat(G711.encodeMu(mu)).isEqualTo((byte) (code == 0x7F ? 0xFF : code));
            int a = G711.decode(AudioCodec.PCMA, (byte) code);
            assertThat(G711.encodeA(a)).isEqualTo((byte) code);
        }
    }

    @Test
    void silenceIsThePositiveCodeNearestToZero() {
        assertThat(G711.encodeMu(0)).isEqualTo(G711.MU_SILENCE);
        assertThat(G711.encodeA(0)).isEqualTo(G711.A_SILENCE);
        assertThat(G711.encodeA(-1)).isEqualTo((byte) 0x55);
    }

    @Test
    void theDigitalMilliwattOfTables5And6IsAKilohertzSineOfZeroDbm0() {
        // §4: these eight octets, repeated, are 1 kHz at 0 dBm0: 3.17 (µ) and 3.14 dB (A) below
        // overload, and overload is a sine, 3.01 dB below dBov's square wave
        byte[] mu = HexFormat.of().parseHex("1E0B0B1E9E8B8B9E");
        byte[] a = HexFormat.of().parseHex("34212134B4A1A1B4");
        double muDbov =
                10 * Math.log10(G711.meanSquare(AudioCodec.PCMU, mu, 0, 8) / (32_767.0 * 32_767));
        double aDbov =
                10 * Math.log10(G711.meanSquare(AudioCodec.PCMA, a, 0, 8) / (32_767.0 * 32_767));
        assertThat(muDbov).isCloseTo(-3.17 - 3.01, within(0.1));
        assertThat(aDbov).isCloseTo(-3.14 - 3.01, within(0.1));
    }

    @Test
    void tablesOfGainAndConversionWorkWithoutDecoding() {
        byte[] half = G711.gainTable(AudioCodec.PCMU, 0.5);
        byte[] payload = {G711.encodeMu(16_000), G711.encodeMu(-2_000), G711.MU_SILENCE};
        G711.apply(half, payload, 0, 3);
        assertThat((int) G711.decode(AudioCodec.PCMU, payload[0])).isCloseTo(8_000, within(300));
        assertThat((int) G711.decode(AudioCodec.PCMU, payload[1])).isCloseTo(-1_000, within(40));
        assertThat(payload[2]).isEqualTo(G711.MU_SILENCE);

        byte[] toA = G711.conversionTable(AudioCodec.PCMU, AudioCodec.PCMA);
        int sample = G711.decode(AudioCodec.PCMA, toA[G711.encodeMu(5_000) & 0xFF]);
        assertThat(sample).isCloseTo(5_000, within(300));
        assertThat(
                        Level.ofMeanSquare(
                                G711.meanSquare(
                                        AudioCodec.PCMA, new byte[] {G711.A_SILENCE}, 0, 1)))
                .isLessThan(-65);
    }
}
