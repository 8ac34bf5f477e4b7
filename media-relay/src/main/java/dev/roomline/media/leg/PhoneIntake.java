package dev.roomline.media.leg;

import dev.roomline.media.ice.DatagramKind;
import dev.roomline.media.rtp.RtpDemux;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on a phone's two ports: checks go to ICE, handshakes to DTLS, sound and reports are
 * opened where they are sealed, and only what the {@link PhoneRoad} takes for the phone's goes on.
 * Everything else is dropped and counted by its reason. Owner: the leg's media loop.
 */
final class PhoneIntake {
    private final PhoneRoad road;
    private final PhoneIce ice;
    private final PhoneSeal seal;
    private final PhoneUplink uplink;
    private final PhoneMouth mouth;
    private final LegRtcp rtcp;
    private final Liveness liveness;
    private final Consumer<InetSocketAddress> latched;
    private final Budget budget = Budget.ofPackets();
    private Workbench bench;
    private @Nullable PhoneMedia media;

    /**
     * @param latched is told from where the phone is heard from now on
     */
    PhoneIntake(
            PhoneRoad road,
            PhoneIce ice,
            PhoneSeal seal,
            PhoneUplink uplink,
            PhoneMouth mouth,
            LegRtcp rtcp,
            Liveness liveness,
            Workbench bench,
            Consumer<InetSocketAddress> latched) {
        this.road = road;
        this.ice = ice;
        this.seal = seal;
        this.uplink = uplink;
        this.mouth = mouth;
        this.rtcp = rtcp;
        this.liveness = liveness;
        this.bench = bench;
        this.latched = latched;
    }

    void moveTo(Workbench other) {
        bench = other;
    }

    /** A description holds. */
    void agreed(PhoneMedia next) {
        media = next;
    }

    /** A datagram came on the RTP port. */
    void onRtpPort(byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        PhoneMedia agreed = media;
        if (agreed == null) {
            bench.drop(Drop.RTP_UNPROVEN);
        } else if (ice.isOn() && DatagramKind.of(bytes, offset, length) == DatagramKind.STUN) {
            ice.onStun(bytes, offset, length, source, false, nowNanos);
        } else if (RtpDemux.isRtcp(bytes, offset, length)) {
            if (agreed.rtcpMux()) {
                onRtcpPort(bytes, offset, length, source, nowNanos);
            } else {
                bench.drop(Drop.RTP_UNNEGOTIATED);
            }
        } else if (!seal.isOn()) {
            onClear(bytes, offset, length, source, nowNanos);
        } else if (!road.mayBeHeard(source, bytes, offset, length, nowNanos)) {
            // what a stranger sends is not worth a cipher's time
            bench.drop(Drop.RTP_STRANGER);
        } else if (DatagramKind.of(bytes, offset, length) == DatagramKind.DTLS) {
            seal.onDtls(bytes, offset, length, source, false, nowNanos);
        } else {
            int clear = seal.open(bytes, offset, length, false, nowNanos);
            if (clear != PhoneSeal.DROPPED) {
                ice.onAuthentic(source, nowNanos);
                onClear(bytes, offset, clear, source, nowNanos);
            }
        }
    }

    private void onClear(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        if (bench.packet.wrap(bytes, offset, length) != null) {
            bench.drop(Drop.RTP_MALFORMED);
        } else {
            onRtp(bench.packet, source, nowNanos);
        }
    }

    /** A datagram came on the RTCP port. */
    void onRtcpPort(byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        if (ice.isOn() && DatagramKind.of(bytes, offset, length) == DatagramKind.STUN) {
            ice.onStun(bytes, offset, length, source, true, nowNanos);
            return;
        }
        if (!road.reportsFrom(source, nowNanos)) {
            bench.drop(Drop.RTCP_STRANGER);
            return;
        }
        if (seal.isOn() && DatagramKind.of(bytes, offset, length) == DatagramKind.DTLS) {
            seal.onDtls(bytes, offset, length, source, true, nowNanos);
            return;
        }
        int clear = seal.open(bytes, offset, length, true, nowNanos);
        if (clear != PhoneSeal.DROPPED && rtcp.onRtcp(bytes, offset, clear, nowNanos)) {
            // whatever else comes from its host says nothing of the call
            liveness.received(nowNanos);
            mouth.reportsRead(nowNanos);
        }
    }

    private void onRtp(RtpPacket packet, InetSocketAddress source, long nowNanos) {
        boolean negotiated = uplink.knows(packet.payloadType());
        AddressRule.Verdict verdict =
                road.judge(
                        source,
                        negotiated,
                        packet.ssrc(),
                        packet.sequence(),
                        packet.timestamp(),
                        nowNanos);
        if (!heard(verdict)) {
            return;
        }
        if (!budget.takes(nowNanos)) {
            bench.drop(Drop.RTP_FLOOD);
            return;
        }
        if (verdict == AddressRule.Verdict.LATCHED) {
            latched.accept(source);
        }
        if (!negotiated) {
            bench.drop(Drop.RTP_UNNEGOTIATED);
            return;
        }
        liveness.received(nowNanos);
        uplink.take(packet, nowNanos);
    }

    private boolean heard(AddressRule.Verdict verdict) {
        return switch (verdict) {
            case HEARD, LATCHED -> true;
            case UNPROVEN -> refuse(Drop.RTP_UNPROVEN);
            case SUPERSEDED -> refuse(Drop.RTP_SUPERSEDED);
            case STRANGER -> refuse(Drop.RTP_STRANGER);
        };
    }

    private boolean refuse(Drop drop) {
        bench.drop(drop);
        return false;
    }
}
