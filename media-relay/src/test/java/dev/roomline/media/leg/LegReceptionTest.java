package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.Incoming;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a phone's leg counts of what it receives, whatever the peer does. */
class LegReceptionTest extends SteadyPhone {
    @Test
    void aPressedKeyIsNoJitter() {
        agree(Direction.SENDRECV);
        for (int key = 0; key < 5; key++) {
            for (int i = 0; i < 50; i++) {
                speaks(SSRC);
            }
            int began = timestamp;
            for (int i = 1; i <= 20; i++) {
                int duration = 160 * i;
                byte[] event = {5, 10, (byte) (duration >> 8), (byte) duration};
                receives(101, SSRC, sequence++, began, event);
                nowMillis += 20;
            }
            timestamp += 20 * 160;
        }
        for (int i = 0; i < 3; i++) {
            speaks(SSRC);
        }
        System.out.printf("jitter after five keys of 400 ms: %.2f ms%n", received().jitterMillis());
        assertThat(received().jitterMillis()).isBetween(0.0, 1.0);
        assertThat(received().packets()).isEqualTo(5 * 70 + 3);
        assertThat(received().lossShare()).isZero();
    }

    @Test
    void aRestartOnTheSameSsrcKeepsTheCallsFigures() {
        agree(Direction.SENDRECV);
        for (int i = 0; i < 1_000; i++) {
            if (i % 10 == 5) {
                sequence++;
            }
            speaks(SSRC);
        }
        LegStatus.Flow before = received();
        assertThat(before.packets()).isEqualTo(1_000);
        assertThat(before.lossShare()).isCloseTo(100 / 1_100.0, within(0.001));

        sequence += 20_000;
        for (int i = 0; i < 100; i++) {
            speaks(SSRC);
        }

        // the first packet after the jump is not believed before a second one follows it
        assertThat(received().packets()).isEqualTo(1_099);
        assertThat(received().bytes()).isEqualTo(160L * 1_098);
        assertThat(received().lossShare()).isCloseTo(100 / 1_199.0, within(0.001));
    }

    @Test
    @Tag("RFC3550§8.2")
    void anotherSsrcKeepsTheCallsFigures() {
        agree(Direction.SENDRECV);
        for (int ssrc = 1; ssrc <= 4; ssrc++) {
            for (int i = 0; i < 100; i++) {
                if (i % 10 == 5) {
                    sequence++;
                }
                speaks(ssrc);
            }
            sequence = 5_000 * ssrc;
            assertThat(received().packets()).isEqualTo(100L * ssrc);
            assertThat(received().lossShare()).isCloseTo(10 / 110.0, within(0.001));
        }
    }

    /** Whether it is played here, whether each fifth packet is lost; and for how many packets. */
    private void speaks(boolean played, boolean lossy, int packets) {
        if (played) {
            leg.ear().open(Ear.Onset.NEXT, now());
        } else {
            leg.ear().shut();
        }
        for (int i = 0; i < packets; i++) {
            if (lossy && i % 5 == 3) {
                sequence++;
                timestamp += 160;
                nowMillis += 20;
            } else {
                speaks(SSRC);
            }
            if (played) {
                leg.ear().pull(now(), false);
            }
        }
    }

    @Test
    void whatWentOnAsItCameIsRatedByWhatWasLostOfIt() {
        agree(Direction.SENDRECV);
        speaks(true, false, 50);
        assertThat(received().mos()).isGreaterThan(4.2);
        speaks(false, true, 5_000);
        System.out.printf("a second played, 100 s handed on at 20 %%: %.2f%n", received().mos());
        assertThat(received().lossShare()).isCloseTo(0.2, within(0.01));
        assertThat(received().mos()).isBetween(2.0, 3.0);

        // and no better or worse than its parts
        speaks(true, false, 15_000);
        System.out.printf("and 300 s played without: %.2f%n", received().mos());
        assertThat(received().mos()).isBetween(3.6, 4.1);
    }

    @Test
    void whatWasPlayedIsRatedByWhatWasMadeUpOfIt() {
        agree(Direction.SENDRECV);
        speaks(false, false, 50);
        speaks(true, true, 5_000);
        System.out.printf("a second handed on, 100 s played at 20 %%: %.2f%n", received().mos());
        assertThat(received().mos()).isBetween(2.0, 3.0);
    }

    @Test
    void aPeerThatChangesItsSsrcWithEachPacketMakesNothingGrow() {
        agree(Direction.SENDRECV);
        byte[][] packets = new byte[2][];
        for (int i = 0; i < 2; i++) {
            packets[i] = new byte[172];
            new RtpWriter().start(packets[i], 0, false, 0, 100, 1_600, 40 + i).end();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long octets = 0;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                nowMillis += 10;
                leg.onRtpPort(packets[i % 2], 0, 172, PHONE, now());
            }
            octets = threads.getCurrentThreadAllocatedBytes() - before;
        }
        System.out.println("20000 packets of two SSRCs by turns: " + octets + " octets");
        assertThat(octets).isLessThan(20_000);
    }

    @Test
    void aPeerThatChangesItsCodecWithEachPacketGetsOneDecoderOfEach() {
        agree(Direction.SENDRECV);
        Incoming opus = media(AudioCodec.OPUS, Direction.SENDRECV).incoming();
        Incoming pcmu = media(AudioCodec.PCMU, Direction.SENDRECV).incoming();
        leg.promised(List.of(opus, pcmu));
        Set<AudioDecoder> opened = Collections.newSetFromMap(new IdentityHashMap<>());
        byte[] silence = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};
        for (int i = 0; i < 1_000; i++) {
            boolean turn = i % 2 == 0;
            nowMillis += 10;
            receives(
                    turn ? opus.payloadType() : 0,
                    SSRC,
                    sequence++,
                    960 * i,
                    turn ? silence : new byte[160]);
            assertThat(leg.ear().codec()).isEqualTo(turn ? AudioCodec.OPUS : AudioCodec.PCMU);
            opened.add(leg.ear().decoder());
        }
        assertThat(opened).hasSize(2);
    }
}
