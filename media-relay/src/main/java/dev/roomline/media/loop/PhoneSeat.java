package dev.roomline.media.loop;

import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.leg.AddressRange;
import dev.roomline.media.leg.AddressRule;
import dev.roomline.media.leg.PhoneDtls;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.Poster;
import dev.roomline.media.leg.Wire;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.sdp.PhoneMedia;
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
final class PhoneSeat implements Seat, Wire, Poster {
    private MediaLoop loop;
    private LoopRoom room;

    /** The same two, for other threads. */
    private volatile Place place;

    private final PhonePorts ports;
    private final AddressRule rule;
    private final PhoneLeg leg;
    private @Nullable PhoneSession session;
    private volatile boolean closed;

    /** Where the re-INVITE that is being answered came from. */
    private @Nullable InetSocketAddress source;

    /** Where it is. */
    private record Place(MediaLoop loop, LoopRoom room) {}

    PhoneSeat(
            MediaLoop loop,
            LoopRoom room,
            RtpPorts range,
            LegId id,
            PhoneRequest request,
            String cname,
            Duration silenceTimeout,
            DtlsHandshakes handshakes) {
        this.loop = loop;
        this.room = room;
        place = new Place(loop, room);
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
        leg.handshakeBy(new PhoneDtls(handshakes, this, this));
        ports = new PhonePorts(loop, range, new RtpSink(), new RtcpSink());
    }

    @Override
    public boolean post(Runnable task) {
        Place here = place;
        return here.loop().post(() -> at(here, task));
    }

    @Override
    public boolean postEnding(Runnable task) {
        Place here = place;
        return here.loop().postEnding(() -> at(here, task));
    }

    /** Done where it lives; one that is under way to another loop is awaited there. */
    private void at(Place here, Runnable task) {
        if (closed) {
            return;
        }
        if (!here.room().holds(this)) {
            postEnding(task);
        } else if (here.room().begin(leg, here.loop().now())) {
            try {
                task.run();
            } catch (RuntimeException bug) {
                here.room().onFault(leg.id(), bug);
            }
        }
    }

    boolean isOn(MediaLoop other) {
        return loop == other;
    }

    /** It is another room's from here on; called on that room's loop. */
    void moveTo(MediaLoop other, LoopRoom into) {
        loop = other;
        room = into;
        place = new Place(other, into);
        leg.moveTo(other.bench(), into.room());
    }

    /** The sockets to open before anything else. */
    PhonePorts ports() {
        return ports;
    }

    /** The first description, an answer to theirs or our offer: there is nothing to go back to. */
    Outcome begin(PhoneTerms terms, byte @Nullable [] offer) {
        session = new PhoneSession(terms, loop.bench().random().nextLong(1, Long.MAX_VALUE));
        Outcome outcome = reoffer(offer, null);
        commit();
        return outcome;
    }

    @Override
    public Outcome reoffer(byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress) {
        source = signallingAddress;
        PhoneSession held = begun();
        return offer == null ? offered(held.offer()) : prepared(held.answer(offer));
    }

    @Override
    public Outcome propose() {
        source = null;
        return offered(begun().proposal());
    }

    private Outcome offered(byte[] sdp) {
        leg.promised(begun().promised());
        return new Outcome.Accepted(sdp, false);
    }

    private Outcome prepared(PhoneOutcome outcome) {
        return switch (outcome) {
            case PhoneOutcome.Agreed ok -> {
                leg.promised(begun().promised());
                yield new Outcome.Accepted(ok.sdp(), ok.media().heldByPeer());
            }
            case PhoneOutcome.Refused no -> refused(no);
        };
    }

    @Override
    public void commit() {
        PhoneMedia media = begun().commit();
        if (media != null) {
            agreed(media);
        }
    }

    @Override
    public void abandon() {
        begun().abandon();
        leg.abandoned();
    }

    /** Of a call that we placed; an early one may be followed by another, or by null. */
    Outcome answerCalled(byte @Nullable [] answer, InetSocketAddress from, boolean early) {
        // an offer in between may have come from elsewhere and been refused
        source = null;
        rule.signalledFrom(from.getAddress());
        if (answer == null) {
            return taken(begun().settled());
        }
        return taken(early ? begun().answeredEarly(answer) : begun().answered(answer));
    }

    @Override
    public Outcome answer(byte[] answer) {
        return taken(begun().answered(answer));
    }

    private Outcome taken(PhoneOutcome outcome) {
        return switch (outcome) {
            case PhoneOutcome.Agreed ok -> {
                agreed(ok.media());
                yield new Outcome.Accepted(ok.sdp(), ok.media().heldByPeer());
            }
            case PhoneOutcome.Refused no -> refused(no);
        };
    }

    private static Outcome refused(PhoneOutcome.Refused no) {
        return new Outcome.Refused(Refusals.of(no.reason()), no.detail());
    }

    private void agreed(PhoneMedia media) {
        InetSocketAddress from = source;
        if (from != null) {
            rule.signalledFrom(from.getAddress());
            source = null;
        }
        leg.agreed(media, loop.now());
        maintain(loop.now());
    }

    @Override
    public void hold(boolean held) {
        begun().hold(held);
        leg.setHeld(held);
    }

    private PhoneSession begun() {
        PhoneSession held = session;
        if (held == null) {
            throw new IllegalStateException("a leg is shown to the room only when it has begun");
        }
        return held;
    }

    @Override
    public PhoneLeg leg() {
        return leg;
    }

    @Override
    public void join() {
        leg.join();
    }

    @Override
    public void release() {
        leg.release();
    }

    /** Closes the socket to strangers as soon as nobody else can be the phone. */
    void maintain(long nowNanos) {
        ports.connect(leg.onlySource(nowNanos));
    }

    @Override
    public void close() {
        closed = true;
        ports.close();
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        ports.send(to, bytes, offset, length);
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        ports.sendRtcp(to, bytes, offset, length);
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
                try {
                    leg.onPortUnreachable(nowNanos);
                } catch (RuntimeException bug) {
                    room.onFault(leg.id(), bug);
                }
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
