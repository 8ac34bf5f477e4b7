package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.ForkingEncoder;
import dev.roomline.media.codec.G711;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Doubler;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.jitter.JitterReport;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EarTest {
    private static final long FRAME_NANOS = 20_000_000L;

    private final Codecs codecs = Codecs.load();
    private Ear ear =
            new Ear(
                    new Workbench(
                            codecs,
                            5,
                            PassThroughPolicy.AUTO,
                            new DropCounters(),
                            new Random(3),
                            0));
    private final OpusEncoder opus = codecs.openOpusEncoder(OpusSettings.voice(16_000, 5));
    private final Tone narrowTone = new Tone(440, 8_000, -15);
    private final Tone wideTone = new Tone(440, 16_000, -15);
    private final Doubler doubler = new Doubler();
    private final byte[] packet = new byte[1_500];
    private int sequence;

    @AfterEach
    void close() {
        ear.close();
        opus.close();
    }

    /** 20 ms come in by one codec. */
    private void say(AudioCodec codec, long nowNanos) {
        ear.listen(codec);
        short[] pcm = new short[codec == AudioCodec.OPUS ? 320 : 160];
        (codec == AudioCodec.OPUS ? wideTone : narrowTone).generate(pcm, 0, pcm.length);
        int length = pcm.length;
        if (codec == AudioCodec.OPUS) {
            length = opus.encode(pcm, 0, pcm.length, packet, 0);
        } else {
            for (int i = 0; i < length; i++) {
                packet[i] = G711.encode(codec, pcm[i]);
            }
        }
        int timestamp = sequence * codec.clockRate() / 50;
        ear.insert(7, sequence & 0xFFFF, timestamp, false, packet, 0, length, nowNanos);
        sequence++;
    }

    /** What is heard, at 16 kHz. */
    private void hear(long nowNanos, short[] pcm, int at) {
        ear.pull(nowNanos, false);
        short[] narrow = ear.voice().narrow();
        short[] wide = ear.voice().wide();
        doubler.process(narrow == null ? new short[160] : narrow, 0, 160, pcm, at);
        for (int i = 0; wide != null && i < 320; i++) {
            pcm[at + i] += wide[i];
        }
    }

    @Test
    void a_codec_of_the_other_rate_takes_over_without_a_click() {
        ear.open(Ear.Onset.NEWEST, 0);
        short[] heard = new short[200 * 320];
        for (int n = 0; n < 200; n++) {
            long now = n * FRAME_NANOS;
            say((n >= 50 && n < 100) || n >= 150 ? AudioCodec.OPUS : AudioCodec.PCMA, now);
            hear(now, heard, n * 320);
        }

        double alone = roughness(heard, 20 * 320, 49 * 320);
        for (int n : new int[] {50, 100, 150}) {
            assertThat(roughness(heard, (n - 1) * 320, (n + 30) * 320))
                    .as("at %s", n)
                    .isLessThan(3 * alone);
            assertThat(Level.dbov(heard, (n + 10) * 320, 30 * 320)).isBetween(-16, -14);
        }
        JitterReport report = Objects.requireNonNull(ear.report());
        assertThat(report.accepted()).isEqualTo(200);
        assertThat(report.lost()).isZero();
    }

    /**
     * What came long before somebody listens is of another sound: it is neither played nor known.
     */
    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "OPUS"})
    void what_is_older_than_a_tenth_of_a_second_is_not_played_at_the_onset(AudioCodec codec) {
        for (int n = 0; n < 10; n++) {
            say(codec, n * FRAME_NANOS);
        }
        long now = 9 * FRAME_NANOS + 101_000_000L;
        ear.open(Ear.Onset.NEWEST, now);
        for (int n = 0; n < 10; n++) {
            assertThat(ear.pull(now + n * FRAME_NANOS, false)).as("pull %s", n).isFalse();
        }
        assertThat(ear.isPlaying()).isFalse();
    }

    /**
     * An idle phone's A-law has no zero: ±8 are nothing to mix, and nothing to keep an encoder
     * busy.
     */
    @Test
    void what_nobody_can_hear_is_no_sound() {
        ear.open(Ear.Onset.NEWEST, 0);
        ear.listen(AudioCodec.PCMA);
        for (int n = 0; n < 50; n++) {
            boolean idle = n < 25;
            for (int i = 0; i < 160; i++) {
                packet[i] =
                        G711.encode(AudioCodec.PCMA, (short) (idle ? 0 : i % 2 == 0 ? 30 : -30));
            }
            ear.insert(7, n, 160 * n, false, packet, 0, 160, n * FRAME_NANOS);
            boolean sounds = ear.pull(n * FRAME_NANOS, false);
            if (n < 25 || n > 30) {
                assertThat(sounds).as("frame %s", n).isEqualTo(n > 30);
            }
        }
    }

    @Test
    void a_codec_of_the_other_rate_takes_over_without_a_click_where_speech_is_enhanced() {
        Workbench bench =
                new Workbench(
                        codecs, 5, PassThroughPolicy.AUTO, new DropCounters(), new Random(3), 0);
        try (Ear enhanced = new Ear(bench, Enhancement.load(new EnhancementWishes(false, true)))) {
            ear.close();
            ear = enhanced;
            ear.open(Ear.Onset.NEWEST, 0);
            short[] heard = new short[200 * 320];
            for (int n = 0; n < 200; n++) {
                say(n >= 100 ? AudioCodec.OPUS : AudioCodec.PCMA, n * FRAME_NANOS);
                hear(n * FRAME_NANOS, heard, n * 320);
            }

            double alone = roughness(heard, 20 * 320, 99 * 320);
            assertThat(roughness(heard, 99 * 320, 130 * 320)).isLessThan(3 * alone);
        }
    }

    @Test
    void a_peer_that_changes_its_codec_with_each_packet_makes_nothing_grow() {
        ear.open(Ear.Onset.NEWEST, 0);
        var threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        short[] heard = new short[320];
        long before = 0;
        for (int n = 0; n < 4_000; n++) {
            if (n == 2_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            say(n % 2 == 0 ? AudioCodec.OPUS : AudioCodec.PCMU, n * FRAME_NANOS);
            hear(n * FRAME_NANOS, heard, 0);
        }

        // the test's own arrays; a jitter buffer would be tens of thousands
        double perPacket = (threads.getCurrentThreadAllocatedBytes() - before) / 2_000.0;
        assertThat(perPacket).isLessThan(2_000);
    }

    /**
     * An ear that nobody heard for a second is opened in the midst of a sound: what it plays then
     * is what one plays that was open all the time.
     */
    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"G722", "OPUS"})
    void who_was_not_decoded_sounds_at_the_onset_as_if_it_had_been(AudioCodec codec) {
        Ear late = new Ear(bench());
        ear.listen(codec);
        late.listen(codec);
        ear.open(Ear.Onset.NEWEST, 0);
        Tone second = new Tone(613, 16_000, -15);
        ForkingEncoder encoder = codec == AudioCodec.OPUS ? opus : codecs.openG722Encoder();
        short[] always = new short[100 * 320];
        short[] opened = new short[100 * 320];
        short[] pcm = new short[320];
        short[] other = new short[320];
        for (int n = 0; n < 100; n++) {
            long now = n * FRAME_NANOS;
            wideTone.generate(pcm, 0, 320);
            second.generate(other, 0, 320);
            for (int i = 0; i < 320; i++) {
                pcm[i] += other[i];
            }
            int length = encoder.encode(pcm, 0, 320, packet, 0);
            int timestamp = n * codec.clockRate() / 50;
            ear.insert(7, n, timestamp, false, packet, 0, length, now);
            late.insert(7, n, timestamp, false, packet, 0, length, now);
            if (n == 50) {
                late.open(Ear.Onset.NEWEST, now);
            }
            ear.pull(now + 10_000_000, false);
            System.arraycopy(ear.frame(), 0, always, n * 320, 320);
            if (n >= 50) {
                late.pull(now + 10_000_000, false);
                System.arraycopy(late.frame(), 0, opened, n * 320, 320);
            }
        }
        int onset = 50 * 320;
        while (Math.abs(opened[onset]) < 50) {
            onset++;
        }
        // joined over the first milliseconds
        double snr = likeness(always, opened, onset + 160, 1_280);
        System.out.printf("%s: onset like an open ear's by %.1f dB%n", codec, snr);
        assertThat(snr).isGreaterThan(codec == AudioCodec.OPUS ? 30 : 15);
        late.close();
    }

    /** SNR of a stretch against the other's, wherever that played it. */
    private static double likeness(short[] all, short[] part, int from, int length) {
        double best = -100;
        for (int shift = -960; shift <= 960; shift++) {
            double signal = 1;
            double rest = 1;
            for (int i = from; i < from + length && i + shift < all.length; i++) {
                signal += (double) all[i + shift] * all[i + shift];
                double off = all[i + shift] - part[i];
                rest += off * off;
            }
            best = Math.max(best, 10 * Math.log10(signal / rest));
        }
        return best;
    }

    private Workbench bench() {
        return new Workbench(
                codecs, 5, PassThroughPolicy.AUTO, new DropCounters(), new Random(3), 0);
    }

    private static double roughness(short[] pcm, int from, int to) {
        double worst = 0;
        for (int i = from + 2; i < to; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }
}
