package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import org.jspecify.annotations.Nullable;

/**
 * A lone speaker's packets on their way to a phone, in the stream that carries its mixes at other
 * times: as they came, their differences of number and time kept, so that what was lost before us
 * stays a gap and what overtook is put right by the phone. Packets of another length than the phone
 * wants are cut and joined anew. Between packets and mixes no sample of G.711 is lost or heard
 * twice. Sans-IO. Owner: the leg's media loop.
 */
public final class Relay {
    /** A source whose clock jumps by so much begins anew. */
    private static final long JUMP_TICKS = MediaClock.TICKS_PER_SECOND;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int FRAMES_PER_SECOND = 50;

    private final PhoneMouth mouth;
    private boolean begun;

    /** The first packet has not come yet: nothing is sent until then. */
    private boolean waiting;

    /** What waits in the stream is of the same sound, and goes on in the next packet. */
    private boolean goesOn;

    /** Of the source's numbering; bit n of the window: {@code highest − n} was sent. */
    private long highest;

    private long window;
    private long highestTicks;

    /** From the source's numbers and time to the stream's. */
    private long sequenceOffset;

    private long ticksOffset;

    private long lastNanos;
    private int lastTicks;

    /** Null until a hold was over for the first time. */
    private @Nullable TableGain rising;

    /** How much too early the first packet was for the grid of the ticks, which gives it back. */
    private long leadTicks;

    Relay(PhoneMouth mouth) {
        this.mouth = mouth;
    }

    /** Whether packets of a codec may go to this phone as they came. */
    public boolean takes(AudioCodec codec) {
        return mouth.takes(codec);
    }

    /** Packets are to come from here on, and no mix. */
    public void await(long nowNanos) {
        begun = false;
        waiting = true;
        lastNanos = nowNanos;
        lastTicks = 0;
        leadTicks = 0;
    }

    /** Whether a packet has been sent, behind which a mix may go on. */
    public boolean isBegun() {
        return begun;
    }

    /** Whether packets come, or are awaited. */
    public boolean isOn() {
        return begun || waiting;
    }

    /** Number of the source's newest packet that was sent, as on the wire. */
    public int lastSequence() {
        return (int) highest & 0xFFFF;
    }

    /** What that packet plays for, in samples of 8 kHz. */
    public int lastSamples() {
        return lastTicks;
    }

    /** When anything was sent last. */
    public long lastNanos() {
        return lastNanos;
    }

    /** The next packet rises from silence, where a table can do that. */
    public void rise() {
        TableGain gain = new TableGain();
        gain.set(0);
        gain.jump();
        gain.set(1);
        rising = gain;
    }

    /** Made anew: others are sent the source's own. */
    private SoundPacket risen(SoundPacket sound) {
        TableGain gain = rising;
        rising = null;
        AudioCodec codec = sound.codec();
        if (gain == null || (codec != AudioCodec.PCMU && codec != AudioCodec.PCMA)) {
            return sound;
        }
        int length = sound.length();
        byte[] octets = gain.apply(codec, sound.octets(), sound.offset(), length);
        return new SoundPacket()
                .set(
                        codec,
                        sound.sequence(),
                        sound.timestamp(),
                        sound.levelDbov(),
                        octets,
                        0,
                        length);
    }

    /**
     * Sends a packet.
     *
     * @param quiet its speaker pauses
     * @param frameNanos when a tick sent the last frame
     * @return false if it is too late to be played
     */
    public boolean send(SoundPacket from, boolean quiet, long frameNanos, long nowNanos) {
        Packetizer stream = mouth.stream();
        if (stream == null) {
            return false;
        }
        SoundPacket sound = risen(from);
        int divisor = MediaClock.TICKS_PER_SECOND / stream.codec().clockRate();
        long ticks = Math.floorDiv(sound.timestamp(), divisor);
        int length = sound.ticks() / divisor;
        boolean jumps = Math.abs(ticks - highestTicks) > JUMP_TICKS / divisor;
        if (begun && jumps && sound.sequence() > highest) {
            begun = false;
        }
        boolean aligns = quiet && length == stream.packetTicks();
        if (!begun) {
            begin(stream, sound, ticks, nowNanos - frameNanos);
        } else if (aligns && !stream.isEmpty() && sound.sequence() == highest + 1) {
            // what waits is a bit of background: from here on packets go whole again
            stream.drop();
            anchor(stream, sound.sequence(), ticks);
        }
        if (sound.sequence() <= highest) {
            return late(stream, sound, ticks, length);
        }
        boolean next = sound.sequence() == highest + 1;
        if (stream.isEmpty() && fits(stream, length)) {
            whole(stream, sound, ticks, length);
        } else {
            repacked(stream, sound, ticks, next);
        }
        long ahead = sound.sequence() - highest;
        window = ahead >= 64 ? 1 : window << ahead | 1;
        highest = sound.sequence();
        highestTicks = ticks;
        lastNanos = nowNanos;
        lastTicks = length;
        return true;
    }

    /** Opus packets cannot be cut or joined by their octets. */
    private static boolean fits(Packetizer stream, int length) {
        return stream.codec() == AudioCodec.OPUS || length == stream.packetTicks();
    }

    private void begin(Packetizer stream, SoundPacket sound, long ticks, long sinceFrameNanos) {
        begun = true;
        waiting = false;
        int frame = stream.codec().clockRate() / FRAMES_PER_SECOND;
        if (goesOn) {
            leadTicks = 0;
        } else {
            stream.drop();
            leadTicks = Math.clamp(frame - ticksOf(stream, sinceFrameNanos), 0, frame);
        }
        goesOn = false;
        highest = sound.sequence() - 1;
        window = 0;
        anchor(stream, sound.sequence(), ticks);
    }

    /** The packet of this number and time is the next of the stream. */
    private void anchor(Packetizer stream, long sequence, long ticks) {
        sequenceOffset = stream.sequence() - sequence;
        ticksOffset = stream.timestamp() - ticks;
    }

    /**
     * The sound of Opus packets is ended, and not cut: a mix begins behind it. A frame of CELT ends
     * what a decoder plays whoever encoded it, and one of SILK is what it begins anew with: what
     * comes first after a change of mode is not heard (RFC 6716 §4.5).
     */
    public void cease() {
        Packetizer stream = mouth.stream();
        if (begun && stream != null) {
            byte[] silence = Silence.of(AudioCodec.OPUS);
            mouth.repack(stream, silence, 0, silence.length);
            byte[] spoken = mouth.spokenSilence();
            mouth.repack(stream, spoken, 0, spoken.length);
        }
        goOnAsMix();
    }

    private void whole(Packetizer stream, SoundPacket sound, long ticks, int length) {
        int sequence = (int) (sound.sequence() + sequenceOffset) & 0xFFFF;
        int timestamp = (int) (ticks + ticksOffset);
        mouth.relay(stream, sequence, timestamp, sound.octets(), sound.offset(), sound.length());
        stream.goOn(sequence + 1 & 0xFFFF, timestamp + length);
    }

    private void repacked(Packetizer stream, SoundPacket sound, long ticks, boolean next) {
        if (!next) {
            // a gap stays a gap: in time, and in numbers as one lost packet
            stream.drop();
            stream.goOn(stream.sequence() + 1 & 0xFFFF, (int) (ticks + ticksOffset));
        }
        mouth.repack(stream, sound.octets(), sound.offset(), sound.length());
        sequenceOffset = stream.sequence() - (sound.sequence() + 1);
    }

    /** It was overtaken: it has its place still, unless packets are cut anew. */
    private boolean late(Packetizer stream, SoundPacket sound, long ticks, int length) {
        long behind = highest - sound.sequence();
        boolean missing = behind < 64 && (window >>> behind & 1) == 0;
        // before the first one there is nobody's place
        boolean placed = window >>> Math.min(behind, 63) != 0;
        if (!missing || !placed || !stream.isEmpty() || !fits(stream, length)) {
            return false;
        }
        window |= 1L << behind;
        int sequence = (int) (sound.sequence() + sequenceOffset) & 0xFFFF;
        int timestamp = (int) (ticks + ticksOffset);
        mouth.relay(stream, sequence, timestamp, sound.octets(), sound.offset(), sound.length());
        return true;
    }

    /**
     * Sends what a mix has kept back of a source whose packets follow from here on: from the first
     * sample that the mix has not played.
     *
     * @return false if not all of it is at hand: then nothing is sent
     */
    boolean follow(Ear ear, AudioCodec codec, PassThrough as, long nowNanos) {
        Packetizer stream = mouth.stream();
        RecentPackets recent = ear.recent();
        if (stream == null || !ear.isPlaying() || recent.newest() < 0) {
            return false;
        }
        int from = ear.nextSequence();
        int played = -ear.samplesBeforeNext();
        while (played < 0) {
            from = from - 1 & 0xFFFF;
            int at = recent.find(from);
            if (at < 0) {
                return false;
            }
            played += recent.length(at);
        }
        int count = recent.behind(from) + 1;
        if (count < 0 || count > recent.inARow(RecentPackets.KEPT)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int at = recent.find(from + i & 0xFFFF);
            int length = recent.length(at);
            int skip = Math.min(played, length);
            byte[] octets = as.atVolume(codec, recent.payload(at), length);
            mouth.repack(stream, octets, skip, length - skip);
            played -= skip;
        }
        await(nowNanos);
        goesOn = true;
        return true;
    }

    /** The packets cease, and nothing goes on in their place: time passes. */
    public void end(long nowNanos) {
        Packetizer stream = mouth.stream();
        if (isOn() && stream != null) {
            int frame = stream.codec().clockRate() / FRAMES_PER_SECOND;
            long gap = ticksOf(stream, nowNanos - lastNanos) - lastTicks - leadTicks;
            stream.skip(Math.round((double) gap / frame));
        }
        goOnAsMix();
    }

    /** The mix goes on where the packets ended. */
    public void goOnAsMix() {
        begun = false;
        waiting = false;
        goesOn = false;
    }

    /** So many octets of the next frame of the mix have gone as packets already. */
    public void cutNext(int octets) {
        mouth.cutNext(octets);
    }

    private static long ticksOf(Packetizer stream, long nanos) {
        return nanos * stream.codec().clockRate() / SECOND_NANOS;
    }
}
