package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.GainRamp;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.enhance.SpeechEnhancer;
import dev.roomline.media.jitter.Insertion;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import dev.roomline.media.rtp.RtpPacket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How one participant is heard: jitter buffer, decoder, gain and level; 20 ms at a time, at the
 * rate of its codec: 8 kHz for G.711, 16 for G.722 and Opus. Where the codec changes to one of the
 * other rate, what was on its way dies down at the old rate beside what begins at the new one.
 * Owner: the leg's media loop.
 */
public final class Ear implements AutoCloseable {
    /**
     * Nobody hears what is not above it, so it is no sound to mix: an idle phone's A-law decodes to
     * −72 dBov, its G.722 to less.
     */
    private static final int INAUDIBLE_DBOV = -70;

    /** So many of the last packets does a decoder that remembers hear before anybody hears it. */
    private static final int PRE_ROLL = 3;

    /** What is older is of another sound. */
    private static final long FRESH_NANOS = 100_000_000L;

    /** How an ear begins that was shut. */
    public enum Onset {
        /** With the newest packet, if that has just come. */
        NEWEST,
        /** With the next one: whoever hears it has had every packet until now. */
        NEXT,
        /** With the next one as it is: it goes on from those before without a seam. */
        NEXT_UNFADED
    }

    private Workbench bench;
    private final Enhancement enhancement;
    private final Voice voice = new Voice();
    private final GainRamp gain = new GainRamp(1);

    private final Lines lines;
    private final RecentPackets recent = new RecentPackets();
    private Playout playout = Playout.SILENCE;
    private Playout playedBefore = Playout.SILENCE;
    private int levelDbov = Level.SILENCE;
    private boolean open;

    /** On its way between two loops. */
    private boolean away;

    private Traffic.Counted counted = Traffic.Counted.NOTHING;

    Ear(Workbench bench) {
        this(bench, Enhancement.OFF);
    }

    /**
     * @param enhancement what is done to all that is heard of it
     */
    Ear(Workbench bench, Enhancement enhancement) {
        this.bench = bench;
        this.enhancement = enhancement;
        lines = new Lines(enhancement);
    }

    /** It leaves its loop: decoders belong to the thread that opened them. */
    void leave() {
        close();
        lines.forgetCodec();
        open = false;
        away = true;
        counted = Traffic.Counted.NOTHING;
    }

    /** It lives on another loop from here on; what it listens to is to be said anew. */
    void moveTo(Workbench other) {
        bench = other;
        away = false;
    }

    /** The codec of what comes in changed, or is known for the first time. */
    void listen(AudioCodec next) {
        if (next == lines.codec() || away) {
            return;
        }
        lines.turnTo(next, bench.codecs(), open);
        recent.clear();
    }

    /** The decoder of what comes in; null before anything was agreed. */
    @Nullable AudioDecoder decoder() {
        return lines.decoder();
    }

    /** What comes in; null before anything was agreed. */
    @Nullable AudioCodec codec() {
        return lines.codec();
    }

    /** Nobody hears it: nothing is buffered or decoded, and it begins afresh afterwards. */
    public void shut() {
        open = false;
    }

    /**
     * Somebody would hear it. The decoder has heard the last packets before what is played.
     *
     * @param onset how it begins
     */
    public void open(Onset onset, long nowNanos) {
        Line begun = lines.playing();
        if (open || begun == null) {
            open = true;
            return;
        }
        open = true;
        begun.jitter.reset();
        begun.forget();
        gain.jump();
        playout = Playout.SILENCE;
        if (onset == Onset.NEXT_UNFADED) {
            begun.jitter.beginUnfaded();
        }
        int newest = recent.newest();
        if (newest < 0 || nowNanos - recent.arrivedNanos(newest) > FRESH_NANOS) {
            return;
        }
        boolean newestHeard = onset == Onset.NEWEST;
        preRoll(begun, recent.sequence(newest), newestHeard ? 1 : 0);
        if (newestHeard) {
            play(
                    begun,
                    recent.ssrc(newest),
                    recent.sequence(newest),
                    recent.timestamp(newest),
                    recent.marker(newest),
                    recent.payload(newest),
                    0,
                    recent.length(newest),
                    recent.arrivedNanos(newest));
        }
    }

    private void preRoll(Line begun, int newest, int played) {
        AudioCodec codec = lines.codec();
        if (codec == AudioCodec.PCMU || codec == AudioCodec.PCMA) {
            return;
        }
        for (int i = recent.inARow(PRE_ROLL) - 1; i >= played; i--) {
            int at = recent.find(newest - i & 0xFFFF);
            begun.jitter.warm(recent.payload(at), 0, recent.length(at));
        }
    }

    /** The last packets that came, heard or not. */
    RecentPackets recent() {
        return recent;
    }

    /** Whether anything of the stream has been played, or is about to be. */
    public boolean isPlaying() {
        Line line = lines.playing();
        return open && line != null && line.jitter.isPlaying();
    }

    /** The sequence number that is played after what is decoded already. */
    public int nextSequence() {
        Line line = lines.playing();
        return line == null ? 0 : line.jitter.nextSequence();
    }

    /** Samples that are still to be played before the first of {@link #nextSequence}. */
    public int samplesBeforeNext() {
        Line line = lines.playing();
        return line == null ? 0 : line.jitter.samplesBeforeNext();
    }

    /** Whether anybody would hear it. */
    public boolean isOpen() {
        return open;
    }

    /** Whether a mute has faded it out wholly. */
    boolean fadedOut() {
        return gain.isMuted();
    }

    /** 1 leaves it as it is; the next frame moves there. */
    void setGain(double factor) {
        gain.set(factor);
        if (!open && factor == 0) {
            // it has ended where it is heard, and is to rise from there
            gain.reach();
        }
    }

    /**
     * A packet came.
     *
     * @return whether anybody hears it here
     */
    boolean insert(RtpPacket packet, long nowNanos) {
        insert(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength(),
                nowNanos);
        return lines.playing() != null && open;
    }

    void insert(
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        Line playing = lines.playing();
        if (playing == null || length <= 0 || length > JitterBuffer.MOST_OCTETS) {
            return;
        }
        recent.keep(ssrc, sequence, timestamp, marker, payload, offset, length, nowNanos);
        if (open) {
            play(playing, ssrc, sequence, timestamp, marker, payload, offset, length, nowNanos);
        }
    }

    private void play(
            Line playing,
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        Insertion insertion =
                playing.jitter.insert(
                        ssrc, sequence, timestamp, marker, payload, offset, length, nowNanos);
        if (insertion != Insertion.ACCEPTED) {
            bench.drop(Drop.RTP_UNPLAYABLE);
        }
    }

    void insertComfortNoise(RtpPacket packet, long nowNanos) {
        insertComfortNoise(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength(),
                nowNanos);
    }

    void insertComfortNoise(
            int ssrc,
            int sequence,
            int timestamp,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        Line line = lines.playing();
        if (line != null && open) {
            line.jitter.insertComfortNoise(
                    ssrc, sequence, timestamp, payload, offset, length, nowNanos);
        }
    }

    /** A telephone event took this sequence number: no sound was lost there. */
    void noteOther(int ssrc, int sequence) {
        Line line = lines.playing();
        if (line != null && open) {
            line.jitter.noteOther(ssrc, sequence);
        }
    }

    /**
     * Makes the next 20 ms.
     *
     * @param suppressed they are replaced by silence, as while a key is pressed
     * @return whether there is anything to hear in them
     */
    public boolean pull(long nowNanos, boolean suppressed) {
        voice.clear();
        levelDbov = Level.SILENCE;
        boolean mute = suppressed || gain.isMuted();
        short[] ending = lines.ending(mute, nowNanos);
        if (ending != null) {
            gain.applyBeside(ending, 0, ending.length);
            voice.add(ending);
        }
        Line line = lines.playing();
        if (line == null) {
            playout = Playout.SILENCE;
            return false;
        }
        short[] frame = line.frame;
        playedBefore = playout;
        playout = line.jitter.pull(nowNanos, frame);
        if (playout == Playout.SILENCE || suppressed) {
            Arrays.fill(frame, (short) 0);
        }
        line.enhance(playout == Playout.SILENCE || suppressed);
        if (mute) {
            Arrays.fill(frame, (short) 0);
        }
        gain.apply(frame, 0, frame.length);
        levelDbov = Level.dbov(frame, 0, frame.length);
        if (levelDbov > INAUDIBLE_DBOV) {
            voice.add(frame);
        }
        return voice.sounds();
    }

    /** What there is to hear in the last 20 ms pulled. */
    public Voice voice() {
        return voice;
    }

    /** The last 20 ms pulled, silence too, at {@link #isWide its codec's rate}. */
    public short[] frame() {
        return lines.frame();
    }

    /** Whether what comes in is of 16 kHz, else of 8. */
    public boolean isWide() {
        return lines.frame().length == Voice.WIDE;
    }

    /** What the last frame is made of. */
    public Playout playout() {
        return playout;
    }

    /** Whether the last frame is of sound throughout: in that with which it begins it rises. */
    boolean isInMidst() {
        return playout != Playout.SILENCE && playedBefore != Playout.SILENCE;
    }

    /** The last frame's level, −127 to 0. */
    public int levelDbov() {
        return levelDbov;
    }

    /** Nothing was heard of it this tick. */
    public void hush() {
        levelDbov = Level.SILENCE;
    }

    int delayMillis() {
        Line line = lines.playing();
        return line == null ? 0 : line.jitter.delayMillis();
    }

    /** What comes later than the jitter buffer lets it out. */
    int enhancingMillis() {
        return enhancement.isOn() && lines.playing() != null ? SpeechEnhancer.DELAY_MILLIS : 0;
    }

    @Nullable JitterReport report() {
        return lines.report();
    }

    /** As {@link Leg#tally} has it. */
    int tally() {
        JitterReport report = report();
        if (report == null) {
            return -1;
        }
        Traffic.Counted now = Traffic.Counted.of(report);
        bench.traffic().heard(counted, now);
        counted = now;
        return open ? report.delayMillis() : -1;
    }

    @Override
    public void close() {
        tally();
        lines.close();
    }
}
