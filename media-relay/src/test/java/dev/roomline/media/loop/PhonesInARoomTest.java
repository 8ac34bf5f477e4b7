package dev.roomline.media.loop;

import static dev.roomline.media.loop.LoopbackRelay.HERE;
import static dev.roomline.media.loop.LoopbackRelay.await;
import static dev.roomline.media.loop.TestPhone.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Phones on real sockets, through a real relay, in one room: who hears whom. */
class PhonesInARoomTest {
    @AutoClose private final OneRoom here = new OneRoom();

    @Test
    void two_phones_hear_each_other_and_not_themselves() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMU, 1_000)) {
            here.join(1, a);
            here.join(2, b);

            await("three seconds of sound", () -> a.secondsHeard() >= 3 && b.secondsHeard() >= 3);
            await("a clear second", () -> a.snr(1_000) > 30 && b.snr(440) > 30);

            a.assertHears(1_000);
            b.assertHears(440);
            a.assertDoesNotHear(440);
            b.assertDoesNotHear(1_000);
            assertThat(here.events.connected).containsExactlyInAnyOrder(1, 2);
            await("both talk", () -> here.events.talking.equals(Set.of(1, 2)));
        }
    }

    @Test
    void three_phones_of_different_laws_hear_the_other_two() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMA, 1_000);
                TestPhone c = here.phone(AudioCodec.PCMU, 1_700)) {
            here.join(1, a);
            here.join(2, b);
            here.join(3, c);

            await(
                    "three seconds of sound",
                    () ->
                            Math.min(a.secondsHeard(), Math.min(b.secondsHeard(), c.secondsHeard()))
                                    >= 3);

            a.assertHears(1_000);
            a.assertHears(1_700);
            a.assertDoesNotHear(440);
            b.assertHears(440);
            b.assertHears(1_700);
            b.assertDoesNotHear(1_000);
            c.assertHears(440);
            c.assertHears(1_000);
            c.assertDoesNotHear(1_700);
        }
    }

    @Test
    void a_loop_too_busy_to_be_woken_by_each_packet_loses_nothing() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMA, 1_000);
                DatagramSocket strangers = new DatagramSocket(0, HERE)) {
            here.join(2, b);
            byte[] answer = here.invite(1, a.offer());
            a.answered(answer);
            here.room.release(new LegId(1));
            InetSocketAddress rtcp = new InetSocketAddress(HERE, TestPhone.portOf(answer) + 1);

            await(
                    "three seconds of sound",
                    () -> {
                        // every 5 ms: three thousand a second
                        for (int i = 0; i < 15; i++) {
                            send(strangers, new byte[20], rtcp);
                        }
                        return a.secondsHeard() >= 3 && b.secondsHeard() >= 3;
                    });

            a.assertHears(1_000);
            b.assertHears(440);
            assertThat(a.breaks.get() + b.breaks.get()).isZero();
        }
    }

    private static void send(DatagramSocket from, byte[] octets, InetSocketAddress to) {
        try {
            from.send(new DatagramPacket(octets, octets.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_muted_phone_is_not_heard_but_hears() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMU, 1_000)) {
            here.join(1, a);
            here.join(2, b);
            await("a second of sound", () -> a.secondsHeard() >= 1 && b.secondsHeard() >= 1);

            here.room.setMuted(new LegId(1), true);
            int mark = b.samplesHeard();
            await("two seconds more", () -> b.samplesHeard() > mark + 2 * SECOND);

            b.assertDoesNotHear(440);
            a.assertHears(1_000);
            await("the muted one does not talk", () -> here.events.talking.equals(Set.of(2)));
        }
    }

    @Test
    void a_held_phone_neither_hears_nor_is_heard_and_is_still_sent_packets() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMU, 1_000)) {
            here.join(1, a);
            here.join(2, b);
            await("a second of sound", () -> a.secondsHeard() >= 1 && b.secondsHeard() >= 1);

            here.room.setHeld(new LegId(1), true);
            int mark = a.samplesHeard();
            await("two seconds more", () -> a.samplesHeard() > mark + 2 * SECOND);

            b.assertDoesNotHear(440);
            a.assertDoesNotHear(1_000);
        }
    }

    @Test
    void a_phone_alone_is_sent_silence_at_its_pace() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440)) {
            here.join(1, a);

            await("a second of silence", () -> a.secondsHeard() >= 1);

            assertThat(a.level(440, SECOND)).isLessThan(-80);
        }
    }

    @Test
    void a_report_tells_the_path_and_the_figures() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMA, 1_000)) {
            here.join(1, a);
            here.join(2, b);
            await("a second of sound", () -> a.secondsHeard() >= 1 && b.secondsHeard() >= 1);

            LegReport report =
                    here.room.report(new LegId(1)).toCompletableFuture().get().orElseThrow();

            assertThat(report.path())
                    .matches(
                            "rtp\\(PCMU/8000\\) → jitter\\(\\d+ ms\\) → decode → level"
                                    + " → room abc-defg-hij");
            assertThat(report.codecSent()).isEqualTo("PCMU");
            assertThat(report.received().packets()).isGreaterThan(40);
            assertThat(report.sent().packets()).isGreaterThan(40);
            assertThat(report.levelDbov()).isBetween(-18, -12);
            assertThat(here.media.loops()).extracting(MediaRelay.LoopReport::legs).contains(2);
        }
    }

    @Test
    void a_removed_leg_frees_its_port_and_is_gone() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440)) {
            here.join(1, a);
            await("some sound", () -> a.samplesHeard() > 1_000);

            here.room.remove(new LegId(1));

            assertThat(here.room.report(new LegId(1)).toCompletableFuture().get()).isEmpty();
            assertThat(here.media.loops()).extracting(MediaRelay.LoopReport::legs).containsOnly(0);
        }
    }

    @Test
    void an_offer_without_a_common_codec_is_refused_and_leaves_nothing() throws Exception {
        String offer =
                """
                v=0
                o=- 1 1 IN IP4 127.0.0.1
                s=-
                c=IN IP4 127.0.0.1
                t=0 0
                m=audio 4000 RTP/AVP 18
                a=rtpmap:18 G729/8000
                """
                        .replace("\n", "\r\n");

        Outcome outcome =
                here.room
                        .addPhone(new LegId(1), LoopbackRelay.request(offer))
                        .toCompletableFuture()
                        .get();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(MediaRoom.Refusal.NO_COMMON_CODEC));
        assertThat(here.media.loops()).extracting(MediaRelay.LoopReport::legs).containsOnly(0);
    }
}
