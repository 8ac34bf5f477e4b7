package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotLossTest {
    private static final long SECOND = 1_000_000_000L;

    private final SlotLoss loss = new SlotLoss();
    private long nowNanos = SECOND;

    /** Two seconds in which a browser asks again for so many of a hundred packets. */
    private void loses(int percent) {
        loss.settle(0, nowNanos);
        for (int i = 0; i < 100; i++) {
            loss.onSent();
            if (i < percent) {
                loss.onNack();
            }
        }
        nowNanos += 2 * SECOND;
        loss.settle(0, nowNanos);
    }

    private void reports(double share) {
        loss.settle(0, nowNanos);
        for (int i = 0; i < 100; i++) {
            loss.onSent();
        }
        nowNanos += 2 * SECOND;
        loss.settle(share, nowNanos);
    }

    private void loses(int percent, int windows) {
        for (int i = 0; i < windows; i++) {
            loses(percent);
        }
    }

    @Test
    void what_is_resent_suffices_for_little_loss() {
        loses(2, 100);
        assertThat(loss.wantsCopies()).isFalse();
        assertThat(loss.wantsRedundancy()).isFalse();
    }

    @Test
    void from_three_percent_each_packet_goes_twice_and_later_once_again() {
        loses(4);
        assertThat(loss.wantsCopies()).isTrue();
        loses(0, 5);
        assertThat(loss.wantsCopies()).isFalse();
    }

    @Test
    void what_was_given_up_too_early_lasts_twice_as_long() {
        loses(4);
        loses(0, 5);
        loses(4);
        assertThat(loss.wantsCopies()).isTrue();
        loses(0, 9);
        assertThat(loss.wantsCopies()).isTrue();
        loses(0);
        assertThat(loss.wantsCopies()).isFalse();
    }

    @Test
    void where_copies_do_not_help_redundancy_comes_and_goes() {
        loses(10);
        loses(10, 2);
        assertThat(loss.wantsRedundancy()).isTrue();
        assertThat(loss.wantsCopies()).as("until the next pause").isTrue();
        loses(10, 20);
        assertThat(loss.wantsRedundancy()).isTrue();
        loses(0, 1);
        assertThat(loss.wantsRedundancy()).isFalse();
        assertThat(loss.wantsCopies()).isTrue();
    }

    @Test
    void a_browser_that_asks_for_nothing_is_judged_by_its_reports() {
        reports(0.1);
        assertThat(loss.wantsCopies()).isTrue();
        reports(0.1);
        reports(0.1);
        assertThat(loss.wantsRedundancy()).as("one of a hundred is lost twice").isFalse();
        reports(0.3);
        reports(0.3);
        assertThat(loss.wantsRedundancy()).isTrue();
    }

    @Test
    void silence_says_nothing() {
        loses(4);
        for (int i = 0; i < 100; i++) {
            nowNanos += 2 * SECOND;
            loss.settle(0, nowNanos);
        }
        assertThat(loss.wantsCopies()).isTrue();
    }

    /** What it has been sent again counts as lost in its reports, and is not. */
    @Test
    void a_browser_that_has_asked_is_judged_by_what_it_asks_for() {
        loses(1);
        for (int i = 0; i < 10; i++) {
            reports(0.5);
        }
        assertThat(loss.wantsCopies()).isFalse();
    }
}
