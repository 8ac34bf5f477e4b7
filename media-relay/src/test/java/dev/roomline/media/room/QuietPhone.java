package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.AddressRule;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.Wire;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A phone that makes nothing itself, so that what others make can be measured. */
final class QuietPhone implements Wire {
    private final PhoneLeg leg;
    private final InetSocketAddress address;
    private final int type;
    private final int id;
    private final RtpWriter writer = new RtpWriter();
    private final byte[] packet = new byte[200];
    private long sent;

    QuietPhone(int id, AudioCodec codec, VirtualRoom at) {
        this.id = id;
        type = codec.staticPayloadType();
        address = new InetSocketAddress(InetAddress.ofLiteral("203.0.113." + id), 4_000);
        AddressRule rule = new AddressRule(address.getAddress(), List.of());
        leg = new PhoneLeg(id, at.bench, rule, this, at.room, "name", Duration.ZERO, 0);
        leg.agreed(
                new PhoneMedia(
                        codec,
                        type,
                        type,
                        20,
                        address,
                        address,
                        true,
                        Direction.SENDRECV,
                        false,
                        null,
                        -1,
                        OpusParameters.DEFAULT),
                0);
        leg.join();
        leg.release();
        at.room.add(leg);
    }

    /** Its next packet. */
    void says(int n, long nowNanos) {
        int head = writer.start(packet, 0, false, type, n & 0xFFFF, n * 160, id).end();
        for (int i = 0; i < 160; i++) {
            packet[head + i] = (byte) (i % 2 == 0 ? 0x10 : 0x90);
        }
        leg.onRtpPort(packet, 0, head + 160, address, nowNanos);
    }

    long sent() {
        return sent;
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        sent++;
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {}
}
