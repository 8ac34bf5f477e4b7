package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dtmf.DtmfReceiver;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.BrowserMedia;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WebRTC leg. Its Opus goes to the room as it comes, and to the {@link Ear} only while somebody
 * hears a mix. It is sent others' voices in slots, or a mix on its single line. Sans-IO. Owner: the
 * room's media loop.
 */
public final class BrowserLeg implements Leg, BrowserTransport.Events {
    private final int id;
    private final Workbench bench;
    private final LegEvents events;
    private final boolean maySpeak;
    private final Ear ear;
    private final Moderation moderation;
    private final TalkDetector talk = new TalkDetector();
    private final BlackBox blackBox = new BlackBox();
    private final LegRtcp rtcp;
    private final BrowserMouth mouth;

    private final SoundPacket sound = new SoundPacket();

    private @Nullable BrowserPath transport;
    private @Nullable Uplink uplink;
    private @Nullable DtmfReceiver dtmf;
    private int dtmfRate;
    private final Budget keyBudget = Budget.ofKeys();
    private long keyNanos;
    private @Nullable AudioCodec received;

    private boolean heardFrom;
    private int levelDbov = Level.SILENCE;

    /**
     * @param maySpeak false: what it sends is never heard
     */
    public BrowserLeg(
            int id,
            Workbench bench,
            LegEvents events,
            boolean maySpeak,
            String cname,
            long nowNanos) {
        this.id = id;
        this.bench = bench;
        this.events = events;
        this.maySpeak = maySpeak;
        ear = new Ear(bench);
        moderation = new Moderation(ear::setGain);
        mouth = new BrowserMouth(bench);
        rtcp = new LegRtcp(bench, bench.random().nextInt(), cname, mouth::onNack, nowNanos);
        mouth.reportBy(rtcp);
    }

    /** The path that it is reached by; before anything is agreed. */
    public void attach(BrowserPath path) {
        transport = path;
        mouth.attach(path);
    }

    /** A description was agreed: the first, or a later one. */
    public void agreed(BrowserMedia next) {
        BrowserMedia.Uplink line = next.uplink();
        Uplink current = uplink;
        if (line == null) {
            uplink = null;
        } else if (current == null || !current.line().equals(line)) {
            uplink = new Uplink(line);
        }
        rtcp.setReceptionClockRate(MediaClock.TICKS_PER_SECOND);
        mouth.agreed(next);
    }

    /** How many slots it has; 0 for one that hears a mix. */
    public int slots() {
        return mouth.slots();
    }

    /** The MID of a slot. */
    public String slotMid(int slot) {
        return mouth.slotMid(slot);
    }

    // ---- what comes in

    @Override
    public void onOpen() {
        events.onConnected(this);
    }

    @Override
    public void onLost(LegLoss loss, String detail) {
        events.onLost(this, loss, detail);
    }

    @Override
    public void onRtp(byte[] bytes, int offset, int length, long nowNanos) {
        RtpPacket packet = bench.packet;
        Uplink line = uplink;
        if (packet.wrap(bytes, offset, length) != null) {
            bench.drop(Drop.RTP_MALFORMED);
            return;
        }
        if (line == null) {
            bench.drop(Drop.RTP_UNNEGOTIATED);
            return;
        }
        if (!bench.takes(packet)) {
            return;
        }
        int eventRate = line.telephoneEventRate(packet.payloadType());
        AudioCodec codec = line.codecOf(packet.payloadType());
        if ((codec == null && eventRate == 0) || !line.accept(packet)) {
            bench.drop(Drop.RTP_UNNEGOTIATED);
            return;
        }
        heardFrom = true;
        int level = codec == null ? Level.SILENCE : line.levelDbov(packet);
        blackBox.note(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                codec == null ? BlackBox.Kind.EVENT : BlackBox.Kind.SPEECH,
                level,
                nowNanos);
        rtcp.onRtp(packet, codec == null, ear.isOpen(), nowNanos);
        if (codec == null) {
            onKey(packet, eventRate, nowNanos);
        } else {
            levelDbov = level;
            onSound(packet, line, codec, nowNanos);
        }
    }

    private void onSound(RtpPacket packet, Uplink line, AudioCodec codec, long nowNanos) {
        received = codec;
        if (!audible() || packet.payloadLength() == 0) {
            bench.drop(Drop.RTP_UNHEARD);
            return;
        }
        ear.listen(codec);
        ear.insert(packet, nowNanos);
        events.onSound(this);
        if (codec == AudioCodec.OPUS) {
            events.onPacket(
                    this,
                    sound.set(
                            codec,
                            line.sequence(),
                            line.timestamp(),
                            levelDbov,
                            packet.buffer(),
                            packet.payloadOffset(),
                            packet.payloadLength()),
                    nowNanos);
        }
    }

    private void onKey(RtpPacket packet, int clockRate, long nowNanos) {
        keyNanos = nowNanos;
        DtmfReceiver receiver = dtmf;
        if (receiver == null || dtmfRate != clockRate) {
            receiver = new DtmfReceiver(clockRate, this::tellKey);
            dtmf = receiver;
            dtmfRate = clockRate;
        }
        events.onPause(this);
        ear.noteOther(packet.ssrc(), packet.sequence());
        if (!receiver.handle(
                packet.ssrc(),
                packet.timestamp(),
                packet.marker(),
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength(),
                nowNanos)) {
            bench.drop(Drop.DTMF_MALFORMED);
        }
    }

    private void tellKey(char digit, int durationMillis) {
        if (keyBudget.takes(keyNanos)) {
            events.onDtmf(this, digit, durationMillis);
        } else {
            bench.drop(Drop.DTMF_FLOOD);
        }
    }

    @Override
    public void onRtcp(byte[] bytes, int offset, int length, long nowNanos) {
        rtcp.onRtcp(bytes, offset, length, nowNanos);
    }

    // ---- what goes out

    /** Whether slots may be filled. */
    public boolean hearsSlots() {
        return !moderation.isHeld() && mouth.slots() > 0 && isOpen();
    }

    private boolean isOpen() {
        return transport != null && transport.isOpen();
    }

    /** Sends one packet in a slot: see {@link BrowserMouth#sendSlot}. */
    public void sendSlot(
            int slot,
            boolean marker,
            int sequence,
            long timestamp,
            int source,
            SoundPacket packet) {
        mouth.sendSlot(slot, marker, sequence, timestamp, source, packet);
    }

    @Override
    public boolean hearsMix() {
        return !moderation.isHeld() && reachedByMix();
    }

    @Override
    public boolean reachedByMix() {
        return mouth.hasMix() && isOpen();
    }

    /** A browser's jitter buffer knows silence by nothing coming. */
    @Override
    public boolean owedPackets() {
        return false;
    }

    @Override
    public AudioCodec mixCodec() {
        return mouth.mixCodec();
    }

    @Override
    public OpusWishes opusWishes() {
        return mouth.opusWishes();
    }

    @Override
    public void sendMix(byte[] payload, int offset, int length, int mixLevelDbov) {
        mouth.sendMix(payload, offset, length);
    }

    @Override
    public void skipMix(long frames) {
        mouth.skipMix(frames);
    }

    @Override
    public void sendSilence() {
        mouth.sendSilence();
    }

    // ---- as its room sees it

    @Override
    public int id() {
        return id;
    }

    @Override
    public Ear ear() {
        return ear;
    }

    @Override
    public int tally() {
        rtcp.tally();
        return ear.tally();
    }

    @Override
    public TalkDetector talk() {
        return talk;
    }

    @Override
    public boolean audible() {
        return maySpeak && !moderation.isSilenced() && uplink != null && heardFrom && isOpen();
    }

    /** What it lost lately of what it is sent in slots, 0 to 1. */
    public double slotLossShare(long nowNanos) {
        return mouth.slots() > 0 ? rtcp.recentLossShare(nowNanos) : 0;
    }

    @Override
    public void listenersLose(double share) {
        rtcp.listenersLose(share);
    }

    @Override
    public @Nullable AudioCodec forwards() {
        return received == AudioCodec.OPUS ? AudioCodec.OPUS : null;
    }

    /** Whether its volume is as it comes. */
    public boolean isAtItsOwnVolume() {
        return moderation.isUnity();
    }

    /** Whether every slot of it plays a codec. */
    public boolean plays(AudioCodec codec) {
        return mouth.plays(codec);
    }

    /** It loses so much that only Opus with its redundancy gets through to it. */
    public boolean wantsRedundancy() {
        return mouth.wantsRedundancy();
    }

    @Override
    public boolean pressingKey(long nowNanos) {
        return dtmf != null && dtmf.isActive();
    }

    @Override
    public void maintain(long nowNanos) {
        BrowserPath path = transport;
        if (path == null) {
            return;
        }
        path.maintain(nowNanos);
        keyNanos = nowNanos;
        if (dtmf != null && nowNanos >= dtmf.nextDeadlineNanos()) {
            dtmf.advance(nowNanos);
        }
        if (path.isOpen()) {
            int octets = rtcp.reportIfDue(nowNanos);
            if (octets > 0) {
                path.sendRtcp(bench.scratch, octets);
            }
            mouth.settle(rtcp.recentLossShare(nowNanos), nowNanos);
        }
    }

    @Override
    public void setMuted(boolean muted) {
        moderation.setMuted(muted);
    }

    @Override
    public void setHeld(boolean held) {
        moderation.setHeld(held);
    }

    @Override
    public void setVolume(double gainDb) {
        moderation.setVolume(gainDb);
    }

    @Override
    public LegStatus status(String roomLabel, long nowNanos) {
        AudioCodec in = received;
        String name = in == null ? "" : in.encodingName();
        String decoded =
                ear.isOpen() ? " → jitter(" + ear.delayMillis() + " ms) → decode → level" : "";
        String path =
                "ice → srtp → rtp("
                        + (in == null ? "…" : name + "/" + in.clockRate())
                        + ")"
                        + decoded
                        + " → room "
                        + roomLabel;
        return LegQuality.status(path, "DTLS", mouth.codecSent(), name, rtcp, ear, levelDbov);
    }

    @Override
    public Optional<BlackBox.Rows> blackBox() {
        return Optional.ofNullable(received).map(blackBox::rows);
    }

    @Override
    public void close(long nowNanos) {
        BrowserPath path = transport;
        try (ear;
                path) {
            if (path != null && path.isOpen()) {
                int octets = rtcp.goodbye(nowNanos);
                path.sendRtcp(bench.scratch, octets);
            }
            rtcp.tally();
        }
    }
}
