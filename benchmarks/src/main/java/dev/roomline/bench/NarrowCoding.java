package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.measure.Alignment;
import dev.roomline.media.measure.Intelligibility;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an encoder of Opus should spend on the 4 kHz of a telephone: PCMU speech and PCMU tones
 * coded at each complexity and bit rate, by the product's own encoder and decoder, without a
 * server. ESTOI and CPU are medians of the voices, which take turns.
 */
final class NarrowCoding implements Scenario {
    private static final int NARROW = 8_000;
    private static final int FRAME = NARROW / 50;
    private static final int WIDE = 16_000;
    private static final int WIDE_FRAME = WIDE / 50;
    private static final int LOWEST_HERTZ = 200;
    private static final int HIGHEST_HERTZ = 3_400;
    private static final int STEP_HERTZ = 200;
    private static final int PIECES = 20;
    private static final int PIECE = WIDE / 10;
    private static final double PHASE_STEP = 2.4;
    private static final int[] BITS_PER_SECOND = {12_000, 16_000, 20_000, 24_000, 28_000, 32_000};
    private static final int[] COMPLEXITIES = {0, 1, 2, 3, 5, 10};
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Codecs codecs;
    private final List<short[]> voices = new ArrayList<>();
    private final Map<Integer, short[]> tones = new TreeMap<>();

    NarrowCoding(MediaRound.Voices voices) {
        codecs = voices.codecs();
        voices.pcmu().forEach(voice -> this.voices.add(samples(voice)));
        for (int hertz = LOWEST_HERTZ; hertz <= HIGHEST_HERTZ; hertz += STEP_HERTZ) {
            tones.put(hertz, samples(ToneEar.pcmu(hertz, PHASE_STEP * tones.size())));
        }
    }

    private static short[] samples(Payloads pcmu) {
        short[] samples = new short[pcmu.frames().length * FRAME];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = G711.decode(AudioCodec.PCMU, pcmu.frames()[i / FRAME][i % FRAME]);
        }
        return samples;
    }

    /** What came of one setting. */
    private record Found(
            double estoi, Spread toneSnrDb, Spread toneDbov, double kilobits, double micros) {
        String row(int bits, int complexity) {
            return String.format(
                    Locale.ROOT,
                    "| %d | %d | %.1f | %.4f | %s | %s | %.0f |",
                    bits / 1_000,
                    complexity,
                    kilobits,
                    estoi,
                    toneSnrDb.text(1),
                    toneDbov.text(1),
                    micros);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Coded(short[] wide, long octets, double micros) {}

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        page.print("");
        page.print(
                "| told, kb/s | complexity | sent, kb/s | speech: ESTOI | tones: SNR, dB | their level, −13.3 dBov as they were said | encoding 20 ms, µs |");
        page.print("|---|---|---|---|---|---|---|");
        // nothing is measured before all is compiled
        var _ = found(BITS_PER_SECOND[0], COMPLEXITIES[0]);
        for (int bits : BITS_PER_SECOND) {
            for (int complexity : COMPLEXITIES) {
                page.print(found(bits, complexity).row(bits, complexity));
            }
        }
        page.print("");
        return List.of();
    }

    private Found found(int bits, int complexity) {
        List<Double> estoi = new ArrayList<>();
        List<Double> micros = new ArrayList<>();
        long octets = 0;
        long frames = 0;
        for (short[] voice : voices) {
            Coded coded = coded(voice, bits, complexity);
            short[] said = HeardSpeech.wide(voice, NARROW);
            estoi.add(new Intelligibility(said).estoi(Alignment.of(said, coded.wide())));
            micros.add(coded.micros());
            octets += coded.octets();
            frames += voice.length / FRAME;
        }
        List<Double> snrDb = new ArrayList<>();
        List<Double> dbov = new ArrayList<>();
        tones.forEach(
                (hertz, tone) -> {
                    short[] heard = coded(tone, bits, complexity).wide();
                    for (int i = 1; i <= PIECES; i++) {
                        int at = heard.length - i * PIECE;
                        snrDb.add(Goertzel.snr(heard, at, PIECE, hertz, WIDE));
                        dbov.add(Goertzel.dbov(heard, at, PIECE, hertz, WIDE));
                    }
                });
        return new Found(
                Spread.of(estoi).median(),
                Spread.of(snrDb),
                Spread.of(dbov),
                octets * 8.0 * 50 / frames / 1_000,
                Spread.of(micros).median());
    }

    private Coded coded(short[] said, int bits, int complexity) {
        int frames = said.length / FRAME;
        byte[][] packets = new byte[frames][];
        byte[] packet = new byte[1_500];
        long octets = 0;
        double micros;
        try (OpusEncoder encoder =
                codecs.openOpusEncoder(
                        new OpusSettings(NARROW, complexity, bits, false, 0, false))) {
            encoder.setPlaybackRate(NARROW);
            long began = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < frames; i++) {
                int length = encoder.encode(said, i * FRAME, FRAME, packet, 0);
                packets[i] = Arrays.copyOf(packet, length);
                octets += length;
            }
            micros = (THREADS.getCurrentThreadCpuTime() - began) / 1e3 / frames;
        }
        short[] heard = new short[frames * WIDE_FRAME];
        try (AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS)) {
            for (int i = 0; i < frames; i++) {
                decoder.decode(packets[i], 0, packets[i].length, heard, i * WIDE_FRAME);
            }
        }
        return new Coded(heard, octets, micros);
    }
}
