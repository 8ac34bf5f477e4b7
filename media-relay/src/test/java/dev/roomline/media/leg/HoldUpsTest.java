package dev.roomline.media.leg;

import static dev.roomline.media.leg.NetworkTalk.AMPLITUDE;
import static dev.roomline.media.leg.NetworkTalk.CLICK;
import static dev.roomline.media.leg.NetworkTalk.HERTZ;
import static dev.roomline.media.leg.NetworkTalk.LONG_SPEECH;
import static dev.roomline.media.leg.NetworkTalk.LONG_TONE;
import static dev.roomline.media.leg.NetworkTalk.SECOND;
import static dev.roomline.media.leg.NetworkTalk.SPEECH;
import static dev.roomline.media.leg.NetworkTalk.TONE;
import static dev.roomline.media.leg.NetworkTalk.heldUp;
import static dev.roomline.media.leg.NetworkTalk.print;
import static dev.roomline.media.leg.NetworkTalk.spread;
import static dev.roomline.media.leg.Sender.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.jitter.Playout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long the delay stays up after packets were held up, and whether it is what is told. */
class HoldUpsTest {
    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void afterAHoldUpOf300MillisTheDelayIsBackWithinTenSeconds(AudioCodec codec) {
        for (short[] said : new short[][] {LONG_TONE, LONG_SPEECH}) {
            Sender phone = new Sender(5);
            phone.codec = codec;
            phone.fifo = true;
            phone.delayNanos = t -> heldUp(t, 20 * SECOND, 20 * SECOND + 300 * MILLI);

            Heard heard = Listening.to(phone.say(said));

            print("held up for 300 ms at 20 s", heard);
            double back = heard.lastAbove(20.3, 45);
            System.out.printf("  back below 45 ms %.1f s after it%n", back - 20.3);
            assertThat(heard.maxDelay(20, 21)).isGreaterThan(200);
            assertThat(back - 20.3).isLessThan(10);
            assertThat(heard.report().lost()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void afterFiveBadSecondsTheDelayIsBackWithinTen(AudioCodec codec) {
        Sender phone = new Sender(5);
        phone.codec = codec;
        phone.delayNanos = t -> t > 15 * SECOND && t < 20 * SECOND ? spread(phone, 150) : 5 * MILLI;

        Heard heard = Listening.to(phone.say(LONG_TONE));

        print("150 ms of jitter for five seconds", heard);
        double back = heard.lastAbove(20, 45);
        System.out.printf("  back below 45 ms %.1f s after it%n", back - 20);
        assertThat(back - 20).isLessThan(10);
        assertThat(heard.report().concealedShare()).isLessThan(0.02);
        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, true, 1)).isZero();
    }

    @Test
    void holdUpsThatComeAgainAndAgainAreAwaited() {
        Sender phone = new Sender(5);
        phone.fifo = true;
        // as Wi-Fi does when it scans: 180 ms each three seconds
        phone.delayNanos = t -> heldUp(t % (3 * SECOND), 2 * SECOND, 2 * SECOND + 180 * MILLI);

        Heard heard = Listening.to(phone.say(LONG_TONE));

        print("180 ms each three seconds", heard);
        int after = 0;
        for (int i = 10 * 50; i < 39 * 50; i++) {
            after += heard.playouts().get(i) == Playout.SPEECH ? 0 : 1;
        }
        assertThat(after).as("frames made up after the third").isZero();
        // a pull may come up to 20 ms before the next packet would have been needed
        assertThat(heard.report().targetMillis()).isBetween(160, 200);
    }

    @Test
    void afterAHoldUpAnotherIsAwaitedForAWhile() {
        Sender phone = new Sender(5);
        phone.fifo = true;
        phone.delayNanos = t -> heldUp(t % (2 * SECOND), SECOND, SECOND + 120 * MILLI);

        Heard heard = Listening.to(phone.say(TONE));

        print("120 ms each two seconds", heard);
        assertThat(heard.playouts().subList(50, 2 * 50)).contains(Playout.CONCEALED);
        assertThat(heard.playouts().subList(2 * 50, 19 * 50)).containsOnly(Playout.SPEECH);
    }

    /** The word of the buffer for its delay is checked against the sound itself. */
    @Test
    void theDelayThatIsToldIsTheDelayThatIsHeard() {
        Sender phone = new Sender(6);
        phone.delayNanos = t -> t > 8 * SECOND ? spread(phone, 60) : 5 * MILLI;

        Heard heard = Listening.to(phone.say(SPEECH));

        int compared = 0;
        for (double at : new double[] {4.1, 5.3, 6.2, 12.1, 13.4, 14.6, 15.2, 16.8}) {
            double heardMillis = heard.mouthToEarMillis(at);
            // packetisation, the network's best, two half-band filters
            double told = heard.delays()[(int) (at * 50)] + 20 + 5 + 3 - 20;
            System.out.printf("at %.1f s heard %.1f ms, told %.1f ms%n", at, heardMillis, told);
            if (heardMillis > 0) {
                compared++;
                assertThat(heardMillis - told).isBetween(-25.0, 25.0);
            }
        }
        assertThat(compared).isGreaterThan(4);
    }
}
