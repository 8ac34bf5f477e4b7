package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dtmf.DtmfSender;
import dev.roomline.media.dtmf.KeyTones;
import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to a phone: the room's mix in the one codec agreed, a packet each ptime, or keys in
 * its place, by packets of their own where telephone events are agreed, else as tones in the mix;
 * reports; and what keeps the road open while nothing is sent. Owner: the leg's media loop.
 */
final class PhoneMouth implements LegRtcp.Sent {
    /** NAT bindings die in half a minute (RFC 6263 §7): a held phone must still be reached. */
    private static final long KEEP_ALIVE_NANOS = 15_000_000_000L;

    /** Opus that rests says so each 400 ms, as libopus' own DTX does. */
    private static final int DTX_REFRESH_FRAMES = 20;

    /**
     * Comfort noise that goes on is told again each second: a lost word is soon made good, and
     * neither a NAT binding nor a carrier's timer runs out (RFC 6263 §4.2 and §7).
     */
    private static final int NOISE_REFRESH_FRAMES = 50;

    private static final long FRAME_NANOS = 20_000_000L;

    private static final byte[] NOTHING = new byte[0];

    private final PhoneRoad road;
    private final PhoneSeal seal;
    private final Wire wire;
    private final Packetizer.Out out = this::send;
    private final byte[] keyPayload = new byte[4];
    private Workbench bench;
    private @Nullable PhoneMedia media;
    private @Nullable Packetizer stream;

    /** Null until keys are pressed for the first time. */
    private @Nullable DtmfSender keypad;

    private @Nullable KeyTones tones;

    private boolean released;
    private long lastSentNanos;
    private long leftNanos;
    private OpusWishes opusWishes = OpusWishes.NONE;
    private final ExpectedLoss loss = new ExpectedLoss();
    private long reportsSeen;

    /** Frames of silence in a row. */
    private int silentFrames;

    private final Relay relay = new Relay(this);
    private int cutOctets;

    PhoneMouth(PhoneRoad road, PhoneSeal seal, Wire wire, Workbench bench) {
        this.road = road;
        this.seal = seal;
        this.wire = wire;
        this.bench = bench;
    }

    /** It leaves its room: what it was sent there is over. */
    void leave(long nowNanos) {
        relay.end(nowNanos);
        leftNanos = nowNanos;
    }

    void moveTo(Workbench other) {
        bench = other;
    }

    /** It is in another room, and time has passed on the way. */
    void arrive(long nowNanos) {
        skip((nowNanos - leftNanos) / FRAME_NANOS);
    }

    /**
     * A description was agreed.
     *
     * @return whether another stream than before is sent from now on
     */
    boolean agreed(PhoneMedia next) {
        media = next;
        silentFrames = 0;
        Packetizer current = stream;
        boolean another = current == null || current.codec() != next.codec();
        if (current == null || another) {
            // RFC 7160: another clock rate is another SSRC
            current = new Packetizer(next.codec(), bench.random().nextInt(), bench.random());
            stream = current;
            reportsSeen = 0;
            relay.goOnAsMix();
        }
        current.configure(next.payloadTypeSent(), next.ptimeMillis());
        opusWishes = next.opus().wishes();
        return another;
    }

    /** The signalling path is proven (ACK): media may be sent before any came. */
    void release() {
        released = true;
    }

    /** Nothing is sent before the ACK or valid RTP: a spoofed INVITE must flood nobody. */
    boolean maySend() {
        return (released || road.proven() != null)
                && road.soundTo() != null
                && seal.isReady()
                && media != null
                && media.direction().sends();
    }

    /** Begins a handshake that is ours to begin: to nobody before the ACK, as with sound. */
    void beginHandshake() {
        InetSocketAddress target = road.soundTo();
        PhoneMedia agreed = media;
        boolean proven = released || road.proven() != null;
        if (proven && target != null && agreed != null && agreed.hasAddress()) {
            seal.begin(target, agreed.rtcpMux() ? null : road.reportsTo());
        }
    }

    /** Reports are sent even where the phone wants no sound. */
    boolean mayReport() {
        return maySend() || (released && road.soundTo() != null && seal.isReady());
    }

    AudioCodec codec() {
        PhoneMedia agreed = media;
        return agreed == null ? AudioCodec.PCMU : agreed.codec();
    }

    /** How the phone wants its Opus. */
    OpusWishes opusWishes() {
        return opusWishes;
    }

    /** The phone's reports may have been read. */
    void reportsRead(long nowNanos) {
        Packetizer current = stream;
        if (current != null && current.statistics().reports() != reportsSeen) {
            reportsSeen = current.statistics().reports();
            loss.reported(current.statistics().recentLossShare(), nowNanos);
        }
    }

    /** What share of its packets the phone is expected to lose, in percent. */
    int expectedLossPercent() {
        return loss.percent();
    }

    /** 20 ms of the mix. */
    void frame(byte[] payload, int offset, int length) {
        silentFrames = 0;
        put(payload, offset, length);
    }

    private void put(byte[] payload, int offset, int length) {
        Packetizer current = stream;
        int cut = Math.min(cutOctets, length);
        cutOctets = 0;
        if (current != null && cut < length && !sendsKey(current)) {
            pack(current, payload, offset + cut, length - cut);
        }
    }

    /** So many octets of the next frame have been sent already. */
    void cutNext(int octets) {
        cutOctets = octets;
    }

    /** Somebody's packets on their way to this phone. */
    Relay relay() {
        return relay;
    }

    /** Whether packets of a codec may go as they came: keys go in the place of a mix's frames. */
    boolean takes(AudioCodec other) {
        return other == codec() && maySend() && (keypad == null || keypad.idle());
    }

    /** What is sent; null before anything was agreed. */
    @Nullable Packetizer stream() {
        return stream;
    }

    /** Sends a packet as it came. */
    void relay(Packetizer to, int sequence, int timestamp, byte[] payload, int offset, int length) {
        silentFrames = 0;
        to.relay(sequence, timestamp, payload, offset, length, bench.rtpWriter, bench.scratch, out);
    }

    /** 20 ms of silence by the mode of Opus that speech has. */
    byte[] spokenSilence() {
        return bench.spokenSilence();
    }

    /** Sends sound in packets of the length that the phone wants. */
    void repack(Packetizer to, byte[] payload, int offset, int length) {
        silentFrames = 0;
        pack(to, payload, offset, length);
    }

    private void pack(Packetizer to, byte[] payload, int offset, int length) {
        to.frame(payload, offset, length, bench.rtpWriter, bench.scratch, out);
    }

    /** 20 ms of silence: not sent to a phone that wants it so, but for a word now and then. */
    void silence() {
        Packetizer current = stream;
        boolean pressing = keypad != null && !keypad.idle();
        silentFrames = pressing ? 0 : silentFrames;
        if (pressing || current == null || cutOctets > 0) {
            putSilence();
        } else if (!current.isEmpty()) {
            // what waits of a packet is sound, or behind it: it goes before anything rests
            putSilence();
            if (refreshFrames() > 1) {
                current.rest();
            }
        } else if (silentFrames++ % refreshFrames() != 0) {
            skip(1);
        } else if (restsOnNoise()) {
            int type = Objects.requireNonNull(media).comfortNoise();
            current.noise(type, Silence.comfortNoise(), bench.rtpWriter, bench.scratch, out);
        } else {
            putSilence();
        }
    }

    private void putSilence() {
        byte[] silence = Silence.of(codec());
        put(silence, 0, silence.length);
    }

    /** Of how many frames of silence one is sent. */
    private int refreshFrames() {
        boolean rests = codec() == AudioCodec.OPUS && opusWishes.dtx();
        return rests ? DTX_REFRESH_FRAMES : restsOnNoise() ? NOISE_REFRESH_FRAMES : 1;
    }

    /** Opus tells of silence itself, and of G.722 it is encoded. */
    private boolean restsOnNoise() {
        boolean agreed = media != null && media.comfortNoise() >= 0;
        return agreed && (codec() == AudioCodec.PCMU || codec() == AudioCodec.PCMA);
    }

    /** Lets frames of 20 ms pass without a packet. */
    void skip(long frames) {
        if (stream != null) {
            stream.skip(frames);
        }
    }

    /**
     * Presses keys on the far end's side of the call.
     *
     * @param asTones also where it agreed to no telephone events
     * @return false where it takes none so, or too many wait
     */
    boolean press(String digits, int toneMillis, int gapMillis, boolean asTones) {
        PhoneMedia agreed = media;
        if (agreed == null || (agreed.telephoneEvent() == null && !asTones)) {
            return false;
        }
        DtmfSender pad = keypad;
        if (pad == null) {
            pad = new DtmfSender();
            keypad = pad;
            tones = new KeyTones(pad);
        }
        return pad.press(digits, toneMillis, gapMillis);
    }

    /** Keys go as tones now: what would be heard beside them is to be {@link #dial drawn upon}. */
    boolean dials() {
        boolean events = media != null && media.telephoneEvent() != null;
        return tones != null && !events && tones.busy();
    }

    /** Draws the tones of 20 ms. */
    void dial(short[] pcm, int samples) {
        if (tones != null) {
            tones.draw(pcm, samples);
        }
    }

    private boolean sendsKey(Packetizer current) {
        DtmfSender pad = keypad;
        TelephoneEvent event = media == null ? null : media.telephoneEvent();
        if (pad == null || event == null || !pad.step()) {
            return false;
        }
        int length = pad.write(keyPayload, 0, event.clockRate());
        current.key(
                event.payloadTypeSent(),
                pad.first(),
                pad.segmentTicks(event.clockRate()),
                keyPayload,
                length,
                bench.rtpWriter,
                bench.scratch,
                out);
        return true;
    }

    private void send(byte[] bytes, int offset, int length) {
        InetSocketAddress target = road.soundTo();
        if (target == null) {
            return;
        }
        int sealed = seal.seal(bytes, offset, length, false);
        if (sealed != PhoneSeal.DROPPED) {
            bench.traffic().sent();
            wire.send(target, bytes, offset, sealed);
        }
    }

    /** The report that stands on the bench; none: zero octets. */
    void report(int octets) {
        PhoneMedia agreed = media;
        InetSocketAddress target = road.soundTo();
        if (octets == 0 || agreed == null || target == null) {
            return;
        }
        if (!agreed.hasAddress()) {
            // RFC 3264 §8.4: 0.0.0.0 asks for neither RTP nor RTCP
            return;
        }
        int sealed = seal.seal(bench.scratch, 0, octets, true);
        if (sealed == PhoneSeal.DROPPED) {
            return;
        }
        if (agreed.rtcpMux()) {
            wire.send(target, bench.scratch, 0, sealed);
            return;
        }
        InetSocketAddress to = road.reportsTo();
        if (to != null) {
            wire.sendRtcp(to, bench.scratch, 0, sealed);
        }
    }

    /**
     * While nothing is sent the road to the phone is kept open (RFC 6263 §4.1: an empty packet).
     */
    void keepAlive(long nowNanos) {
        loss.settle(nowNanos);
        InetSocketAddress heard = road.proven();
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

    @Override
    public SendStatistics statistics() {
        Packetizer current = stream;
        if (current == null) {
            throw new IllegalStateException("nothing was agreed, so nothing is reported");
        }
        return current.statistics();
    }

    @Override
    public int clockAt(long nowNanos) {
        return stream == null ? 0 : stream.timestamp();
    }
}
