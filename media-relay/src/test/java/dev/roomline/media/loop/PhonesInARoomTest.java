package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.MediaEncryption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Phones on real sockets, through a real relay, in one room. */
class PhonesInARoomTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final double AMPLITUDE = 8_000;
    private static final int SECOND = 8_000;

    private final Codecs codecs = Codecs.load();
    private final NettyMediaRelay relay =
            NettyMediaRelay.start(
                    new MediaSettings(
                            List.of(HERE),
                            List.of(),
                            21_000,
                            21_199,
                            0,
                            2,
                            List.of("opus", "g722", "pcmu", "pcma"),
                            5,
                            PassThroughPolicy.AUTO,
                            EnhancementWishes.NONE,
                            Duration.ofMinutes(5)));
    private final Heard events = new Heard();
    private final MediaRoom room = relay.openRoom("abc-defg-hij", events);

    private static final class Heard implements MediaListener {
        final Set<Integer> connected = ConcurrentHashMap.newKeySet();
        final Set<Integer> talking = ConcurrentHashMap.newKeySet();
        final Map<Integer, Loss> lost = new ConcurrentHashMap<>();

        @Override
        public void onConnected(LegId leg) {
            assertThat(connected.add(leg.value())).as("told once").isTrue();
        }

        @Override
        public void onTalking(LegId leg, boolean isTalking) {
            if (isTalking) {
                talking.add(leg.value());
            } else {
                talking.remove(leg.value());
            }
        }

        @Override
        public void onSlots(LegId browser, Map<String, LegId> slots) {}

        @Override
        public void onDtmf(LegId leg, char digit, int durationMillis) {}

        @Override
        public void onLost(LegId leg, Loss loss, String detail) {
            lost.put(leg.value(), loss);
        }
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private static void await(String what, BooleanSupplier reached) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadlineNanos);
            LockSupport.parkNanos(5_000_000L);
        }
    }

    private static PhoneRequest request(byte[] offer) {
        return new PhoneRequest(
                offer,
                new InetSocketAddress(HERE, 5_060),
                new InetSocketAddress(HERE, 5_070),
                List.of(),
                List.of(),
                MediaEncryption.ALLOW);
    }

    private void join(int leg, TestPhone phone) throws Exception {
        phone.answered(invite(leg, phone.offer()));
        room.release(new LegId(leg));
    }

    private byte[] invite(int leg, String offer) throws Exception {
        Outcome outcome =
                room.addPhone(new LegId(leg), request(offer.getBytes(StandardCharsets.UTF_8)))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        room.join(new LegId(leg));
        return ((Outcome.Accepted) outcome).sdp();
    }

    private TestPhone phone(AudioCodec codec, double hertz, String address) throws IOException {
        return new TestPhone(codecs, codec, hertz, AMPLITUDE, address);
    }

    private static void assertHears(TestPhone phone, double hertz) {
        short[] heard = phone.last(SECOND);
        double spoken = 20 * Math.log10(AMPLITUDE / Math.sqrt(2) / 32_767);
        assertThat(Goertzel.dbov(heard, 0, SECOND, hertz, 8_000))
                .as("level of %s Hz", hertz)
                .isBetween(spoken - 3, spoken + 3);
    }

    private static void assertDoesNotHear(TestPhone phone, double hertz) {
        assertThat(Goertzel.dbov(phone.last(SECOND), 0, SECOND, hertz, 8_000))
                .as("level of %s Hz", hertz)
                .isLessThan(-50);
    }

    private static double snr(TestPhone phone, double hertz) {
        return Goertzel.snr(phone.last(SECOND), 0, SECOND, hertz, 8_000);
    }

    @Test
    void two_phones_hear_each_other_and_not_themselves() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMU, 1_000, "127.0.0.1")) {
            join(1, a);
            join(2, b);

            await("three seconds of sound", () -> heard(a) >= 3 && heard(b) >= 3);
            await("a clear second", () -> snr(a, 1_000) > 30 && snr(b, 440) > 30);

            assertHears(a, 1_000);
            assertHears(b, 440);
            assertDoesNotHear(a, 440);
            assertDoesNotHear(b, 1_000);
            assertThat(events.connected).containsExactlyInAnyOrder(1, 2);
            await("both talk", () -> events.talking.equals(Set.of(1, 2)));
        }
    }

    private static void send(DatagramSocket from, byte[] octets, InetSocketAddress to) {
        try {
            from.send(new DatagramPacket(octets, octets.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int heard(TestPhone phone) {
        return phone.samplesHeard() / SECOND;
    }

    @Test
    void three_phones_of_different_laws_hear_the_other_two() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMA, 1_000, "127.0.0.1");
                TestPhone c = phone(AudioCodec.PCMU, 1_700, "127.0.0.1")) {
            join(1, a);
            join(2, b);
            join(3, c);

            await(
                    "three seconds of sound",
                    () -> Math.min(heard(a), Math.min(heard(b), heard(c))) >= 3);

            assertHears(a, 1_000);
            assertHears(a, 1_700);
            assertDoesNotHear(a, 440);
            assertHears(b, 440);
            assertHears(b, 1_700);
            assertDoesNotHear(b, 1_000);
            assertHears(c, 440);
            assertHears(c, 1_000);
            assertDoesNotHear(c, 1_700);
        }
    }

    @Test
    void a_loop_too_busy_to_be_woken_by_each_packet_loses_nothing() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMA, 1_000, "127.0.0.1");
                DatagramSocket strangers = new DatagramSocket(0, HERE)) {
            join(2, b);
            byte[] answer = invite(1, a.offer());
            a.answered(answer);
            room.release(new LegId(1));
            InetSocketAddress rtcp = new InetSocketAddress(HERE, TestPhone.portOf(answer) + 1);

            await(
                    "three seconds of sound",
                    () -> {
                        // every 5 ms: three thousand a second
                        for (int i = 0; i < 15; i++) {
                            send(strangers, new byte[20], rtcp);
                        }
                        return heard(a) >= 3 && heard(b) >= 3;
                    });

            assertHears(a, 1_000);
            assertHears(b, 440);
            assertThat(a.breaks.get() + b.breaks.get()).isZero();
        }
    }

    @Test
    void a_muted_phone_is_not_heard_but_hears() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMU, 1_000, "127.0.0.1")) {
            join(1, a);
            join(2, b);
            await("a second of sound", () -> heard(a) >= 1 && heard(b) >= 1);

            room.setMuted(new LegId(1), true);
            int mark = b.samplesHeard();
            await("two seconds more", () -> b.samplesHeard() > mark + 2 * SECOND);

            assertDoesNotHear(b, 440);
            assertHears(a, 1_000);
            await("the muted one does not talk", () -> events.talking.equals(Set.of(2)));
        }
    }

    @Test
    void a_held_phone_neither_hears_nor_is_heard_and_is_still_sent_packets() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMU, 1_000, "127.0.0.1")) {
            join(1, a);
            join(2, b);
            await("a second of sound", () -> heard(a) >= 1 && heard(b) >= 1);

            room.setHeld(new LegId(1), true);
            int mark = a.samplesHeard();
            await("two seconds more", () -> a.samplesHeard() > mark + 2 * SECOND);

            assertDoesNotHear(b, 440);
            assertDoesNotHear(a, 1_000);
        }
    }

    @Test
    void a_phone_alone_is_sent_silence_at_its_pace() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1")) {
            join(1, a);

            await("a second of silence", () -> heard(a) >= 1);

            assertThat(Goertzel.dbov(a.last(SECOND), 0, SECOND, 440, 8_000)).isLessThan(-80);
        }
    }

    @Test
    void nothing_is_sent_before_the_release_or_valid_sound() throws Exception {
        try (DatagramSocket victim = new DatagramSocket(0, HERE);
                TestPhone spoofed = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone other = phone(AudioCodec.PCMU, 1_000, "127.0.0.1")) {
            invite(1, spoofed.offerFrom(victim.getLocalPort()));
            join(2, other);
            victim.setSoTimeout(500);

            assertThat(receives(victim)).isFalse();

            room.release(new LegId(1));
            assertThat(receives(victim)).isTrue();
        }
    }

    private static boolean receives(DatagramSocket socket) throws IOException {
        try {
            socket.receive(new DatagramPacket(new byte[2_048], 2_048));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void a_strangers_spray_is_never_heard_and_never_answered() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMU, 1_000, "127.0.0.1");
                DatagramSocket stranger =
                        new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.66"))) {
            byte[] answer = invite(1, a.offer());
            int port = TestPhone.portOf(answer);
            spray(stranger, port, 300);
            a.answered(answer);
            room.release(new LegId(1));
            join(2, b);
            await("a second of sound", () -> heard(b) >= 1);
            int mark = b.samplesHeard();
            await(
                    "a second as clear as without the spray, which goes on through all of it",
                    () -> {
                        spray(stranger, port, 20);
                        assertDoesNotHear(b, 2_500);
                        return b.samplesHeard() > mark + SECOND && snr(b, 440) > 30;
                    });

            assertHears(b, 440);
            stranger.setSoTimeout(100);
            assertThat(receives(stranger)).isFalse();
            assertThat(relay.counters().get("rtp_stranger")).isPositive();
        }
    }

    /** Well-formed PCMU of a loud 2,500 Hz tone, and short and broken packets among it. */
    private static void spray(DatagramSocket stranger, int port, int packets) {
        byte[] packet = new byte[172];
        RtpWriter writer = new RtpWriter();
        for (int i = 0; i < packets; i++) {
            int at = writer.start(packet, 0, false, 0, i & 0xFFFF, 160 * i, 99).end();
            for (int k = at; k < packet.length; k++) {
                packet[k] = (byte) (k % 3 == 0 ? 0x00 : 0x80);
            }
            int length = i % 10 == 0 ? i / 10 % 16 : packet.length;
            try {
                stranger.send(
                        new DatagramPacket(
                                packet, length, new InetSocketAddress(HERE, port + i % 2)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void a_phone_whose_port_is_closed_is_told_to_be_lost() throws Exception {
        TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
        join(1, a);
        await("half a second of sound", () -> a.samplesHeard() > 4_000);

        a.close();

        await("the loss is told", () -> events.lost.get(1) == MediaListener.Loss.PORT_CLOSED);
    }

    @Test
    void a_phone_whose_port_moves_is_followed() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMU, 1_000, "127.0.0.1")) {
            join(1, a);
            join(2, b);
            await("half a second of sound", () -> b.samplesHeard() > 4_000);

            try (DatagramSocket elsewhere = a.moveTo(new DatagramSocket(0, HERE))) {
                elsewhere.setSoTimeout(5_000);
                assertThat(receives(elsewhere)).isTrue();
            }
        }
    }

    @Test
    void a_report_tells_the_path_and_the_figures() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1");
                TestPhone b = phone(AudioCodec.PCMA, 1_000, "127.0.0.1")) {
            join(1, a);
            join(2, b);
            await("a second of sound", () -> heard(a) >= 1 && heard(b) >= 1);

            LegReport report = room.report(new LegId(1)).toCompletableFuture().get().orElseThrow();

            assertThat(report.path())
                    .matches(
                            "rtp\\(PCMU/8000\\) → jitter\\(\\d+ ms\\) → decode → level"
                                    + " → room abc-defg-hij");
            assertThat(report.codecSent()).isEqualTo("PCMU");
            assertThat(report.received().packets()).isGreaterThan(40);
            assertThat(report.sent().packets()).isGreaterThan(40);
            assertThat(report.levelDbov()).isBetween(-18, -12);
            assertThat(relay.loops()).extracting(MediaRelay.LoopReport::legs).contains(2);
        }
    }

    @Test
    void a_removed_leg_frees_its_port_and_is_gone() throws Exception {
        try (TestPhone a = phone(AudioCodec.PCMU, 440, "127.0.0.1")) {
            join(1, a);
            await("some sound", () -> a.samplesHeard() > 1_000);

            room.remove(new LegId(1));

            assertThat(room.report(new LegId(1)).toCompletableFuture().get()).isEmpty();
            assertThat(relay.loops()).extracting(MediaRelay.LoopReport::legs).containsOnly(0);
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
                room.addPhone(new LegId(1), request(offer.getBytes(StandardCharsets.UTF_8)))
                        .toCompletableFuture()
                        .get();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(MediaRoom.Refusal.NO_COMMON_CODEC));
        assertThat(relay.loops()).extracting(MediaRelay.LoopReport::legs).containsOnly(0);
    }
}
