package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoders of an {@link Ear} and a {@link Line} for each of their rates: one plays, and for a
 * moment after the codec has changed to one of the other rate, that of before dies down. Owner: the
 * leg's media loop.
 */
final class Lines implements AutoCloseable {
    /** For so many pulls sound of the rate before dies down: what a concealment lasts. */
    private static final int FADING_PULLS = 3;

    private static final short[] NOTHING = new short[0];

    private final Enhancement enhancement;

    /** One of each codec that came in: which of them a packet is of is the peer's to choose. */
    private final Map<AudioCodec, AudioDecoder> decoders = new EnumMap<>(AudioCodec.class);

    private @Nullable AudioCodec codec;
    private @Nullable Line playing;

    /** Of the other rate: a peer may go to and fro between codecs as it likes. */
    private @Nullable Line other;

    private int fadingPulls;

    Lines(Enhancement enhancement) {
        this.enhancement = enhancement;
    }

    /** What comes in; null before anything was agreed. */
    @Nullable AudioCodec codec() {
        return codec;
    }

    /** The decoder of what comes in; null before anything was agreed. */
    @Nullable AudioDecoder decoder() {
        return codec == null ? null : decoders.get(codec);
    }

    /** What the codec that comes in is played by; null before anything was agreed. */
    @Nullable Line playing() {
        return playing;
    }

    /** The last 20 ms played; empty before anything was agreed. */
    short[] frame() {
        return playing == null ? NOTHING : playing.frame;
    }

    /**
     * Another codec comes in from here on.
     *
     * @param heard whether what came before may be on its way to somebody
     */
    void turnTo(AudioCodec next, Codecs codecs, boolean heard) {
        AudioDecoder decoder = decoders.get(next);
        if (decoder == null) {
            decoder = codecs.openDecoder(next);
            decoders.put(next, decoder);
        }
        if (playing == null) {
            playing = new Line(next, decoder, enhancement);
        } else if (playing.jitter.sampleRate() == decoder.sampleRate()) {
            playing.jitter.switchCodec(next, decoder);
        } else {
            turn(playing, next, decoder, heard);
        }
        codec = next;
    }

    /** The line of the one rate gives way to that of the other. */
    private void turn(Line before, AudioCodec next, AudioDecoder decoder, boolean heard) {
        Line turned = other;
        if (turned == null) {
            turned = new Line(next, decoder, enhancement);
        } else {
            turned.jitter.switchCodec(next, decoder);
            turned.forget();
        }
        before.jitter.reset();
        fadingPulls = heard ? FADING_PULLS : 0;
        other = before;
        playing = turned;
    }

    /**
     * The next 20 ms of the end of what came in the codec before; its background ends with it.
     *
     * @param mute they pass unheard
     * @return null if there is nothing to hear of it
     */
    short @Nullable [] ending(boolean mute, long nowNanos) {
        Line ending = other;
        if (ending == null || fadingPulls == 0) {
            return null;
        }
        fadingPulls--;
        if (ending.jitter.pull(nowNanos, ending.frame) == Playout.SILENCE || mute) {
            return null;
        }
        ending.enhance(false);
        if (fadingPulls == 0) {
            Fade.ramp(ending.frame, 0, ending.frame.length, 1, 0);
        }
        return ending.frame;
    }

    /** What became of all that came in; null before anything was agreed. */
    @Nullable JitterReport report() {
        if (playing == null) {
            return null;
        }
        JitterReport report = playing.jitter.report();
        return other == null ? report : report.with(other.jitter.report());
    }

    /** What comes in next is to be said anew. */
    void forgetCodec() {
        codec = null;
    }

    @Override
    public void close() {
        decoders.values().forEach(AudioDecoder::close);
        decoders.clear();
        if (playing != null) {
            playing.close();
        }
        if (other != null) {
            other.close();
        }
        playing = null;
        other = null;
    }
}
