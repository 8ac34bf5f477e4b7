package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.Incoming;
import dev.roomline.media.sdp.PhoneMedia;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a phone says: the packets that are proven to be its own, by payload type and statistics,
 * keys to {@link IncomingKeys} and sound to whoever takes it as it is ({@link PassThrough}), and to
 * the {@link Ear} while somebody needs it decoded. Sans-IO. Owner: the leg's media loop.
 */
final class PhoneUplink implements AutoCloseable {
    /** What it said last still counts as its level. */
    private static final long SOUNDING_NANOS = 200_000_000L;

    private final PhoneLeg leg;
    private final LegRtcp rtcp;
    private Workbench bench;
    private LegEvents events;
    private final Ear ear;
    private final Hearing hearing = new Hearing();
    private final PassThrough passThrough = new PassThrough();
    private final BlackBox blackBox = new BlackBox();
    private final IncomingKeys keys = new IncomingKeys(this::tellKey);
    private final IncomingTones tones = new IncomingTones(this::tellKey);

    private final Budget keyBudget = Budget.ofKeys();

    private long keyNanos;
    private boolean connected;
    private int levelDbov = Level.SILENCE;
    private long lastSpeechNanos;

    /**
     * @param leg whose sound it is
     * @param rtcp counts what comes
     */
    PhoneUplink(PhoneLeg leg, Workbench bench, LegEvents events, LegRtcp rtcp) {
        this.leg = leg;
        this.bench = bench;
        this.events = events;
        this.rtcp = rtcp;
        ear = new Ear(bench, bench.enhancement());
    }

    private void tellKey(char digit, int durationMillis) {
        if (keyBudget.takes(keyNanos)) {
            events.onDtmf(leg, digit, durationMillis);
        } else {
            bench.drop(Drop.DTMF_FLOOD);
        }
    }

    /** It leaves its loop: decoders belong to the thread that opened them. */
    void leave() {
        ear.leave();
        passThrough.leaveLoop();
    }

    void moveTo(Workbench other, LegEvents room) {
        bench = other;
        events = room;
        ear.moveTo(other);
        Incoming playing = hearing.playing();
        if (playing != null) {
            ear.listen(playing.codec());
        }
    }

    // ---- what was agreed

    /** A description under way promises to understand these types too; what runs goes on. */
    void promised(List<Incoming> next) {
        hearing.promise(next);
    }

    /** The description under way came to nothing. */
    void abandoned() {
        Incoming back = hearing.abandon();
        if (back != null) {
            play(back);
        }
    }

    /** A description was agreed: the first, or a later one. */
    void agreed(Incoming next) {
        play(hearing.agree(next));
    }

    private void play(Incoming incoming) {
        ear.listen(incoming.codec());
        rtcp.setReceptionClockRate(incoming.codec().clockRate());
        keys.listen(incoming.events());
        tones.listen(incoming.codec(), incoming.events() != null);
    }

    /** Whether a packet of this type would be understood. */
    boolean knows(int type) {
        return hearing.knows(type);
    }

    // ---- what comes in

    /** A packet of a type that was negotiated. */
    void take(RtpPacket packet, long nowNanos) {
        keyNanos = nowNanos;
        if (!bench.takes(packet)) {
            return;
        }
        int type = packet.payloadType();
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
            tones.hear(packet, ear.delayMillis(), nowNanos);
        }
        boolean numbered =
                passThrough.number(
                        packet,
                        as.codec().clockRate(),
                        rtcp.onRtp(packet, kind == BlackBox.Kind.EVENT, ear.isOpen(), nowNanos));
        if (!connected) {
            connected = true;
            events.onConnected(leg);
        }
        if (kind == BlackBox.Kind.SPEECH) {
            levelDbov = levelOf(packet, as.codec());
            lastSpeechNanos = nowNanos;
        }
        blackBox.note(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                kind,
                levelDbov,
                nowNanos);
        switch (kind) {
            case EVENT -> onKey(packet, nowNanos);
            case COMFORT_NOISE -> {
                events.onPause(leg);
                ear.insertComfortNoise(packet, nowNanos);
            }
            case SPEECH -> onSpeech(packet, as.codec(), numbered, nowNanos);
        }
        events.onSound(leg);
    }

    /** Nothing is decoded for it of who cannot be heard, or of who is decoded already. */
    private int levelOf(RtpPacket packet, AudioCodec codec) {
        boolean byTable = codec == AudioCodec.PCMU || codec == AudioCodec.PCMA;
        if (byTable || (leg.audible() && !ear.isOpen())) {
            return passThrough.levelDbov(codec, packet, bench.codecs());
        }
        passThrough.rest();
        if (!leg.audible()) {
            return Level.SILENCE;
        }
        // what came just before it was opened is not played there yet
        return ear.isInMidst() ? ear.levelDbov() : levelDbov;
    }

    private void onSpeech(RtpPacket packet, AudioCodec codec, boolean numbered, long nowNanos) {
        if (!leg.audible()) {
            return;
        }
        boolean heard = ear.insert(packet, nowNanos);
        if (pressingKey(nowNanos)) {
            events.onPause(leg);
        } else if (numbered && forwards() != null) {
            SoundPacket sound = passThrough.of(packet, codec, levelDbov, nowNanos);
            heard |= sound != null && events.onPacket(leg, sound, nowNanos);
        }
        if (!heard) {
            bench.drop(Drop.RTP_UNHEARD);
        }
    }

    private void onKey(RtpPacket packet, long nowNanos) {
        events.onPause(leg);
        ear.noteOther(packet.ssrc(), packet.sequence());
        if (!keys.handle(packet, nowNanos)) {
            bench.drop(Drop.DTMF_MALFORMED);
        }
    }

    /** Keys whose end is only told by time. */
    void maintain(long nowNanos) {
        keyNanos = nowNanos;
        keys.advance(nowNanos);
    }

    // ---- how it is heard

    Ear ear() {
        return ear;
    }

    /** Sound of it has come. */
    boolean isConnected() {
        return connected;
    }

    /** A key is pressed: what it says is not heard as sound. */
    boolean pressingKey(long nowNanos) {
        return keys.isPressed() || tones.isPressed(nowNanos);
    }

    /** 1 leaves it as it is, 0 mutes it. */
    void setGain(double factor) {
        ear.setGain(factor);
        passThrough.setGain(factor);
    }

    /** Whether a mute has faded it out wholly, where it is heard. */
    boolean isFadedOut() {
        Incoming as = hearing.playing();
        return (ear.isOpen() || as == null) ? ear.fadedOut() : passThrough.fadedOut(as.codec());
    }

    /** The codec in which its packets are handed on as they come; null where none is. */
    @Nullable AudioCodec forwards() {
        Incoming as = hearing.playing();
        // nothing of what comes can be made better without being decoded
        if (as == null || bench.enhancement().isOn() || !passThrough.canGo(as.codec())) {
            return null;
        }
        boolean anew =
                as.codec() == AudioCodec.OPUS && bench.passThrough() == PassThroughPolicy.NEVER;
        return anew ? null : as.codec();
    }

    /**
     * Sends another what a mix has not played yet of this one's sound.
     *
     * @return false if not all of it is at hand: then nothing is sent
     */
    boolean catchUp(Relay to, long nowNanos) {
        AudioCodec own = forwards();
        boolean joins = own == AudioCodec.PCMU || own == AudioCodec.PCMA;
        return own != null && joins && to.follow(ear, own, passThrough, nowNanos);
    }

    LegStatus status(@Nullable PhoneMedia agreed, PhoneSeal seal, String roomLabel, long nowNanos) {
        String codec = agreed == null ? "" : agreed.codec().encodingName();
        String rtp =
                agreed == null ? "rtp" : "rtp(" + codec + "/" + agreed.codec().clockRate() + ")";
        String decoded =
                ear.isOpen() ? " → jitter(" + ear.delayMillis() + " ms) → decode" + enhanced() : "";
        String wire = seal.isOn() ? "srtp(" + seal.label() + ") → " : "";
        String path = wire + rtp + decoded + " → level → room " + roomLabel;
        boolean sounds = nowNanos - lastSpeechNanos < SOUNDING_NANOS;
        int level = forwards() != null && sounds ? levelDbov : ear.levelDbov();
        return LegQuality.status(path, seal.label(), codec, codec, rtcp, ear, level);
    }

    private String enhanced() {
        return bench.enhancement().isOn() ? " → " + bench.enhancement().done() : "";
    }

    /** The last half minute of what came in; empty before anything was agreed. */
    Optional<BlackBox.Rows> blackBox() {
        return Optional.ofNullable(ear.codec()).map(blackBox::rows);
    }

    @Override
    public void close() {
        ear.close();
        passThrough.leaveLoop();
    }
}
