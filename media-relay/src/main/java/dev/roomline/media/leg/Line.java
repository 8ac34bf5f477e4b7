package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.enhance.SpeechEnhancer;
import dev.roomline.media.jitter.JitterBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Ear} hears at one rate: a jitter buffer, the 20 ms played last, and what is done
 * to them. Owner: the leg's media loop.
 */
final class Line implements AutoCloseable {
    final JitterBuffer jitter;

    /** What was played last. */
    final short[] frame;

    private final Enhancement enhancement;

    /** Null while nothing was played, or nothing is to be done to it. */
    private @Nullable SpeechEnhancer enhancer;

    Line(AudioCodec codec, AudioDecoder decoder, Enhancement enhancement) {
        this.enhancement = enhancement;
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

    /** What is held back of it comes out when it has ended, and nothing is done in pauses. */
    void enhance(boolean silent) {
        if (!enhancement.isOn()) {
            return;
        }
        if (enhancer == null) {
            if (silent) {
                return;
            }
            enhancer = enhancement.open(jitter.sampleRate());
        }
        if (silent) {
            enhancer.drain(frame);
        } else {
            enhancer.process(frame);
        }
    }

    @Override
    public void close() {
        if (enhancer != null) {
            enhancer.close();
        }
    }
}
