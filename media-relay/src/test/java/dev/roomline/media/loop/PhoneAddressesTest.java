package dev.roomline.media.loop;

import static dev.roomline.media.loop.LoopbackRelay.HERE;
import static dev.roomline.media.loop.LoopbackRelay.await;
import static dev.roomline.media.loop.TestPhone.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.rtp.RtpWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which addresses a phone's sound may come from and goes to, on real sockets. */
class PhoneAddressesTest {
    @AutoClose private final OneRoom here = new OneRoom();

    @Test
    void nothing_is_sent_before_the_release_or_valid_sound() throws Exception {
        try (DatagramSocket victim = new DatagramSocket(0, HERE);
                TestPhone spoofed = here.phone(AudioCodec.PCMU, 440);
                TestPhone other = here.phone(AudioCodec.PCMU, 1_000)) {
            here.invite(1, spoofed.offerFrom(victim.getLocalPort()));
            here.join(2, other);
            victim.setSoTimeout(500);

            assertThat(receives(victim)).isFalse();

            here.room.release(new LegId(1));
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
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMU, 1_000);
                DatagramSocket stranger =
                        new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.66"))) {
            byte[] answer = here.invite(1, a.offer());
            int port = TestPhone.portOf(answer);
            spray(stranger, port, 300);
            a.answered(answer);
            here.room.release(new LegId(1));
            here.join(2, b);
            await("a second of sound", () -> b.secondsHeard() >= 1);
            int mark = b.samplesHeard();
            await(
                    "a second as clear as without the spray, which goes on through all of it",
                    () -> {
                        spray(stranger, port, 20);
                        b.assertDoesNotHear(2_500);
                        return b.samplesHeard() > mark + SECOND && b.snr(440) > 30;
                    });

            b.assertHears(440);
            stranger.setSoTimeout(100);
            assertThat(receives(stranger)).isFalse();
            assertThat(here.media.counters().get("rtp_stranger")).isPositive();
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
        TestPhone a = here.phone(AudioCodec.PCMU, 440);
        here.join(1, a);
        await("half a second of sound", () -> a.samplesHeard() > 4_000);

        a.close();

        await("the loss is told", () -> here.events.lost.get(1) == MediaListener.Loss.PORT_CLOSED);
    }

    @Test
    void a_phone_whose_port_moves_is_followed() throws Exception {
        try (TestPhone a = here.phone(AudioCodec.PCMU, 440);
                TestPhone b = here.phone(AudioCodec.PCMU, 1_000)) {
            here.join(1, a);
            here.join(2, b);
            await("half a second of sound", () -> b.samplesHeard() > 4_000);

            try (DatagramSocket elsewhere = a.moveTo(new DatagramSocket(0, HERE))) {
                elsewhere.setSoTimeout(5_000);
                assertThat(receives(elsewhere)).isTrue();
            }
        }
    }
}
