package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.rtcp.ReceptionStatistics.Verdict;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PassThroughTest {
    private static final long TICK_NANOS = 20_000_000L;
    private static final int LOUD = 10_000;
    private static final Codecs CODECS = Codecs.load();

    private final PassThrough passThrough = new PassThrough();
    private final RtpPacket view = new RtpPacket();
    private long nowNanos = TICK_NANOS;

    private @Nullable SoundPacket gives(int ssrc, int sequence, int timestamp, Verdict verdict) {
        byte[] bytes = new byte[200];
        int at = new RtpWriter().start(bytes, 0, false, 0, sequence, timestamp, ssrc).end();
        for (int i = 0; i < 160; i++) {
            bytes[at + i] = G711.encodeMu(i % 2 == 0 ? LOUD : -LOUD);
        }
        assertThat(view.wrap(bytes, 0, at + 160)).isNull();
        nowNanos += TICK_NANOS;
        if (!passThrough.number(view, 8_000, verdict)) {
            return null;
        }
        int level = passThrough.levelDbov(AudioCodec.PCMU, view, CODECS);
        return passThrough.of(view, AudioCodec.PCMU, level, nowNanos);
    }

    private SoundPacket hands(int ssrc, int sequence, int timestamp, Verdict verdict) {
        return Objects.requireNonNull(gives(ssrc, sequence, timestamp, verdict));
    }

    private SoundPacket next(int i) {
        return hands(1, i, 160 * i, Verdict.VALID);
    }

    private static int sample(SoundPacket sound, int at) {
        return Math.abs(G711.decode(AudioCodec.PCMU, sound.octets()[sound.offset() + at]));
    }

    @Test
    void octets_go_untouched_with_the_level_that_they_have() {
        SoundPacket sound = next(7);

        assertThat(sound.octets()).isSameAs(view.buffer());
        assertThat(sound.length()).isEqualTo(160);
        assertThat(sound.ticks()).isEqualTo(960);
        assertThat(sound.levelDbov()).isEqualTo(Level.ofMeanSquare(LOUD * LOUD));
    }

    @Test
    void numbers_only_grow_over_a_wrap_a_new_ssrc_and_a_stream_that_starts_anew() {
        long sequence = next(65_535).sequence();
        SoundPacket wrapped = hands(1, 0, 65_536 * 160, Verdict.VALID);
        assertThat(wrapped.sequence()).isEqualTo(sequence + 1);
        assertThat(gives(1, 30_000, 5, Verdict.OUT_OF_SEQUENCE)).isNull();

        SoundPacket anew = hands(1, 30_001, 165, Verdict.RESTARTED);
        long second = anew.sequence();
        long time = anew.timestamp();
        assertThat(second).isGreaterThan(sequence + 1);

        SoundPacket other = hands(2, 4, 9, Verdict.PROBATION);
        assertThat(other.sequence()).isGreaterThan(second);
        assertThat(other.timestamp()).isGreaterThan(time);
    }

    @Test
    void timestamps_are_in_ticks_of_our_clock() {
        long first = next(10).timestamp();
        assertThat(next(11).timestamp() - first).isEqualTo(960);
    }

    @Test
    void a_volume_is_reached_over_one_packet_and_kept() {
        next(1);
        passThrough.setGain(0.5);
        SoundPacket ramp = next(2);
        assertThat(sample(ramp, 0)).isBetween(LOUD * 95 / 100, LOUD * 105 / 100);
        assertThat(sample(ramp, 159)).isBetween(LOUD * 47 / 100, LOUD * 53 / 100);

        SoundPacket after = next(3);
        assertThat(sample(after, 0)).isEqualTo(sample(after, 159));
        assertThat(after.levelDbov()).isEqualTo(Level.ofMeanSquare(LOUD * LOUD) - 6);
        assertThat(view.buffer()[after.offset() + 12]).isEqualTo(G711.encodeMu(LOUD));
    }

    @Test
    void a_mute_fades_what_sounds_and_lets_nothing_of_what_begins_through() {
        next(1);
        passThrough.setGain(0);
        assertThat(passThrough.fadedOut(AudioCodec.PCMU)).isFalse();
        next(2);
        assertThat(passThrough.fadedOut(AudioCodec.PCMU)).isTrue();

        passThrough.setGain(1);
        next(3);
        passThrough.setGain(0);
        nowNanos += 200_000_000L;
        SoundPacket begins = next(4);
        assertThat(sample(begins, 0)).isZero();
        assertThat(passThrough.fadedOut(AudioCodec.PCMU)).isTrue();
    }
}
