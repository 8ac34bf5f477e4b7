package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.rtp.RtpDemux;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.Incoming;
import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SIP leg. What comes in takes this road: address rule, payload type, statistics, then keys to
 * {@link IncomingKeys} and sound to whoever takes it as it is ({@link PassThrough}), and to the
 * {@link Ear} while somebody needs it decoded. What goes out goes by the {@link PhoneMouth}.
 * Sans-IO. Owner: the room's media loop.
 */
public final class PhoneLeg implements Leg {
    private static final int MOST_ADDRESSES = 16;

    /** What it said last still counts as its level. */
    private static final long SOUNDING_NANOS = 200_000_000L;

    private final int id;
    private Workbench bench;
    private final AddressRule rule;
    private final PhoneMouth mouth;
    private final Liveness liveness;
    private LegEvents events;
    private final Ear ear;
    private final TalkDetector talk = new TalkDetector();
    private final BlackBox blackBox = new BlackBox();
    private final PacketBudget budget = new PacketBudget();
    private final PassThrough passThrough = new PassThrough();
    private final LegRtcp rtcp;

    private @Nullable PhoneMedia media;
    private final Hearing hearing = new Hearing();
    private final IncomingKeys keys =
            new IncomingKeys((digit, millis) -> events.onDtmf(this, digit, millis));
    private final IncomingTones tones =
            new IncomingTones((digit, millis) -> events.onDtmf(this, digit, millis));
    private final Moderation moderation;

    private boolean joined;
    private int addressesTold;
    private boolean connected;
    private boolean lost;
    private int levelDbov = Level.SILENCE;
    private long lastSpeechNanos;

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
        this.bench = bench;
        this.rule = rule;
        this.events = events;
        ear = new Ear(bench, bench.enhancement());
        moderation =
                new Moderation(
                        factor -> {
                            ear.setGain(factor);
                            passThrough.setGain(factor);
                        });
        rtcp =
                new LegRtcp(
                        bench, bench.random().nextInt(), cname, (ssrc, sequence) -> {}, nowNanos);
        mouth = new PhoneMouth(rule, wire, bench);
        liveness = new Liveness(silenceTimeout.toNanos(), nowNanos);
    }

    /** It leaves its room for another: not heard until it joins there. */
    public void leave() {
        joined = false;
        ear.leave();
        passThrough.leaveLoop();
    }

    /** It lives on another loop, in another room, from here on; all that was agreed holds. */
    public void moveTo(Workbench other, LegEvents room) {
        bench = other;
        events = room;
        ear.moveTo(other);
        mouth.moveTo(other);
        rtcp.moveTo(other);
        Incoming playing = hearing.playing();
        if (playing != null) {
            ear.listen(playing.codec());
        }
    }

    /** A description under way promises to understand these types too; what runs goes on. */
    public void promised(List<Incoming> next) {
        hearing.promise(next);
    }

    /** The description under way came to nothing. */
    public void abandoned() {
        Incoming back = hearing.abandon();
        if (back != null) {
            play(back);
        }
    }

    /** A description was agreed: the first, or a later one. */
    public void agreed(PhoneMedia next, long nowNanos) {
        PhoneMedia before = media;
        rule.described(
                next.hasAddress() ? next.remoteRtp() : null, next.codec().clockRate(), nowNanos);
        if (before != null && !before.isHeard() && next.isHeard()) {
            rule.resumed(nowNanos);
        }
        play(hearing.agree(next.incoming()));
        if (mouth.agreed(next)) {
            rtcp.setSent(List.of(mouth));
        }
        media = next;
        liveness.received(nowNanos);
        events.onSound(this);
    }

    private void play(Incoming incoming) {
        ear.listen(incoming.codec());
        rtcp.setReceptionClockRate(incoming.codec().clockRate());
        keys.listen(incoming.events());
        tones.listen(incoming.codec(), incoming.events() != null);
    }

    /** The room has been told of it: it may be heard. */
    public void join() {
        joined = true;
        events.onSound(this);
    }

    /** The signalling path is proven (ACK): media may be sent before any came. */
    public void release() {
        mouth.release();
        events.onSound(this);
    }

    /** A datagram came on the RTP port. */
    public void onRtpPort(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        PhoneMedia agreed = media;
        if (agreed == null) {
            bench.drop(Drop.RTP_UNPROVEN);
        } else if (RtpDemux.isRtcp(bytes, offset, length)) {
            if (agreed.rtcpMux()) {
                onRtcpPort(bytes, offset, length, source, nowNanos);
            } else {
                bench.drop(Drop.RTP_UNNEGOTIATED);
            }
        } else if (bench.packet.wrap(bytes, offset, length) != null) {
            bench.drop(Drop.RTP_MALFORMED);
        } else {
            onRtp(bench.packet, source, nowNanos);
        }
    }

    /** A datagram came on the RTCP port. */
    public void onRtcpPort(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        if (!rule.rtcpFrom(source)) {
            bench.drop(Drop.RTCP_STRANGER);
            return;
        }
        if (rtcp.onRtcp(bytes, offset, length, nowNanos)) {
            // whatever else comes from its host says nothing of the call
            liveness.received(nowNanos);
            mouth.reportsRead(nowNanos);
        }
    }

    private void onRtp(RtpPacket packet, InetSocketAddress source, long nowNanos) {
        int type = packet.payloadType();
        boolean negotiated = hearing.knows(type);
        AddressRule.Verdict verdict =
                rule.judge(
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
            tellAddress(source);
        }
        if (!negotiated) {
            bench.drop(Drop.RTP_UNNEGOTIATED);
            return;
        }
        take(packet, type, nowNanos);
    }

    /** It is the phone's, and of a type that was negotiated. */
    private void take(RtpPacket packet, int type, long nowNanos) {
        liveness.received(nowNanos);
        if (hearing.turn(type) && hearing.playing() != null) {
            play(hearing.playing());
        }
        Incoming as = hearing.playing();
        if (as == null) {
            bench.drop(Drop.RTP_UNNEGOTIATED);
            return;
        }
        BlackBox.Kind kind = BlackBox.Kind.of(type, as);
        if (kind == BlackBox.Kind.SPEECH) {
            measure(packet, as.codec(), nowNanos);
        }
        blackBox.note(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                kind,
                levelDbov,
                nowNanos);
        boolean numbered =
                passThrough.number(
                        packet,
                        as.codec().clockRate(),
                        rtcp.onRtp(packet, kind == BlackBox.Kind.EVENT, nowNanos));
        if (!connected) {
            connected = true;
            events.onConnected(this);
        }
        switch (kind) {
            case EVENT -> onKey(packet, nowNanos);
            case COMFORT_NOISE -> {
                events.onPause(this);
                ear.insertComfortNoise(packet, nowNanos);
            }
            case SPEECH -> onSpeech(packet, as.codec(), numbered, nowNanos);
        }
        events.onSound(this);
    }

    private void measure(RtpPacket packet, AudioCodec codec, long nowNanos) {
        if (codec == AudioCodec.OPUS && ear.isOpen()) {
            passThrough.rest();
            levelDbov = ear.levelDbov();
        } else {
            levelDbov = passThrough.levelDbov(codec, packet, bench.codecs());
        }
        lastSpeechNanos = nowNanos;
    }

    private void onSpeech(RtpPacket packet, AudioCodec codec, boolean numbered, long nowNanos) {
        tones.hear(packet, ear.delayMillis(), nowNanos);
        if (!audible()) {
            return;
        }
        boolean heard = ear.insert(packet, nowNanos);
        if (pressingKey(nowNanos)) {
            events.onPause(this);
        } else if (numbered && forwards() != null) {
            SoundPacket sound = passThrough.of(packet, codec, levelDbov, nowNanos);
            heard |= sound != null && events.onPacket(this, sound, nowNanos);
        }
        if (!heard) {
            bench.drop(Drop.RTP_UNHEARD);
        }
    }

    private boolean heard(AddressRule.Verdict verdict) {
        return switch (verdict) {
            case HEARD, LATCHED -> true;
            case UNPROVEN -> refuse(Drop.RTP_UNPROVEN);
            case SUPERSEDED -> refuse(Drop.RTP_SUPERSEDED);
            case STRANGER -> refuse(Drop.RTP_STRANGER);
        };
    }

    /** A peer that moves without end must not fill the product's queue. */
    private void tellAddress(InetSocketAddress source) {
        if (addressesTold < MOST_ADDRESSES) {
            addressesTold++;
            events.onAddress(this, source, rule.why());
        }
    }

    private boolean refuse(Drop drop) {
        bench.drop(drop);
        return false;
    }

    private void onKey(RtpPacket packet, long nowNanos) {
        events.onPause(this);
        ear.noteOther(packet.ssrc(), packet.sequence());
        if (!keys.handle(packet, nowNanos)) {
            bench.drop(Drop.DTMF_MALFORMED);
        }
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public Ear ear() {
        return ear;
    }

    @Override
    public TalkDetector talk() {
        return talk;
    }

    @Override
    public boolean audible() {
        boolean allowed = !moderation.isSilenced() || !isFadedOut();
        return joined && connected && allowed && media != null && media.isHeard();
    }

    private boolean isFadedOut() {
        Incoming as = hearing.playing();
        return (ear.isOpen() || as == null) ? ear.fadedOut() : passThrough.fadedOut(as.codec());
    }

    @Override
    public @Nullable AudioCodec forwards() {
        Incoming as = hearing.playing();
        // nothing of what comes can be made better without being decoded
        if (as == null || bench.enhancement().isOn() || !passThrough.canGo(as.codec())) {
            return null;
        }
        boolean anew =
                as.codec() == AudioCodec.OPUS && bench.passThrough() == PassThroughPolicy.NEVER;
        return anew ? null : as.codec();
    }

    @Override
    public boolean hearsMix() {
        return !moderation.isHeld() && mouth.maySend();
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
        AudioCodec own = forwards();
        boolean joins = own == AudioCodec.PCMU || own == AudioCodec.PCMA;
        return own != null && joins && to.follow(ear, own, passThrough, nowNanos);
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
        return keys.isPressed() || tones.isPressed(nowNanos);
    }

    @Override
    public void maintain(long nowNanos) {
        keys.advance(nowNanos);
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
        boolean open = rule.silent(nowNanos) && !liveness.isPortClosed();
        return rule.settled(nowNanos) && !open ? rule.latched() : null;
    }

    private void lose(LegLoss loss, String detail) {
        if (!lost) {
            lost = true;
            events.onLost(this, loss, detail);
        }
    }

    @Override
    public void setMuted(boolean muted) {
        AudioCodec before = forwards();
        moderation.setMuted(muted);
        endPackets(before);
    }

    @Override
    public void setHeld(boolean held) {
        AudioCodec before = forwards();
        moderation.setHeld(held);
        endPackets(before);
    }

    @Override
    public void setVolume(double gainDb) {
        AudioCodec before = forwards();
        moderation.setVolume(gainDb);
        endPackets(before);
    }

    /** What no table fades or scales ends here, where others had it as it came. */
    private void endPackets(@Nullable AudioCodec before) {
        if (before != null && forwards() == null) {
            events.onPause(this);
        }
    }

    @Override
    public LegStatus status(String roomLabel, long nowNanos) {
        PhoneMedia agreed = media;
        String codec = agreed == null ? "" : agreed.codec().encodingName();
        String rtp =
                agreed == null ? "rtp" : "rtp(" + codec + "/" + agreed.codec().clockRate() + ")";
        String decoded =
                ear.isOpen() ? " → jitter(" + ear.delayMillis() + " ms) → decode" + enhanced() : "";
        String path = rtp + decoded + " → level → room " + roomLabel;
        boolean sounds = nowNanos - lastSpeechNanos < SOUNDING_NANOS;
        int level = forwards() != null && sounds ? levelDbov : ear.levelDbov();
        return LegQuality.status(path, codec, codec, rtcp, ear, level);
    }

    private String enhanced() {
        return bench.enhancement().isOn() ? " → " + bench.enhancement().done() : "";
    }

    @Override
    public Optional<BlackBox.Rows> blackBox() {
        return Optional.ofNullable(ear.codec()).map(blackBox::rows);
    }

    @Override
    public void close(long nowNanos) {
        if (mouth.maySend()) {
            mouth.report(rtcp.goodbye(nowNanos));
        }
        ear.close();
        passThrough.leaveLoop();
    }
}
