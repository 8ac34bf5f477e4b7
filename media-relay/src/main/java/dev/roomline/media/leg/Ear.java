package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.Fade;
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
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one participant is heard: jitter buffer, decoder, gain and level; 20 ms at a time, at the
 * rate of its codec: 8 kHz for G.711, 16 for G.722 and Opus. Where the codec changes to one of the
 * other rate, what was on its way dies down at the old rate beside what begins at the new one.
 * Owner: the leg's media loop.
 */
public final class Ear implements AutoCloseable {
    /** For so many pulls sound of the rate before dies down: what a concealment lasts. */
    private static final int FADING_PULLS = 3;

    /**
     * Nobody hears what is not above it, so it is no sound to mix: an idle phone's A-law decodes to
     * −72 dBov, its G.722 to less.
     */
    private static final int INAUDIBLE_DBOV = -70;

    private static final short[] NOTHING = new short[0];

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

    private @Nullable AudioCodec codec;

    /** One of each codec that came in: which of them a packet is of is the peer's to choose. */
    private final Map<AudioCodec, AudioDecoder> decoders = new EnumMap<>(AudioCodec.class);

    private @Nullable Line line;

    /** Of the other rate: a peer may go to and fro between codecs as it likes. */
    private @Nullable Line other;

    private final RecentPackets recent = new RecentPackets();
    private int fadingPulls;
    private Playout playout = Playout.SILENCE;
    private int levelDbov = Level.SILENCE;
    private boolean open;

    /** On its way between two loops. */
    private boolean away;

    private Traffic.Counted counted = Traffic.Counted.NOTHING;

    /** A jitter buffer, and its 20 ms. */
    private static final class Line {
        final JitterBuffer jitter;
        final short[] frame;

        /** Null while nothing was played, or nothing is to be done to it. */
        @Nullable SpeechEnhancer enhancer;

        Line(AudioCodec codec, AudioDecoder decoder) {
            jitter = new JitterBuffer(codec, decoder);
            frame = new short[jitter.sampleRate() / 50];
        }

        /** What was held back of what came before is not heard. */
        void forget() {
            if (enhancer != null) {
                Arrays.fill(frame, (short) 0);
                enhancer.drain(frame);
                Arrays.fill(frame, (short) 0);
            }
        }

        void close() {
            if (enhancer != null) {
                enhancer.close();
            }
        }
    }

    Ear(Workbench bench) {
        this(bench, Enhancement.OFF);
    }

    /**
     * @param enhancement what is done to all that is heard of it
     */
    Ear(Workbench bench, Enhancement enhancement) {
        this.bench = bench;
        this.enhancement = enhancement;
    }

    /** It leaves its loop: decoders belong to the thread that opened them. */
    void leave() {
        close();
        codec = null;
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
        if (next == codec || away) {
            return;
        }
        AudioDecoder decoder = decoders.get(next);
        if (decoder == null) {
            decoder = bench.codecs().openDecoder(next);
            decoders.put(next, decoder);
        }
        if (line == null) {
            line = new Line(next, decoder);
        } else if (line.jitter.sampleRate() == decoder.sampleRate()) {
            line.jitter.switchCodec(next, decoder);
        } else {
            turn(line, next, decoder);
        }
        codec = next;
        recent.clear();
    }

    /** The line of the one rate gives way to that of the other. */
    private void turn(Line before, AudioCodec next, AudioDecoder decoder) {
        Line turned = other;
        if (turned == null) {
            turned = new Line(next, decoder);
        } else {
            turned.jitter.switchCodec(next, decoder);
            turned.forget();
        }
        before.jitter.reset();
        fadingPulls = open ? FADING_PULLS : 0;
        other = before;
        line = turned;
    }

    /** The decoder of what comes in; null before anything was agreed. */
    @Nullable AudioDecoder decoder() {
        return codec == null ? null : decoders.get(codec);
    }

    /** What comes in; null before anything was agreed. */
    @Nullable AudioCodec codec() {
        return codec;
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
        Line begun = line;
        if (open || begun == null) {
            open = true;
            return;
        }
        open = true;
        begun.jitter.reset();
        begun.forget();
        gain.jump();
        if (onset == Onset.NEXT_UNFADED) {
            gain.reach();
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
        return open && line != null && line.jitter.isPlaying();
    }

    /** The sequence number that is played after what is decoded already. */
    public int nextSequence() {
        return line == null ? 0 : line.jitter.nextSequence();
    }

    /** Samples that are still to be played before the first of {@link #nextSequence}. */
    public int samplesBeforeNext() {
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
        return line != null && open;
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
        Line playing = line;
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
        if (line != null && open) {
            line.jitter.insertComfortNoise(
                    ssrc, sequence, timestamp, payload, offset, length, nowNanos);
        }
    }

    /** A telephone event took this sequence number: no sound was lost there. */
    void noteOther(int ssrc, int sequence) {
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
        if (other != null && fadingPulls > 0) {
            fade(other, mute, nowNanos);
        }
        if (line == null) {
            playout = Playout.SILENCE;
            return false;
        }
        short[] frame = line.frame;
        playout = line.jitter.pull(nowNanos, frame);
        if (playout == Playout.SILENCE || suppressed) {
            Arrays.fill(frame, (short) 0);
        }
        if (enhancement.isOn()) {
            enhance(line, playout == Playout.SILENCE || suppressed);
        }
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

    /** What is held back of it comes out when it has ended, and nothing is done in pauses. */
    private void enhance(Line line, boolean silent) {
        SpeechEnhancer enhancer = line.enhancer;
        if (enhancer == null) {
            if (silent) {
                return;
            }
            enhancer = enhancement.open(line.jitter.sampleRate());
            line.enhancer = enhancer;
        }
        if (silent) {
            enhancer.drain(line.frame);
        } else {
            enhancer.process(line.frame);
        }
    }

    /** The end of what came in the codec before; its background ends with it. */
    private void fade(Line ending, boolean mute, long nowNanos) {
        fadingPulls--;
        if (ending.jitter.pull(nowNanos, ending.frame) == Playout.SILENCE || mute) {
            return;
        }
        if (enhancement.isOn()) {
            enhance(ending, false);
        }
        if (fadingPulls == 0) {
            Fade.ramp(ending.frame, 0, ending.frame.length, 1, 0);
        }
        gain.applyBeside(ending.frame, 0, ending.frame.length);
        voice.add(ending.frame);
    }

    /** What there is to hear in the last 20 ms pulled. */
    public Voice voice() {
        return voice;
    }

    /** The last 20 ms pulled, silence too, at {@link #isWide its codec's rate}. */
    public short[] frame() {
        return line == null ? NOTHING : line.frame;
    }

    /** Whether what comes in is of 16 kHz, else of 8. */
    public boolean isWide() {
        return line != null && line.jitter.sampleRate() == 16_000;
    }

    /** What the last frame is made of. */
    public Playout playout() {
        return playout;
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
        return line == null ? 0 : line.jitter.delayMillis();
    }

    /** What comes later than the jitter buffer lets it out. */
    int enhancingMillis() {
        return enhancement.isOn() && line != null ? SpeechEnhancer.DELAY_MILLIS : 0;
    }

    @Nullable JitterReport report() {
        if (line == null) {
            return null;
        }
        JitterReport report = line.jitter.report();
        return other == null ? report : report.with(other.jitter.report());
    }

    /**
     * Adds what was lost, late and made up since the last time to the loop's {@link Traffic}; about
     * once a second.
     *
     * @return what the jitter buffer adds now, in milliseconds; −1 while nothing is buffered
     */
    public int tally() {
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
        decoders.values().forEach(AudioDecoder::close);
        decoders.clear();
        if (line != null) {
            line.close();
        }
        if (other != null) {
            other.close();
        }
        line = null;
        other = null;
    }
}
