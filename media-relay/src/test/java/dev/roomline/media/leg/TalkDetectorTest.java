package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TalkDetectorTest {
    private static final long FRAME_NANOS = 20_000_000L;

    private final TalkDetector talk = new TalkDetector();
    private long nowNanos;

    private boolean hears(int levelDbov, int frames) {
        boolean talking = false;
        for (int i = 0; i < frames; i++) {
            nowNanos += FRAME_NANOS;
            talking = talk.update(levelDbov, nowNanos);
        }
        return talking;
    }

    @Test
    void speech_is_noticed_at_its_first_frame() {
        hears(-70, 100);

        assertThat(hears(-30, 1)).isTrue();
    }

    @Test
    void a_pause_between_words_is_no_end_and_a_long_one_is() {
        hears(-30, 50);

        assertThat(hears(-75, 22)).isTrue();
        assertThat(hears(-75, 1)).isFalse();
    }

    @Test
    void steady_noise_becomes_silence_and_speech_stands_out_of_it() {
        hears(-52, 3_000);

        assertThat(talk.talking()).isFalse();
        assertThat(hears(-40, 1)).isTrue();
    }

    @Test
    void a_loud_steady_tone_stays_sound() {
        assertThat(hears(-20, 50 * 600)).isTrue();
    }

    @Test
    void whispering_in_a_quiet_room_is_speech() {
        hears(-75, 200);

        assertThat(hears(-58, 1)).isTrue();
    }

    @Test
    void nothing_coming_ends_it_too() {
        hears(-30, 10);

        assertThat(talk.settle(nowNanos + TalkDetector.HANG_OVER_NANOS - 1)).isTrue();
        assertThat(talk.settle(nowNanos + TalkDetector.HANG_OVER_NANOS)).isFalse();
    }
}
