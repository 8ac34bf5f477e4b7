package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.dtmf.DtmfSender;
import dev.roomline.media.dtmf.KeyTones;
import dev.roomline.media.dtmf.ToneDetector;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.Hearer;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.leg.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A mix outside any room: who hums into it, and who hears it. */
abstract class OneMix {
    static final int FRAME = 320;

    static final int FRAMES = 100;

    final Codecs codecs = Codecs.load();

    MixDown mix = mix(5);

    MixDown mix(int opusComplexity) {
        return new MixDown(
                new Workbench(
                        codecs,
                        opusComplexity,
                        PassThroughPolicy.AUTO,
                        new DropCounters(),
                        new Random(1),
                        0));
    }

    /** Decodes what it is sent. */
    final class Ears implements Hearer {
        final List<byte[]> packets = new ArrayList<>();
        final AudioCodec codec;
        final AudioDecoder decoder;
        final short[] heard;
        int at;
        int silences;

        final OpusWishes wishes;

        int lossPercent = 5;

        /** Keys that go to it as tones. */
        final DtmfSender keys = new DtmfSender();

        final KeyTones tones = new KeyTones(keys);

        Ears(AudioCodec codec) {
            this(codec, OpusWishes.of(48_000, 0, true, false, false));
        }

        Ears(AudioCodec codec, OpusWishes wishes) {
            this.codec = codec;
            this.wishes = wishes;
            decoder = codecs.openDecoder(codec);
            heard = new short[FRAMES * FRAME + 5_760];
        }

        @Override
        public AudioCodec mixCodec() {
            return codec;
        }

        @Override
        public OpusWishes opusWishes() {
            return wishes;
        }

        @Override
        public void sendMix(byte[] payload, int offset, int length, int levelDbov) {
            packets.add(Arrays.copyOfRange(payload, offset, offset + length));
            at += decoder.decode(payload, offset, length, heard, at);
        }

        @Override
        public void sendSilence() {
            silences++;
        }

        @Override
        public int expectedLossPercent() {
            return lossPercent;
        }

        @Override
        public boolean dials() {
            return tones.busy();
        }

        @Override
        public void dial(short[] pcm, int samples) {
            tones.draw(pcm, samples);
        }

        /** What keys are in what it has heard. */
        String keysHeard() {
            StringBuilder found = new StringBuilder();
            ToneDetector detector = new ToneDetector((digit, millis) -> found.append(digit));
            for (int i = 0; i < at; i += decoder.sampleRate() / 8_000) {
                detector.hear(heard[i]);
            }
            return found.toString();
        }

        /** The level of a tone in the second half of what was heard. */
        double level(double hertz) {
            return Goertzel.dbov(heard, at / 2, at / 2, hertz, decoder.sampleRate());
        }
    }

    /** Somebody who hums. */
    static final class Hummer {
        final Voice voice = new Voice();
        final Tone tone;
        final short[] frame;

        Hummer(double hertz, int sampleRate) {
            tone = new Tone(hertz, sampleRate, -15);
            frame = new short[sampleRate / 50];
        }

        Voice next() {
            tone.generate(frame, 0, frame.length);
            voice.clear();
            voice.add(frame);
            return voice;
        }
    }

    /** A listener, and what of it is in the sum. */
    record Hearing(Listener listener, @Nullable Voice own) {}

    /** As a room does each tick. */
    void deliver(List<Hearing> all) {
        all.forEach(each -> mix.expect(each.listener));
        all.forEach(each -> mix.prepare(each.listener, each.own));
        all.forEach(each -> mix.deliver(each.listener, each.own));
    }

    static Voice voice(short[] frame) {
        Voice voice = new Voice();
        voice.add(frame);
        return voice;
    }

    @AfterEach
    void close() {
        mix.close();
    }
}
