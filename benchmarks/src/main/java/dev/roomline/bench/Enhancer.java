package dev.roomline.bench;

import dev.onvoid.webrtc.media.audio.AudioProcessing;
import dev.onvoid.webrtc.media.audio.AudioProcessingConfig;
import dev.onvoid.webrtc.media.audio.AudioProcessingStreamConfig;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.enhance.SpeechEnhancer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A library that makes one phone's speech better, 20 ms at a time, in place. */
interface Enhancer extends AutoCloseable {
    void process(short[] frame);

    @Override
    void close();

    /** libspeexdsp, as the server uses it. */
    static Enhancer speexdsp(EnhancementWishes wishes, int rate) {
        SpeechEnhancer enhancer = Enhancement.load(wishes).open(rate);
        return new Enhancer() {
            @Override
            public void process(short[] frame) {
                enhancer.process(frame);
            }

            @Override
            public void close() {
                enhancer.close();
            }
        };
    }

    /** The processing of libwebrtc, by its Java binding, 10 ms at a time. */
    static Enhancer webrtc(EnhancementWishes wishes, int rate) {
        return new Webrtc(wishes, rate);
    }

    /** Owner: whoever opened it. */
    final class Webrtc implements Enhancer {
        private final AudioProcessing processing = new AudioProcessing();
        private final AudioProcessingStreamConfig stream;
        private final byte[] in;
        private final byte[] out;

        Webrtc(EnhancementWishes wishes, int rate) {
            stream = new AudioProcessingStreamConfig(rate, 1);
            in = new byte[2 * rate / 100];
            out = new byte[Math.max(in.length, processing.getTargetBufferSize(stream, stream))];
            AudioProcessingConfig config = new AudioProcessingConfig();
            config.noiseSuppression.enabled = wishes.noiseSuppression();
            config.noiseSuppression.level = AudioProcessingConfig.NoiseSuppression.Level.HIGH;
            config.gainControl.enabled = wishes.autoGain();
            config.gainControl.adaptiveDigital.enabled = wishes.autoGain();
            processing.applyConfig(config);
        }

        @Override
        public void process(short[] frame) {
            ByteBuffer from = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer to = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
            int step = in.length / 2;
            for (int at = 0; at < frame.length; at += step) {
                from.asShortBuffer().put(frame, at, step);
                processing.processStream(in, stream, stream, out);
                to.asShortBuffer().get(frame, at, step);
            }
        }

        @Override
        public void close() {
            processing.dispose();
        }
    }
}
