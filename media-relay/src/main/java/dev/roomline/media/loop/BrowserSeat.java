package dev.roomline.media.loop;

import dev.roomline.media.ice.DatagramKind;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.BrowserTransport;
import dev.roomline.media.leg.Poster;
import dev.roomline.media.leg.Wire;
import dev.roomline.media.loop.MediaRoom.BrowserRequest;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.media.sdp.BrowserMedia;
import dev.roomline.media.sdp.BrowserOutcome;
import dev.roomline.media.sdp.BrowserSession;
import dev.roomline.media.sdp.BrowserTerms;
import dev.roomline.media.sdp.Direction;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A browser's place on a loop: its name on the shared port, its description, and the leg between
 * them. Owner: the loop; as {@link Poster} it may be called by any thread.
 */
final class BrowserSeat implements Seat, Wire, Poster {
    /** Receiving lines that are served; the room page offers six. */
    private static final int MAX_SLOTS = 8;

    private final MediaLoop loop;
    private final LoopRoom room;
    private final LoopShare share;
    private final BrowserLeg leg;
    private final BrowserSession session;
    private final Set<Integer> ssrcs = new HashSet<>();
    private @Nullable BrowserTransport transport;

    BrowserSeat(MediaLoop loop, LoopRoom room, LegId id, BrowserRequest request, LoopShare share) {
        this.loop = loop;
        this.room = room;
        this.share = share;
        leg =
                new BrowserLeg(
                        id.value(),
                        loop.bench(),
                        room.room(),
                        request.maySpeak(),
                        share.cname(),
                        loop.now());
        BrowserTerms terms =
                new BrowserTerms(
                        share.identity().fingerprint(),
                        loop.webRtcPort()
                                .candidates(share.addresses().candidates(request.loopback())),
                        MAX_SLOTS,
                        true,
                        most(request.flow()));
        session =
                new BrowserSession(
                        terms,
                        loop.bench().random().nextLong(1, Long.MAX_VALUE),
                        this::newCredentials,
                        this::newSsrc);
    }

    private static Direction most(MediaRoom.Flow flow) {
        return switch (flow) {
            case BOTH_WAYS -> Direction.SENDRECV;
            case PUBLISHES -> Direction.RECVONLY;
            case LISTENS -> Direction.SENDONLY;
        };
    }

    /** Their user name leads the first check here. */
    private IceCredentials newCredentials() {
        if (transport != null) {
            loop.webRtcPort().forgetAllBut(transport.localUfrags(), this);
        }
        IceCredentials made = IceCredentials.generate(loop.bench().random());
        loop.webRtcPort().register(made.ufrag(), this);
        return made;
    }

    private int newSsrc() {
        int ssrc;
        do {
            ssrc = loop.bench().random().nextInt();
        } while (ssrc == 0 || !ssrcs.add(ssrc));
        return ssrc;
    }

    /** The first offer. */
    Outcome begin(byte[] offer) {
        return reoffer(offer, null);
    }

    @Override
    public Outcome reoffer(byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress) {
        if (offer == null) {
            return new Outcome.Refused(
                    Refusal.UNSUPPORTED_OFFER, "browsers offer and we answer, never the reverse");
        }
        return switch (session.answer(offer)) {
            case BrowserOutcome.Agreed ok -> {
                agreed(ok.media());
                yield new Outcome.Accepted(ok.sdp(), false);
            }
            case BrowserOutcome.Refused no ->
                    new Outcome.Refused(Refusals.of(no.reason()), no.detail());
        };
    }

    /** A browser speaks only once its DTLS is done, which is after its answer. */
    @Override
    public void join() {}

    @Override
    public Outcome propose() {
        return reoffer(null, null);
    }

    /** A browser's description holds as soon as it is answered. */
    @Override
    public void commit() {}

    @Override
    public void abandon() {}

    @Override
    public void hold(boolean held) {
        leg.setHeld(held);
    }

    private void agreed(BrowserMedia media) {
        BrowserTransport path = transport;
        if (path == null) {
            path =
                    new BrowserTransport(
                            loop.bench(),
                            this,
                            leg,
                            share.handshakes(),
                            this,
                            media.localIce(),
                            media.remoteUfrag(),
                            media.fingerprints(),
                            loop.now());
            transport = path;
            leg.attach(path);
        } else if (media.iceRestarted()) {
            path.restart(media.localIce(), media.remoteUfrag(), loop.now());
        }
        leg.agreed(media);
    }

    @Override
    public Outcome answer(byte[] answer) {
        return new Outcome.Refused(
                Refusal.UNSUPPORTED_OFFER, "no offer of ours is open with this browser");
    }

    /** Something came for this browser, from the shared port. */
    void onDatagram(
            DatagramKind kind, byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
        BrowserTransport path = transport;
        if (path == null || !room.begin(leg, nowNanos)) {
            return;
        }
        try {
            switch (kind) {
                case STUN -> path.onStun(bytes, 0, length, source, nowNanos);
                case DTLS -> path.onDtls(bytes, 0, length, source);
                case RTP -> path.onSrtp(bytes, 0, length, source, nowNanos);
                case RTCP -> path.onSrtcp(bytes, 0, length, nowNanos);
                case OTHER -> {}
            }
        } catch (RuntimeException bug) {
            room.onFault(leg.id(), bug);
        }
    }

    boolean isValid(InetSocketAddress source) {
        return transport != null && transport.isValid(source);
    }

    @Override
    public BrowserLeg leg() {
        return leg;
    }

    @Override
    public void release() {
        // A browser's consent is its ICE checks; there is nothing to wait for.
    }

    @Override
    public void close() {
        loop.webRtcPort().forget(this);
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        loop.webRtcPort().send(to, bytes, offset, length);
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        send(to, bytes, offset, length);
    }

    @Override
    public boolean post(Runnable task) {
        return loop.post(() -> guarded(task));
    }

    @Override
    public boolean postEnding(Runnable task) {
        return loop.postEnding(() -> guarded(task));
    }

    private void guarded(Runnable task) {
        if (room.begin(leg, loop.now())) {
            try {
                task.run();
            } catch (RuntimeException bug) {
                room.onFault(leg.id(), bug);
            }
        }
    }
}
