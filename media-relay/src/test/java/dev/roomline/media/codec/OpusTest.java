package dev.roomline.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpusTest {
    private final Codecs codecs = Codecs.load();
    private final OpusPacket view = new OpusPacket();
    private final byte[] packet = new byte[1_500];

    @Test
    void thisMachineHasLibopus() {
        assertThat(codecs.isNative()).isTrue();
        assertThat(codecs.opusVersion()).startsWith("libopus 1.");
        assertThat(Codecs.pureJava().opusVersion()).isEqualTo("Concentus");
    }

    /** Encodes a second of a tone at a rate and returns what is decoded at 16 kHz. */
    private short[] roundTrip(Codecs of, OpusSettings settings, double frequency) {
        int rate = settings.sampleRate();
        short[] in = new short[rate / 50];
        short[] out = new short[16_000 * 2];
        Tone tone = new Tone(frequency, rate, -15);
        try (OpusEncoder encoder = of.openOpusEncoder(settings);
                AudioDecoder decoder = of.openDecoder(AudioCodec.OPUS)) {
            for (int at = 0; at < out.length; at += 320) {
                tone.generate(in, 0, in.length);
                int octets = encoder.encode(in, 0, in.length, packet, 0);
                assertThat(decoder.decode(packet, 0, octets, out, at)).isEqualTo(320);
            }
        }
        return out;
    }

    @Test
    void tonesSurviveAtEveryRateByEitherLibrary() {
        for (Codecs of : List.of(codecs, Codecs.pureJava(), Codecs.atFullRate())) {
            for (int rate : new int[] {8_000, 16_000, 24_000, 48_000}) {
                short[] out =
                        roundTrip(of, new OpusSettings(rate, 5, 32_000, false, 0, false), 440);
                String as = of.opusVersion() + " at " + rate;
                assertThat(Goertzel.snr(out, 16_000, 8_000, 440, 16_000)).as(as).isGreaterThan(20);
                assertThat(Goertzel.dbov(out, 16_000, 8_000, 440, 16_000))
                        .as(as)
                        .isBetween(-16.5, -13.5);
            }
        }
    }

    @Test
    void noiseKeepsItsLevel() {
        Random random = new Random(1);
        short[] in = new short[320];
        short[] out = new short[320];
        double sent = 0;
        double heard = 0;
        try (OpusEncoder encoder = codecs.openOpusEncoder(OpusSettings.voice(16_000, 5));
                AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
            for (int frame = 0; frame < 100; frame++) {
                for (int i = 0; i < 320; i++) {
                    in[i] = (short) (random.nextGaussian() * 2_000);
                }
                int octets = encoder.encode(in, 0, 320, packet, 0);
                decoder.decode(packet, 0, octets, out, 0);
                if (frame > 20) {
                    sent += Level.meanSquare(in, 0, 320);
                    heard += Level.meanSquare(out, 0, 320);
                }
            }
        }
        assertThat(10 * Math.log10(heard / sent)).isBetween(-4.0, 1.0);
    }

    @Test
    void aLostPacketComesBackFromTheFecOfTheNext() {
        OpusSettings settings = new OpusSettings(16_000, 5, 24_000, true, 20, false);
        short[] in = new short[320];
        short[] out = new short[320];
        int withFec = 0;
        double worst = 0;
        int lost = 0;
        try (OpusEncoder encoder = codecs.openOpusEncoder(settings);
                AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
            for (int frame = 0; frame < 200; frame++) {
                voice(in, frame);
                int octets = encoder.encode(in, 0, 320, packet, 0);
                if (frame % 10 == 8) {
                    lost = Level.dbov(in, 0, 320);
                    continue;
                }
                view.parse(packet, 0, octets);
                if (frame > 20 && frame % 10 == 9 && view.hasFec()) {
                    withFec++;
                    assertThat(decoder.decodeFec(packet, 0, octets, out, 0, 320)).isEqualTo(320);
                    worst = Math.max(worst, Math.abs(Level.dbov(out, 0, 320) - lost));
                }
                decoder.decode(packet, 0, octets, out, 0);
            }
        }
        assertThat(withFec).isGreaterThan(10);
        // the same sound, coarser and a few milliseconds later: no fade
        assertThat(worst).isLessThan(9);
    }

    /**
     * Harmonics of 120 Hz whose loudness moves like syllables: Opus repeats only what it takes for
     * voice.
     */
    private static void voice(short[] pcm, int frame) {
        for (int i = 0; i < pcm.length; i++) {
            double t = (frame * 320 + i) / 16_000.0;
            double sum = 0;
            for (int k = 1; k <= 20; k++) {
                sum += Math.sin(2 * Math.PI * 120 * k * t + k * k) / k;
            }
            pcm[i] = (short) (3_000 * sum * (1.2 + Math.sin(2 * Math.PI * 3 * t)));
        }
    }

    @Test
    void whatAListenerCannotPlayIsLeftOutAndPacketsAreOfOneLengthByEitherLibrary() {
        Random random = new Random(3);
        short[] in = new short[320];
        for (Codecs of : List.of(codecs, Codecs.pureJava())) {
            try (OpusEncoder encoder = of.openOpusEncoder(OpusSettings.voice(16_000, 5))) {
                encoder.setConstantRate(true);
                encoder.setPlaybackRate(8_000);
                for (int frame = 0; frame < 20; frame++) {
                    for (int i = 0; i < 320; i++) {
                        in[i] = (short) (random.nextGaussian() * 3_000);
                    }
                    assertThat(encoder.encode(in, 0, 320, packet, 0)).isEqualTo(60);
                    // RFC 6716 §3.1: narrow is 0 to 3 in SILK, 16 to 19 in CELT
                    int configuration = (packet[0] & 0xFF) >> 3;
                    boolean narrow = configuration < 4 || configuration / 4 == 4;
                    assertThat(narrow).as(of.opusVersion()).isTrue();
                }
            }
        }
    }

    /** RFC 7587 §6.1: a peer may send stereo whatever we prefer; both sides are heard. */
    @Test
    void stereoIsHeardAsMonoByEitherLibrary() throws Exception {
        var stereo =
                new io.github.jaredmdobson.concentus.OpusEncoder(
                        48_000,
                        2,
                        io.github.jaredmdobson.concentus.OpusApplication.OPUS_APPLICATION_AUDIO);
        stereo.setBitrate(96_000);
        short[] sides = new short[2 * 960];
        short[][] heard = {new short[16_000 + 320], new short[16_000 + 320]};
        try (AudioDecoder one = codecs.openDecoder(AudioCodec.OPUS);
                AudioDecoder two = Codecs.pureJava().openDecoder(AudioCodec.OPUS)) {
            for (int frame = 0; frame < 50; frame++) {
                for (int i = 0; i < 960; i++) {
                    double t = (frame * 960 + i) / 48_000.0;
                    sides[2 * i] = (short) (8_000 * Math.sin(2 * Math.PI * 500 * t));
                    sides[2 * i + 1] = (short) (8_000 * Math.sin(2 * Math.PI * 1_300 * t));
                }
                int octets = stereo.encode(sides, 0, 960, packet, 0, packet.length);
                assertThat(one.decode(packet, 0, octets, heard[0], 320 * frame)).isEqualTo(320);
                assertThat(two.decode(packet, 0, octets, heard[1], 320 * frame)).isEqualTo(320);
            }
        }
        for (short[] mono : heard) {
            for (double hertz : new double[] {500, 1_300}) {
                // half of 8,000 each
                assertThat(Goertzel.dbov(mono, 8_000, 8_000, hertz, 16_000))
                        .isBetween(-22.5, -19.5);
            }
        }
    }

    /** Opus' VOIP application would take 2 dB of it away. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatATelephoneSaysKeepsItsDepth(boolean pureJava) {
        Codecs of = pureJava ? Codecs.pureJava() : codecs;
        Tone tone = new Tone(70, 8_000, -15);
        short[] pcm = new short[160];
        short[] heard = new short[100 * 320];
        OpusSettings settings = new OpusSettings(8_000, 1, 32_000, false, 0, false);
        try (OpusEncoder encoder = of.openOpusEncoder(settings);
                AudioDecoder decoder = of.openDecoder(AudioCodec.OPUS)) {
            for (int frame = 0; frame < 100; frame++) {
                tone.generate(pcm, 0, 160);
                int octets = encoder.encode(pcm, 0, 160, packet, 0);
                decoder.decode(packet, 0, octets, heard, 320 * frame);
            }
        }
        assertThat(Goertzel.dbov(heard, 16_000, 16_000, 70, 16_000)).isBetween(-16.5, -14.0);
    }

    @Test
    void withoutFecNothingIsRecovered() {
        Tone tone = new Tone(300, 16_000, -12);
        short[] pcm = new short[320];
        try (OpusEncoder encoder = codecs.openOpusEncoder(OpusSettings.voice(16_000, 5));
                AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
            for (int i = 0; i < 20; i++) {
                tone.generate(pcm, 0, 320);
                int octets = encoder.encode(pcm, 0, 320, packet, 0);
                assertThat(decoder.decodeFec(packet, 0, octets, pcm, 0, 320)).isZero();
            }
        }
    }

    @Test
    void lossIsConcealedByTheDecoder() {
        Tone tone = new Tone(300, 16_000, -12);
        short[] pcm = new short[320];
        try (OpusEncoder encoder = codecs.openOpusEncoder(OpusSettings.voice(16_000, 5));
                AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
            for (int i = 0; i < 30; i++) {
                tone.generate(pcm, 0, 320);
                int octets = encoder.encode(pcm, 0, 320, packet, 0);
                decoder.decode(packet, 0, octets, pcm, 0);
            }
            assertThat(decoder.conceal(pcm, 0, 320)).isTrue();
            assertThat(Level.dbov(pcm, 0, 320)).isGreaterThan(-20);
            // any number of samples, not only what libopus takes
            assertThat(decoder.conceal(pcm, 0, 123)).isTrue();
        }
    }

    @Test
    void dtxLeavesSilenceOut() {
        OpusSettings settings = new OpusSettings(16_000, 5, 24_000, false, 0, true);
        short[] pcm = new short[320];
        int small = 0;
        try (OpusEncoder encoder = codecs.openOpusEncoder(settings)) {
            for (int i = 0; i < 100; i++) {
                int octets = encoder.encode(pcm, 0, 320, packet, 0);
                if (octets <= 2) {
                    small++;
                    view.parse(packet, 0, octets);
                    assertThat(view.isDtx()).isTrue();
                }
            }
        }
        assertThat(small).isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aForkWritesTheSamePacketsAndThenGoesItsOwnWay(boolean atFullRate) {
        Codecs codecs = atFullRate ? Codecs.atFullRate() : this.codecs;
        OpusSettings settings = OpusSettings.voice(16_000, 5);
        Tone tone = new Tone(500, 16_000, -12);
        short[] pcm = new short[320];
        byte[] other = new byte[1_500];
        try (OpusEncoder encoder = codecs.openOpusEncoder(settings)) {
            for (int i = 0; i < 50; i++) {
                tone.generate(pcm, 0, 320);
                encoder.encode(pcm, 0, 320, packet, 0);
            }
            try (OpusEncoder fork = encoder.fork()) {
                for (int i = 0; i < 100; i++) {
                    tone.generate(pcm, 0, 320);
                    int octets = encoder.encode(pcm, 0, 320, packet, 0);
                    assertThat(fork.encode(pcm, 0, 320, other, 0)).isEqualTo(octets);
                    assertThat(HexFormat.of().formatHex(other, 0, octets))
                            .isEqualTo(HexFormat.of().formatHex(packet, 0, octets));
                }
                fork.setBitrate(6_000);
                int smaller = 0;
                for (int i = 0; i < 20; i++) {
                    tone.generate(pcm, 0, 320);
                    int octets = encoder.encode(pcm, 0, 320, packet, 0);
                    smaller += fork.encode(pcm, 0, 320, other, 0) < octets ? 1 : 0;
                }
                assertThat(smaller).isGreaterThan(15);
            }
        }
    }

    private record Toc(
            String hex, boolean valid, OpusPacket.Mode mode, int frames, int samples48k) {}

    @Test
    @Tag("RFC6716§3.1")
    @Tag("RFC6716§3.2")
    void packetsAreInspectedByRfc6716() {
        List<Toc> rows =
                List.of(
                        new Toc("00", true, OpusPacket.Mode.SILK, 1, 480),
                        new Toc("08AA", true, OpusPacket.Mode.SILK, 1, 960),
                        new Toc("18AA", true, OpusPacket.Mode.SILK, 1, 2_880),
                        new Toc("60AA", true, OpusPacket.Mode.HYBRID, 1, 480),
                        new Toc("80AA", true, OpusPacket.Mode.CELT, 1, 120),
                        new Toc("F8AA", true, OpusPacket.Mode.CELT, 1, 960),
                        new Toc("09AABB", true, OpusPacket.Mode.SILK, 2, 1_920),
                        new Toc("09AA", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0A01AABB", true, OpusPacket.Mode.SILK, 2, 1_920),
                        new Toc("0A05AABB", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0A", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0B", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0B00", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0B03AABBCC", true, OpusPacket.Mode.SILK, 3, 2_880),
                        new Toc("0B03AABB", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0B8205AA", false, OpusPacket.Mode.SILK, 0, 0),
                        new Toc("0B8201AABB", true, OpusPacket.Mode.SILK, 2, 1_920),
                        new Toc("0B4102AA0000", true, OpusPacket.Mode.SILK, 1, 960),
                        new Toc("0B41FF", false, OpusPacket.Mode.SILK, 0, 0),
                        // R5: seven frames of 20 ms are more than 120 ms
                        new Toc("0B07AABBCCDDEEFF00", false, OpusPacket.Mode.SILK, 0, 0));
        for (Toc row : rows) {
            byte[] data = HexFormat.of().parseHex(row.hex);
            assertThat(view.parse(data, 0, data.length)).as(row.hex).isEqualTo(row.valid);
            if (row.valid) {
                assertThat(view.mode()).as(row.hex).isEqualTo(row.mode);
                assertThat(view.frames()).as(row.hex).isEqualTo(row.frames);
                assertThat(view.samples48k()).as(row.hex).isEqualTo(row.samples48k);
            }
        }
        assertThat(view.parse(new byte[0], 0, 0)).isFalse();
    }

    @Test
    void randomOctetsNeverThrowInEitherLibrary() {
        Random random = new Random(3);
        short[] pcm = new short[5_760];
        for (Codecs of : List.of(codecs, Codecs.pureJava())) {
            try (AudioDecoder decoder = of.openDecoder(AudioCodec.OPUS)) {
                for (int i = 0; i < 1_000; i++) {
                    byte[] data = new byte[random.nextInt(200)];
                    random.nextBytes(data);
                    assertThat(decoder.decode(data, 0, data.length, pcm, 0)).isBetween(-1, 1_920);
                    decoder.decodeFec(data, 0, data.length, pcm, 0, 320);
                }
                assertThat(decoder.decode(packet, 0, 0, pcm, 0)).isEqualTo(-1);
            }
        }
    }

    @Test
    void statesAreFreed() throws IOException {
        openAndClose(500);
        long before = residentKilobytes();
        openAndClose(10_000);
        // 10,000 pairs that stayed would be 800 MB
        assertThat(residentKilobytes() - before).isLessThan(60_000);
    }

    private void openAndClose(int times) {
        for (int i = 0; i < times; i++) {
            try (OpusEncoder encoder = codecs.openOpusEncoder(OpusSettings.voice(16_000, 0));
                    AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
                // opening writes both states through, so they would stay resident
                assertThat(encoder.sampleRate()).isEqualTo(decoder.sampleRate());
            }
        }
    }

    private static long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS");
    }

    @Test
    void settingsOutsideTheCodecsRangesAreRefused() {
        assertThatThrownBy(() -> OpusSettings.voice(44_100, 5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OpusSettings.voice(16_000, 11))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codecs.openG711Encoder(AudioCodec.OPUS))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
