package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One phone's leg in virtual time, with what it sends and tells in lists. */
abstract class OnePhone implements Wire, LegEvents {
    static final long MILLI = 1_000_000L;
    static final InetSocketAddress PHONE =
            new InetSocketAddress(InetAddress.ofLiteral("203.0.113.5"), 4_000);
    static final InetSocketAddress PHONE_RTCP = new InetSocketAddress(PHONE.getAddress(), 4_001);
    static final InetSocketAddress ELSEWHERE =
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.66"), 4_000);

    final List<byte[]> rtp = new ArrayList<>();
    final List<InetSocketAddress> rtpTargets = new ArrayList<>();
    final List<byte[]> rtcp = new ArrayList<>();
    final List<InetSocketAddress> rtcpTargets = new ArrayList<>();
    final List<String> lost = new ArrayList<>();
    final DropCounters drops = new DropCounters();
    final Codecs codecs = Codecs.load();
    final PhoneLeg leg =
            new PhoneLeg(
                    7,
                    new Workbench(codecs, 5, PassThroughPolicy.AUTO, drops, new Random(3), 0),
                    new AddressRule(PHONE.getAddress(), List.of()),
                    this,
                    this,
                    "name",
                    Duration.ofSeconds(30),
                    0);
    long nowMillis;

    /** PCMU both ways, reports on a port of their own. */
    static PhoneMedia media() {
        return media(AudioCodec.PCMU, 0, Direction.SENDRECV, null);
    }

    /** Packets of 20 ms. */
    static PhoneMedia media(
            AudioCodec codec, int type, Direction direction, @Nullable TelephoneEvent events) {
        return media(codec, type, 20, direction, false, events, OpusParameters.DEFAULT);
    }

    static PhoneMedia media(
            AudioCodec codec,
            int type,
            int ptimeMillis,
            Direction direction,
            boolean held,
            @Nullable TelephoneEvent events,
            OpusParameters opus) {
        return new PhoneMedia(
                codec,
                type,
                type,
                ptimeMillis,
                PHONE,
                PHONE_RTCP,
                false,
                direction,
                held,
                events,
                -1,
                opus);
    }

    static RtpPacket view(byte[] packet) {
        RtpPacket view = new RtpPacket();
        assertThat(view.wrap(packet, 0, packet.length)).isNull();
        return view;
    }

    /** A packet comes from where the phone is. */
    void receives(int type, boolean marker, int ssrc, int number, int clock, byte[] payload) {
        byte[] packet = new byte[400];
        int at = new RtpWriter().start(packet, 0, marker, type, number, clock, ssrc).end();
        System.arraycopy(payload, 0, packet, at, payload.length);
        leg.onRtpPort(packet, 0, at + payload.length, PHONE, now());
    }

    long now() {
        return nowMillis * MILLI;
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        rtp.add(Arrays.copyOfRange(bytes, offset, offset + length));
        rtpTargets.add(to);
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        rtcp.add(Arrays.copyOfRange(bytes, offset, offset + length));
        rtcpTargets.add(to);
    }

    @Override
    public void onConnected(Leg connected) {}

    @Override
    public void onSound(Leg speaker) {}

    @Override
    public boolean onPacket(Leg speaker, SoundPacket sound, long nowNanos) {
        return false;
    }

    @Override
    public void onDtmf(Leg pressed, char digit, int durationMillis) {}

    @Override
    public void onLost(Leg gone, LegLoss loss, String detail) {
        lost.add(loss + " " + detail);
    }
}
