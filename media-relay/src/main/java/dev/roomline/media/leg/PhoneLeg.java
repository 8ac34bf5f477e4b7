package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.sdp.Incoming;
import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SIP leg: its two ports, whether it still lives and what is forbidden to it. What comes in is
 * the {@link PhoneIntake}'s to judge; what is the phone's goes to the {@link PhoneUplink}, what
 * goes out to it goes by the {@link PhoneMouth}. Sans-IO. Owner: the room's media loop.
 */
public final class PhoneLeg implements Leg {
    private static final int MOST_ADDRESSES = 16;

    private final int id;
    private final PhoneIce ice;
    private final PhoneRoad road;
    private final PhoneSeal seal;
    private final PhoneMouth mouth;
    private final Liveness liveness;
    private final PhoneIntake intake;
    private LegEvents events;
    private final PhoneUplink uplink;
    private final TalkDetector talk = new TalkDetector();
    private final LegRtcp rtcp;
    private final Moderation moderation;

    private @Nullable PhoneMedia media;
    private boolean joined;

    /** Where it left. */
    private boolean tookPart;

    private int addressesTold;
    private boolean lost;

    /**
     * @param cname of all that we send to it (RFC 3550 §6.5.1)
     * @param silenceTimeout zero: never
     */
    public PhoneLeg(
            int id,
            Workbench bench,
            AddressRule rule,
            Wire wire,
            LegEvents events,
            String cname,
            Duration silenceTimeout,
            long nowNanos) {
        this.id = id;
        this.events = events;
        ice = new PhoneIce(wire, bench, new Found());
        road = new PhoneRoad(rule, ice);
        rtcp =
                new LegRtcp(
                        bench, bench.random().nextInt(), cname, (ssrc, sequence) -> {}, nowNanos);
        uplink = new PhoneUplink(this, bench, events, rtcp);
        moderation = new Moderation(uplink::setGain);
        seal = new PhoneSeal(bench);
        mouth = new PhoneMouth(road, seal, wire, bench);
        liveness = new Liveness(silenceTimeout.toNanos(), nowNanos);
        intake =
                new PhoneIntake(
                        road, ice, seal, uplink, mouth, rtcp, liveness, bench, this::tellAddress);
    }

    /** Its media may be keyed by handshakes; before anything is agreed. */
    public void handshakeBy(PhoneDtls dtls) {
        seal.handshakeBy(dtls, detail -> lose(LegLoss.DTLS_FAILED, detail));
    }

    /** It leaves its room for another: not heard until it {@link #arrive arrives} there. */
    public void leave(long nowNanos) {
        tookPart = joined;
        joined = false;
        uplink.leave();
        mouth.leave(nowNanos);
    }

    /** It lives on another loop, in another room, from here on; all that was agreed holds. */
    public void moveTo(Workbench other, LegEvents room) {
        events = room;
        uplink.moveTo(other, room);
        ice.moveTo(other);
        seal.moveTo(other);
        mouth.moveTo(other);
        rtcp.moveTo(other);
        intake.moveTo(other);
    }

    /** Who took part where it came from goes on at once: no frame waits for another's word. */
    public void arrive(long nowNanos) {
        mouth.arrive(nowNanos);
        if (tookPart) {
            join();
        }
    }

    /** A description under way promises to understand these types too; what runs goes on. */
    public void promised(List<Incoming> next) {
        uplink.promised(next);
    }

    /** The description under way came to nothing. */
    public void abandoned() {
        uplink.abandoned();
    }

    /** A description was agreed: the first, or a later one. */
    public void agreed(PhoneMedia next, long nowNanos) {
        road.agreed(next, nowNanos);
        seal.agreed(next, nowNanos);
        uplink.agreed(next.incoming());
        if (mouth.agreed(next)) {
            rtcp.setSent(List.of(mouth));
        }
        media = next;
        intake.agreed(next);
        mouth.beginHandshake();
        liveness.received(nowNanos);
        events.onSound(this);
    }

    /** The room has been told of it: it may be heard. */
    public void join() {
        joined = true;
        events.onSound(this);
    }

    /** The signalling path is proven (ACK): media may be sent before any came. */
    public void release() {
        mouth.release();
        mouth.beginHandshake();
        events.onSound(this);
    }

    /** A datagram came on the RTP port. */
    public void onRtpPort(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        intake.onRtpPort(bytes, offset, length, source, nowNanos);
    }

    /** A datagram came on the RTCP port. */
    public void onRtcpPort(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        intake.onRtcpPort(bytes, offset, length, source, nowNanos);
    }

    /** A peer that moves without end must not fill the product's queue. */
    private void tellAddress(InetSocketAddress source) {
        if (addressesTold < MOST_ADDRESSES) {
            addressesTold++;
            events.onAddress(this, source, road.why());
        }
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public Ear ear() {
        return uplink.ear();
    }

    /** Other codecs have no redundancy: what their phones are told is what is lost of theirs. */
    @Override
    public void listenersLose(double share) {
        rtcp.listenersLose(forwards() == AudioCodec.OPUS ? share : 0);
    }

    @Override
    public int tally() {
        rtcp.tally();
        return uplink.ear().tally();
    }

    @Override
    public TalkDetector talk() {
        return talk;
    }

    @Override
    public boolean audible() {
        boolean allowed = !moderation.isSilenced() || !uplink.isFadedOut();
        return joined && uplink.isConnected() && allowed && media != null && media.isHeard();
    }

    @Override
    public @Nullable AudioCodec forwards() {
        return uplink.forwards();
    }

    @Override
    public boolean hearsMix() {
        return !moderation.isHeld() && reachedByMix();
    }

    /** What it lost lately of what it is sent, as its reports tell, 0 to 1. */
    public double lossShare(long nowNanos) {
        return rtcp.recentLossShare(nowNanos);
    }

    /** Somebody's packets on their way to this phone. */
    public Relay relay() {
        return mouth.relay();
    }

    /**
     * Sends another what a mix has not played yet of this one's sound.
     *
     * @return false if not all of it is at hand: then nothing is sent
     */
    public boolean catchUp(Relay to, long nowNanos) {
        return uplink.catchUp(to, nowNanos);
    }

    @Override
    public boolean reachedByMix() {
        return mouth.maySend();
    }

    @Override
    public boolean owedPackets() {
        return mouth.maySend();
    }

    @Override
    public AudioCodec mixCodec() {
        return mouth.codec();
    }

    @Override
    public OpusWishes opusWishes() {
        return mouth.opusWishes();
    }

    @Override
    public int expectedLossPercent() {
        return mouth.expectedLossPercent();
    }

    @Override
    public void sendMix(byte[] payload, int offset, int length, int levelDbov) {
        mouth.frame(payload, offset, length);
    }

    /**
     * Presses keys on the far end's side of the call.
     *
     * @param asTones also where it agreed to no telephone events
     * @return false where it takes none so, or too many wait
     */
    public boolean press(String digits, int toneMillis, int gapMillis, boolean asTones) {
        return mouth.press(digits, toneMillis, gapMillis, asTones);
    }

    @Override
    public boolean dials() {
        return mouth.dials();
    }

    @Override
    public void dial(short[] pcm, int samples) {
        mouth.dial(pcm, samples);
    }

    @Override
    public void skipMix(long frames) {
        mouth.skip(frames);
    }

    @Override
    public void sendSilence() {
        mouth.silence();
    }

    @Override
    public boolean pressingKey(long nowNanos) {
        return uplink.pressingKey(nowNanos);
    }

    @Override
    public void maintain(long nowNanos) {
        uplink.maintain(nowNanos);
        ice.maintain(nowNanos);
        seal.maintain(nowNanos);
        mouth.beginHandshake();
        if (mouth.mayReport()) {
            mouth.report(rtcp.reportIfDue(nowNanos));
        }
        mouth.keepAlive(nowNanos);
        // by what was agreed it may have nothing to send, and RTCP is no duty of a phone's
        boolean mute = media == null || media.heldByPeer() || !media.direction().receives();
        if (mute || moderation.isHeld() || liveness.isUnlimited()) {
            liveness.received(nowNanos);
        } else if (liveness.isSilentTooLong(nowNanos)) {
            lose(
                    LegLoss.MEDIA_TIMEOUT,
                    "neither RTP nor RTCP for " + liveness.silenceSeconds() + " s");
        }
    }

    /** The kernel told that nobody listens on the phone's media port. */
    public void onPortUnreachable(long nowNanos) {
        if (liveness.portUnreachable(nowNanos)) {
            lose(LegLoss.PORT_CLOSED, "the phone's media port is closed");
        }
    }

    /**
     * The one source that can be heard now, so that the kernel may drop all others; null while
     * another may yet prove itself.
     */
    public @Nullable InetSocketAddress onlySource(long nowNanos) {
        boolean open = road.silent(nowNanos) && !liveness.isPortClosed();
        return open ? null : road.onlySource(nowNanos);
    }

    /** What ICE tells. */
    private final class Found implements PhoneIce.Events {
        @Override
        public void onSelected(InetSocketAddress remote) {
            tellAddress(remote);
            mouth.beginHandshake();
            events.onSound(PhoneLeg.this);
        }

        @Override
        public void onNoPair() {
            lose(LegLoss.CONSENT_EXPIRED, "no ICE pair was nominated within 30 s");
        }
    }

    private void lose(LegLoss loss, String detail) {
        if (!lost) {
            lost = true;
            events.onLost(this, loss, detail);
        }
    }

    @Override
    public void setMuted(boolean muted) {
        moderate(() -> moderation.setMuted(muted));
    }

    @Override
    public void setHeld(boolean held) {
        moderate(() -> moderation.setHeld(held));
    }

    @Override
    public void setVolume(double gainDb) {
        moderate(() -> moderation.setVolume(gainDb));
    }

    /** What no table fades or scales ends here, where others had it as it came. */
    private void moderate(Runnable change) {
        AudioCodec before = forwards();
        change.run();
        if (before != null && forwards() == null) {
            events.onPause(this);
        }
    }

    @Override
    public LegStatus status(String roomLabel, long nowNanos) {
        return uplink.status(media, seal, roomLabel, nowNanos);
    }

    @Override
    public Optional<BlackBox.Rows> blackBox() {
        return uplink.blackBox();
    }

    @Override
    public void close(long nowNanos) {
        try (uplink;
                seal) {
            if (mouth.maySend()) {
                mouth.report(rtcp.goodbye(nowNanos));
            }
            rtcp.tally();
        }
    }
}
