package dev.roomline.bench;

import dev.roomline.bench.NoisySpeech.Noise;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.measure.Alignment;
import dev.roomline.media.measure.Intelligibility;
import dev.roomline.media.measure.Resampled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the libraries that could make phones' speech better do to it: how much noise they take away
 * and what of the speech, how they even loudness, what they do to tones, when the sound comes out,
 * and what it costs. No server is started, and no file of sound is read: speech is made by
 * espeak-ng, noise by a seed.
 */
final class EnhancementBench {
    private static final EnhancementWishes NOISE = new EnhancementWishes(true, false);
    private static final EnhancementWishes GAIN = new EnhancementWishes(false, true);
    private static final EnhancementWishes BOTH = new EnhancementWishes(true, true);
    private static final int[] RATES = {8_000, 16_000};
    private static final double[] SNRS_DB = {0, 10, 20};
    private static final double[] LEVELS_DB = {-25, -15, 0, 10};
    private static final int COSTED_FRAMES = 5_000;

    private final Options options;
    private final PerformancePage page = new PerformancePage("enhancement");

    EnhancementBench(Options options) {
        this.options = options;
    }

    private enum Library {
        NOTHING("as it came"),
        SPEEXDSP("libspeexdsp"),
        WEBRTC("libwebrtc");

        final String told;

        Library(String told) {
            this.told = told;
        }

        Enhancer open(EnhancementWishes wishes, int rate) {
            return switch (this) {
                case NOTHING -> new Nothing();
                case SPEEXDSP -> Enhancer.speexdsp(wishes, rate);
                case WEBRTC -> Enhancer.webrtc(wishes, rate);
            };
        }
    }

    private static final class Nothing implements Enhancer {
        @Override
        public void process(short[] frame) {
            // as it came
        }

        @Override
        public void close() {
            // nothing was opened
        }
    }

    boolean run() throws InterruptedException {
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        for (int rate : RATES) {
            List<short[]> voices = Speech.voices(rate);
            suppression(rate, voices);
        }
        gain(Speech.voices(8_000));
        tones();
        cost();
        if (options.recorded()) {
            page.write();
        }
        return true;
    }

    private void suppression(int rate, List<short[]> voices) {
        page.print("");
        page.print(
                String.format(
                        Locale.ROOT,
                        "Noise suppression at %d kHz: noise in pauses, speech, dB against what came / ESTOI",
                        rate / 1_000));
        page.print("");
        page.print(String.format(Locale.ROOT, "| noise, SNR | %s | %s | %s |", (Object[]) names()));
        page.print("|---|---|---|---|");
        for (Noise noise : Noise.values()) {
            for (double snr : options.quick() ? new double[] {10} : SNRS_DB) {
                NoisySpeech speech =
                        NoisySpeech.of(voices.get(0), voices.get(3), noise, snr, 0, rate);
                List<String> cells = new ArrayList<>();
                for (Library library : Library.values()) {
                    short[] made = processed(library, NOISE, speech.heard(), rate);
                    cells.add(
                            String.format(
                                    Locale.ROOT,
                                    "%+.1f, %+.1f / %.3f",
                                    change(speech, made, false),
                                    change(speech, made, true),
                                    estoi(speech.said(), made, rate)));
                }
                page.print(
                        String.format(
                                Locale.ROOT,
                                "| %s, %.0f dB | %s |",
                                noise.name().toLowerCase(Locale.ROOT),
                                snr,
                                String.join(" | ", cells)));
            }
        }
    }

    private static String[] names() {
        return Arrays.stream(Library.values()).map(l -> l.told).toArray(String[]::new);
    }

    private static short[] processed(
            Library library, EnhancementWishes wishes, short[] pcm, int rate) {
        short[] made = pcm.clone();
        int samples = rate / 50;
        short[] frame = new short[samples];
        try (Enhancer enhancer = library.open(wishes, rate)) {
            for (int at = 0; at + samples <= made.length; at += samples) {
                System.arraycopy(made, at, frame, 0, samples);
                enhancer.process(frame);
                System.arraycopy(frame, 0, made, at, samples);
            }
        }
        return made;
    }

    /** By how many dB speech, or what is between it, is louder than it came. */
    private static double change(NoisySpeech speech, short[] made, boolean speaking) {
        int samples = made.length / speech.speaks().length;
        double before = 0;
        double after = 0;
        for (int f = 2; f + 2 < speech.speaks().length; f++) {
            if (isMidst(speech.speaks(), f, speaking)) {
                before += Math.pow(NoisySpeech.rms(speech.heard(), f * samples, samples), 2);
                after += Math.pow(NoisySpeech.rms(made, f * samples, samples), 2);
            }
        }
        return 10 * Math.log10((after + 1) / (before + 1));
    }

    /** Far enough from where speech begins or ends that a library's delay does not matter. */
    private static boolean isMidst(boolean[] speaks, int frame, boolean speaking) {
        for (int k = frame - 2; k <= frame + 2; k++) {
            if (speaks[k] != speaking) {
                return false;
            }
        }
        return true;
    }

    private static double estoi(short[] said, short[] made, int rate) {
        short[] wide = wide(said, rate);
        return new Intelligibility(wide).estoi(Alignment.of(wide, wide(made, rate)));
    }

    private static short[] wide(short[] pcm, int rate) {
        if (rate == 16_000) {
            return pcm;
        }
        double[] made = Resampled.of(pcm, rate, 16_000);
        short[] out = new short[made.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) Math.clamp(Math.round(made[i]), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return out;
    }

    private void gain(List<short[]> voices) {
        page.print("");
        page.print("Automatic gain at 8 kHz: speech, noise in pauses after ten seconds, dBov");
        page.print("");
        page.print(
                String.format(
                        Locale.ROOT, "| speech came with | %s | %s | %s |", (Object[]) names()));
        page.print("|---|---|---|---|");
        for (double level : LEVELS_DB) {
            NoisySpeech speech =
                    NoisySpeech.of(voices.get(0), voices.get(3), Noise.STREET, 30, level, 8_000);
            List<String> cells = new ArrayList<>();
            for (Library library : Library.values()) {
                short[] made = processed(library, GAIN, speech.heard(), 8_000);
                short[] both = processed(library, BOTH, speech.heard(), 8_000);
                cells.add(
                        String.format(
                                Locale.ROOT,
                                "%.1f, %.1f (both: %.1f, %.1f)",
                                dbov(speech, made, true),
                                dbov(speech, made, false),
                                dbov(speech, both, true),
                                dbov(speech, both, false)));
            }
            page.print(
                    String.format(
                            Locale.ROOT, "| %.0f dB | %s |", level, String.join(" | ", cells)));
        }
    }

    private static double dbov(NoisySpeech speech, short[] made, boolean speaking) {
        double sum = 0;
        int count = 0;
        for (int f = 500; f + 2 < speech.speaks().length; f++) {
            if (isMidst(speech.speaks(), f, speaking)) {
                sum += Math.pow(NoisySpeech.rms(made, f * 160, 160), 2);
                count++;
            }
        }
        return 10 * Math.log10(sum / count / (32_768.0 * 32_768.0) + 1e-12);
    }

    private void tones() {
        page.print("");
        page.print("Tones of -15 dBov at 8 kHz: dB against what came after 1, 3, 9 s");
        page.print("");
        page.print(
                String.format(
                        Locale.ROOT,
                        "| sound, what is done | %s | %s |",
                        Library.SPEEXDSP.told,
                        Library.WEBRTC.told));
        page.print("|---|---|---|");
        for (EnhancementWishes wishes : List.of(NOISE, GAIN, BOTH)) {
            row("440 Hz, " + wishes, wishes, tone(440, 440));
            row("keys of 80 ms, " + wishes, wishes, keys());
            row("music on hold, " + wishes, wishes, music());
        }
    }

    private void row(String name, EnhancementWishes wishes, short[] pcm) {
        List<String> cells = new ArrayList<>();
        for (Library library : List.of(Library.SPEEXDSP, Library.WEBRTC)) {
            short[] made = processed(library, wishes, pcm, 8_000);
            cells.add(
                    String.format(
                            Locale.ROOT,
                            "%+.1f, %+.1f, %+.1f",
                            louder(pcm, made, 1),
                            louder(pcm, made, 3),
                            louder(pcm, made, 9)));
        }
        page.print(String.format(Locale.ROOT, "| %s | %s |", name, String.join(" | ", cells)));
    }

    private static double louder(short[] pcm, short[] made, int second) {
        return 20
                * Math.log10(
                        NoisySpeech.rms(made, second * 8_000, 4_000)
                                / NoisySpeech.rms(pcm, second * 8_000, 4_000));
    }

    private static short[] tone(double low, double high) {
        short[] pcm = new short[10 * 8_000];
        for (int i = 0; i < pcm.length; i++) {
            double both =
                    Math.sin(2 * Math.PI * low * i / 8_000)
                            + Math.sin(2 * Math.PI * high * i / 8_000);
            pcm[i] = (short) Math.round(4_100 * both);
        }
        return pcm;
    }

    private static short[] keys() {
        short[] pcm = tone(770, 1_336);
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = i % 2_000 < 640 ? pcm[i] : 0;
        }
        return pcm;
    }

    /** Chords that change each half second. */
    private static short[] music() {
        short[] pcm = new short[10 * 8_000];
        double[] roots = {220, 247, 262, 294, 330, 294, 262, 247};
        for (int i = 0; i < pcm.length; i++) {
            double root = roots[i / 4_000 % roots.length];
            double sum = 0;
            for (double over : new double[] {1, 1.25, 1.5, 2, 3}) {
                sum += Math.sin(2 * Math.PI * root * over * i / 8_000) / over;
            }
            pcm[i] = (short) Math.round(2_500 * sum * Math.exp(-2.0 * (i % 4_000) / 4_000));
        }
        return pcm;
    }

    private void cost() throws InterruptedException {
        page.print("");
        page.print(
                "Cost of one leg with both: CPU per 20 ms, µs; % of a core; added delay, ms; opening, µs");
        page.print("");
        page.print("| library | 8 kHz | 16 kHz |");
        page.print("|---|---|---|");
        for (Library library : List.of(Library.SPEEXDSP, Library.WEBRTC)) {
            List<String> cells = new ArrayList<>();
            for (int rate : RATES) {
                short[] voice = Speech.voices(rate).get(0);
                cells.add(cost(library, voice, rate));
            }
            page.print(
                    String.format(
                            Locale.ROOT, "| %s | %s |", library.told, String.join(" | ", cells)));
        }
    }

    private static String cost(Library library, short[] voice, int rate) {
        var threads = ManagementFactory.getThreadMXBean();
        short[] frame = new short[rate / 50];
        List<Double> turns = new ArrayList<>();
        for (int turn = 0; turn < 6; turn++) {
            try (Enhancer enhancer = library.open(BOTH, rate)) {
                long began = threads.getCurrentThreadCpuTime();
                for (int i = 0; i < COSTED_FRAMES; i++) {
                    int at = i * frame.length % (voice.length - frame.length);
                    System.arraycopy(voice, at, frame, 0, frame.length);
                    enhancer.process(frame);
                }
                long took = threads.getCurrentThreadCpuTime() - began;
                if (turn > 0) {
                    turns.add(took / 1_000.0 / COSTED_FRAMES);
                }
            }
        }
        double micros = Spread.of(turns).median();
        long before = threads.getCurrentThreadCpuTime();
        library.open(BOTH, rate).close();
        double opening = (threads.getCurrentThreadCpuTime() - before) / 1_000.0;
        return String.format(
                Locale.ROOT,
                "%.1f; %.3f; %.1f; %.0f",
                micros,
                micros / 200,
                delayMillis(library, voice, rate),
                opening);
    }

    /** How much later speech comes out, by where it resembles what went in most. */
    private static double delayMillis(Library library, short[] voice, int rate) {
        short[] made = processed(library, NOISE, voice, rate);
        double best = 0;
        int found = -1;
        for (int lag = 0; lag < rate / 20; lag++) {
            double sum = 0;
            for (int i = rate; i < 6 * rate && i < voice.length - lag; i++) {
                sum += (double) voice[i] * made[i + lag];
            }
            if (sum > best) {
                best = sum;
                found = lag;
            }
        }
        return 1_000.0 * found / rate;
    }
}
