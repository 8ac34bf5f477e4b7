package dev.roomline.media.loop;

import dev.roomline.media.leg.AddressRange;
import dev.roomline.media.leg.AddressRule;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.Wire;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.sdp.PhoneOutcome;
import dev.roomline.media.sdp.PhoneSession;
import dev.roomline.media.sdp.PhoneTerms;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A SIP leg's place on a loop: its sockets, its description, and the leg between them. Owner: the
 * loop.
 */
final class PhoneSeat implements Seat, Wire {
    private final MediaLoop loop;
    private final LoopRoom room;
    private final PortPair ports;
    private final AddressRule rule;
    private final PhoneLeg leg;
    private @Nullable PhoneSession session;

    PhoneSeat(
            MediaLoop loop,
            LoopRoom room,
            RtpPorts range,
            LegId id,
            PhoneRequest request,
            String cname,
            Duration silenceTimeout) {
        this.loop = loop;
        this.room = room;
        rule =
                new AddressRule(
                        request.signallingAddress().getAddress(),
                        AddressRange.parseAll(request.mediaAllow()));
        leg =
                new PhoneLeg(
                        id.value(),
                        loop.bench(),
                        rule,
                        this,
                        room.room(),
                        cname,
                        silenceTimeout,
                        loop.now());
        ports = new PortPair(loop, range, new RtpSink(), new RtcpSink());
    }

    /** The sockets to open before anything else. */
    PortPair ports() {
        return ports;
    }

    /** The first description: an answer to theirs, or our offer. */
    Outcome begin(PhoneTerms terms, byte @Nullable [] offer) {
        PhoneSession begun =
                new PhoneSession(terms, loop.bench().random().nextLong(1, Long.MAX_VALUE));
        session = begun;
        return offer == null
                ? new Outcome.Accepted(begun.offer(), false)
                : agreed(begun.answer(offer));
    }

    @Override
    public Outcome reoffer(byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress) {
        if (signallingAddress != null) {
            rule.signalledFrom(signallingAddress.getAddress());
        }
        PhoneSession held = begun();
        return offer == null
                ? new Outcome.Accepted(held.offer(), false)
                : agreed(held.answer(offer));
    }

    @Override
    public Outcome answer(byte[] answer) {
        return agreed(begun().answered(answer));
    }

    private PhoneSession begun() {
        PhoneSession held = session;
        if (held == null) {
            throw new IllegalStateException("a leg is shown to the room only when it has begun");
        }
        return held;
    }

    private Outcome agreed(PhoneOutcome outcome) {
        return switch (outcome) {
            case PhoneOutcome.Agreed ok -> {
                leg.agreed(ok.media(), loop.now());
                maintain(loop.now());
                yield new Outcome.Accepted(ok.sdp(), ok.media().heldByPeer());
            }
            case PhoneOutcome.Refused no ->
                    new Outcome.Refused(Refusals.of(no.reason()), no.detail());
        };
    }

    @Override
    public PhoneLeg leg() {
        return leg;
    }

    @Override
    public void release() {
        leg.release();
    }

    /** Closes the socket to strangers as soon as nobody else can be the phone. */
    void maintain(long nowNanos) {
        ports.rtp.connect(leg.onlySource(nowNanos));
    }

    @Override
    public void close() {
        ports.close();
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        ports.rtp.send(to, bytes, offset, length);
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        ports.rtcp.send(to, bytes, offset, length);
    }

    private final class RtpSink implements UdpSocket.Sink {
        @Override
        public void onDatagram(byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
            if (room.begin(leg, nowNanos)) {
                try {
                    leg.onRtpPort(bytes, 0, length, source, nowNanos);
                } catch (RuntimeException bug) {
                    room.onFault(leg.id(), bug);
                }
            }
        }

        @Override
        public void onPortUnreachable(long nowNanos) {
            if (room.begin(leg, nowNanos)) {
                leg.onPortUnreachable(nowNanos);
            }
        }
    }

    private final class RtcpSink implements UdpSocket.Sink {
        @Override
        public void onDatagram(byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
            if (room.begin(leg, nowNanos)) {
                try {
                    leg.onRtcpPort(bytes, 0, length, source, nowNanos);
                } catch (RuntimeException bug) {
                    room.onFault(leg.id(), bug);
                }
            }
        }

        @Override
        public void onPortUnreachable(long nowNanos) {
            // Many phones have no RTCP port: that says nothing of their sound.
        }
    }
}
