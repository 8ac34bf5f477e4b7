package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.MediaProtection;
import dev.roomline.media.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** One that says 0x55 alone, sealed or in clear, and counts what is heard of it. */
abstract class SealedPhone extends OnePhone {
    private int sequence = 65_500;
    int heard;

    @Override
    public boolean onPacket(Leg speaker, SoundPacket sound, long nowNanos) {
        heard++;
        for (int i = 0; i < sound.length(); i++) {
            assertThat(sound.octets()[sound.offset() + i]).isEqualTo((byte) 0x55);
        }
        return true;
    }

    void agree(MediaProtection protection) {
        leg.agreed(media().protectedBy(protection), now());
        leg.join();
        leg.release();
    }

    byte[] frame() {
        byte[] packet = new byte[12 + 160 + SrtpSession.TAIL_ROOM];
        int at =
                new RtpWriter()
                        .start(packet, 0, false, 0, sequence & 0xFFFF, 160 * sequence, 99)
                        .end();
        Arrays.fill(packet, at, at + 160, (byte) 0x55);
        sequence++;
        nowMillis += 20;
        return packet;
    }

    byte[] sealed(SrtpSession by) {
        byte[] packet = frame();
        return Arrays.copyOf(packet, by.protectRtp(packet, 0, 172));
    }

    void comes(byte[] packet, InetSocketAddress from) {
        byte[] datagram = Arrays.copyOf(packet, packet.length + 32);
        leg.onRtpPort(datagram, 0, packet.length, from, now());
    }
}
