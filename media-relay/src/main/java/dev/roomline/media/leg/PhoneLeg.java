package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dtmf.DtmfReceiver;
import dev.roomline.media.dtmf.DtmfSender;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.rtp.RtpDemux;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.Incoming;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SIP leg. What comes in takes this road: address rule, payload type, statistics, then keys to
 * {@link DtmfReceiver} and sound to the {@link Ear}. What goes out is the room's mix in the one
 * codec agreed, a packet each ptime. Sans-IO. Owner: the room's media loop.
 */
public final class PhoneLeg implements Leg, LegRtcp.Sent {
    private static final long UNREACHABLE_NANOS = 2_000_000_000L;

    /** NAT bindings die in half a minute (RFC 6263 §7): a held phone must still be reached. */
    private static final long KEEP_ALIVE_NANOS = 15_000_000_000L;

    private static final int MOST_ADDRESSES = 16;

    private static final byte[] NOTHING = new byte[0];

    private final int id;
    private Workbench bench;
    private final AddressRule rule;
    private final Wire wire;
    private LegEvents events;
    private final Ear ear;
    private final TalkDetector talk = new TalkDetector();
    private final BlackBox blackBox = new BlackBox();
    private final LegRtcp rtcp;
    private final long silenceNanos;
    private final Packetizer.Out out = this::sendPacket;

    private @Nullable PhoneMedia media;
    private @Nullable Packetizer mouth;
    private @Nullable DtmfReceiver dtmf;

    /** Null until keys are pressed for the first time. */
    private @Nullable DtmfSender keypad;

    private final byte[] keyPayload = new byte[4];
    private final Hearing hearing = new Hearing();
    private @Nullable TelephoneEvent keys;
    private long lastSentNanos;

    private boolean joined;
    private int addressesTold;
    private boolean released;
    private boolean connected;
    private boolean lost;
    private boolean muted;
    private boolean held;
    private double gain = 1;
    private long lastReceivedNanos;
    private boolean unreachable;
    private long unreachableSinceNanos;

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
        this.wire = wire;
        this.events = events;
        ear = new Ear(bench);
        rtcp =
                new LegRtcp(
                        bench, bench.random().nextInt(), cname, (ssrc, sequence) -> {}, nowNanos);
        silenceNanos = silenceTimeout.toNanos();
        lastReceivedNanos = nowNanos;
    }

    /** It leaves its room for another: not heard until it joins there. */
    public void leave() {
        joined = false;
        ear.leave();
    }

    /** It lives on another loop, in another room, from here on; all that was agreed holds. */
    public void moveTo(Workbench other, LegEvents room) {
        bench = other;
        events = room;
        ear.moveTo(other);
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
        Packetizer current = mouth;
        if (current == null || current.codec() != next.codec()) {
            // RFC 7160: another clock rate is another SSRC
            current = new Packetizer(next.codec(), bench.random().nextInt(), bench.random());
            mouth = current;
            rtcp.setSent(List.of(this));
        }
        current.configure(next.payloadTypeSent(), next.ptimeMillis());
        media = next;
        lastReceivedNanos = nowNanos;
        events.onSound(this);
    }

    private void play(Incoming incoming) {
        ear.listen(incoming.codec());
        rtcp.setReceptionClockRate(incoming.codec().clockRate());
        TelephoneEvent event = incoming.events();
        if (dtmf == null || !Objects.equals(event, keys)) {
            dtmf = event == null ? null : new DtmfReceiver(event.clockRate(), this::onDigit);
            keys = event;
        }
    }

    /** The room has been told of it: it may be heard. */
    public void join() {
        joined = true;
        events.onSound(this);
    }

    /** The signalling path is proven (ACK): media may be sent before any came. */
    public void release() {
        released = true;
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
            lastReceivedNanos = nowNanos;
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
        if (verdict == AddressRule.Verdict.LATCHED) {
            tellAddress(source);
        }
        if (!negotiated) {
            bench.drop(Drop.RTP_UNNEGOTIATED);
            return;
        }
        lastReceivedNanos = nowNanos;
        if (hearing.turn(type) && hearing.playing() != null) {
            play(hearing.playing());
        }
        Incoming as = hearing.playing();
        blackBox.note(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                kindOf(as, type),
                ear.levelDbov(),
                nowNanos);
        rtcp.onRtp(packet, as != null && as.isKey(type), nowNanos);
        if (!connected) {
            connected = true;
            events.onConnected(this);
        }
        if (as != null && as.isKey(type)) {
            onKey(packet, nowNanos);
        } else if (as != null && type == as.comfortNoise()) {
            ear.insertComfortNoise(packet, nowNanos);
        } else if (audible()) {
            ear.insert(packet, nowNanos);
        }
        events.onSound(this);
    }

    private static BlackBox.Kind kindOf(@Nullable Incoming as, int type) {
        if (as == null || type == as.payloadType()) {
            return BlackBox.Kind.SPEECH;
        }
        return as.isKey(type) ? BlackBox.Kind.EVENT : BlackBox.Kind.COMFORT_NOISE;
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
        DtmfReceiver receiver = dtmf;
        ear.noteOther(packet.ssrc(), packet.sequence());
        if (receiver != null
                && !receiver.handle(
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

    private void onDigit(char digit, int durationMillis) {
        events.onDtmf(this, digit, durationMillis);
    }

    /** Nothing is sent before the ACK or valid RTP: a spoofed INVITE must flood nobody. */
    private boolean maySend() {
        return (released || rule.latched() != null)
                && rule.target() != null
                && media != null
                && media.direction().sends();
    }

    private void sendPacket(byte[] bytes, int offset, int length) {
        InetSocketAddress target = rule.target();
        if (target != null) {
            bench.traffic().sent();
            wire.send(target, bytes, offset, length);
        }
    }

    private void sendReport(int octets) {
        PhoneMedia agreed = media;
        InetSocketAddress target = rule.target();
        if (octets == 0 || agreed == null || target == null) {
            return;
        }
        if (!agreed.hasAddress()) {
            // RFC 3264 §8.4: 0.0.0.0 asks for neither RTP nor RTCP
            return;
        }
        if (agreed.rtcpMux()) {
            wire.send(target, bench.scratch, 0, octets);
        } else if (target.equals(agreed.remoteRtp())) {
            wire.sendRtcp(agreed.remoteRtcp(), bench.scratch, 0, octets);
        } else if (target.getPort() < 65_535) {
            wire.sendRtcp(
                    new InetSocketAddress(target.getAddress(), target.getPort() + 1),
                    bench.scratch,
                    0,
                    octets);
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
        boolean fadesOut = (muted || held) && !ear.fadedOut();
        boolean allowed = fadesOut || !(muted || held);
        return joined && connected && allowed && media != null && media.isHeard();
    }

    @Override
    public boolean hearsMix() {
        return !held && maySend();
    }

    @Override
    public boolean owedPackets() {
        return maySend();
    }

    @Override
    public AudioCodec mixCodec() {
        PhoneMedia agreed = media;
        return agreed == null ? AudioCodec.PCMU : agreed.codec();
    }

    @Override
    public void sendMix(byte[] payload, int offset, int length, int levelDbov) {
        Packetizer stream = mouth;
        if (stream != null && !sendsKey(stream)) {
            stream.frame(payload, offset, length, bench.rtpWriter, bench.scratch, out);
        }
    }

    /**
     * Presses keys on the far end's side of the call.
     *
     * @return false where it takes none, or too many wait
     */
    public boolean press(String digits, int toneMillis, int gapMillis) {
        PhoneMedia agreed = media;
        if (agreed == null || agreed.telephoneEvent() == null) {
            return false;
        }
        DtmfSender pad = keypad == null ? new DtmfSender() : keypad;
        keypad = pad;
        return pad.press(digits, toneMillis, gapMillis);
    }

    private boolean sendsKey(Packetizer stream) {
        DtmfSender pad = keypad;
        TelephoneEvent event = media == null ? null : media.telephoneEvent();
        if (pad == null || event == null || !pad.step()) {
            return false;
        }
        int length = pad.write(keyPayload, 0, event.clockRate());
        stream.key(
                event.payloadTypeSent(),
                pad.first(),
                keyPayload,
                length,
                bench.rtpWriter,
                bench.scratch,
                out);
        return true;
    }

    @Override
    public void skipMix(long frames) {
        if (mouth != null) {
            mouth.skip(frames);
        }
    }

    @Override
    public void sendSilence() {
        byte[] silence = Silence.of(mixCodec());
        sendMix(silence, 0, silence.length, Level.SILENCE);
    }

    @Override
    public boolean pressingKey(long nowNanos) {
        return dtmf != null && dtmf.isActive();
    }

    @Override
    public void maintain(long nowNanos) {
        if (dtmf != null && nowNanos >= dtmf.nextDeadlineNanos()) {
            dtmf.advance(nowNanos);
        }
        if (maySend() || (released && rule.target() != null)) {
            sendReport(rtcp.reportIfDue(nowNanos));
        }
        keepAlive(nowNanos);
        // by what was agreed it may have nothing to send, and RTCP is no duty of a phone's
        boolean mute = media == null || media.heldByPeer() || !media.direction().receives();
        boolean exempt = mute || held || silenceNanos == 0;
        if (exempt) {
            lastReceivedNanos = nowNanos;
        } else if (nowNanos - lastReceivedNanos >= silenceNanos) {
            lose(
                    LegLoss.MEDIA_TIMEOUT,
                    "neither RTP nor RTCP for " + silenceNanos / 1_000_000_000 + " s");
        }
    }

    /**
     * While nothing is sent the road to the phone is kept open (RFC 6263 §4.1: an empty packet).
     */
    private void keepAlive(long nowNanos) {
        InetSocketAddress heard = rule.latched();
        if (maySend()) {
            lastSentNanos = nowNanos;
        } else if (released
                && heard != null
                && media != null
                && media.hasAddress()
                && nowNanos - lastSentNanos >= KEEP_ALIVE_NANOS) {
            lastSentNanos = nowNanos;
            wire.send(heard, NOTHING, 0, 0);
        }
    }

    /**
     * The kernel told that nobody listens on the phone's media port. One such word may be a phone
     * that restarts its sound; several over some seconds without a sound are an end.
     */
    public void onPortUnreachable(long nowNanos) {
        if (!unreachable || lastReceivedNanos - unreachableSinceNanos > 0) {
            unreachable = true;
            unreachableSinceNanos = nowNanos;
        } else if (nowNanos - unreachableSinceNanos >= UNREACHABLE_NANOS) {
            lose(LegLoss.PORT_CLOSED, "the phone's media port is closed");
        }
    }

    /**
     * The one source that can be heard now, so that the kernel may drop all others; null while
     * another may yet prove itself.
     */
    public @Nullable InetSocketAddress onlySource(long nowNanos) {
        boolean portClosed = unreachable && lastReceivedNanos - unreachableSinceNanos <= 0;
        boolean open = rule.silent(nowNanos) && !portClosed;
        return rule.settled(nowNanos) && !open ? rule.latched() : null;
    }

    private void lose(LegLoss loss, String detail) {
        if (!lost) {
            lost = true;
            events.onLost(this, loss, detail);
        }
    }

    @Override
    public void setMuted(boolean nowMuted) {
        muted = nowMuted;
        applyGain();
    }

    @Override
    public void setHeld(boolean nowHeld) {
        held = nowHeld;
        applyGain();
    }

    @Override
    public void setVolume(double gainDb) {
        gain = Level.factor(gainDb);
        applyGain();
    }

    private void applyGain() {
        ear.setGain(muted || held ? 0 : gain);
    }

    @Override
    public SendStatistics statistics() {
        Packetizer stream = mouth;
        if (stream == null) {
            throw new IllegalStateException("nothing was agreed, so nothing is reported");
        }
        return stream.statistics();
    }

    @Override
    public int clockAt(long nowNanos) {
        return mouth == null ? 0 : mouth.timestamp();
    }

    @Override
    public LegStatus status(String roomLabel, long nowNanos) {
        PhoneMedia agreed = media;
        String codec = agreed == null ? "" : agreed.codec().encodingName();
        String rtp =
                agreed == null ? "rtp" : "rtp(" + codec + "/" + agreed.codec().clockRate() + ")";
        String path =
                rtp
                        + " → jitter("
                        + ear.delayMillis()
                        + " ms) → decode → level → room "
                        + roomLabel;
        JitterReport jitter = ear.report();
        return new LegStatus(
                path,
                codec,
                codec,
                LegQuality.received(rtcp, jitter, ear.delayMillis()),
                LegQuality.sent(rtcp),
                LegQuality.concealedShare(jitter),
                rtcp.rttMillis(),
                ear.levelDbov());
    }

    @Override
    public Optional<BlackBox.Rows> blackBox() {
        return Optional.ofNullable(ear.codec()).map(blackBox::rows);
    }

    @Override
    public void close(long nowNanos) {
        if (maySend()) {
            sendReport(rtcp.goodbye(nowNanos));
        }
        ear.close();
    }
}
