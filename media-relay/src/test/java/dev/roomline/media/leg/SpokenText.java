package dev.roomline.media.leg;

import dev.roomline.media.measure.Resampled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** Real speech, said by espeak-ng when it is needed, at 16 kHz and at the level of a telephone. */
public final class SpokenText {
    private static final String TEXT =
            "Good morning, this is the weekly call about the new building. The concrete for the second"
                    + " floor arrived on Tuesday, so we are two days late, but nobody is worried yet."
                    + " Could you tell us about the windows? They told me that the frames will be"
                    + " ready next month, and that the glass is in the warehouse already.";

    private static final double SPEECH_RMS = 2_500;
    private static final int HEADER_OCTETS = 44;
    private static final int RATE_AT = 24;

    private SpokenText() {}

    /**
     * @param voice {@code en-gb}, or {@code en-us+f3} for a woman's
     */
    public static short[] by(String voice) {
        try {
            Process espeak =
                    new ProcessBuilder("espeak-ng", "-v", voice, "--stdout", TEXT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            byte[] wav = espeak.getInputStream().readAllBytes();
            if (!espeak.waitFor(20, TimeUnit.SECONDS) || espeak.exitValue() != 0) {
                throw new AssertionError("espeak-ng failed with voice " + voice);
            }
            return levelled(wav);
        } catch (IOException e) {
            throw new UncheckedIOException("espeak-ng is missing; scripts/check installs it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static short[] levelled(byte[] wav) {
        ByteBuffer file = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        short[] samples = new short[(wav.length - HEADER_OCTETS) / 2];
        file.slice(HEADER_OCTETS, 2 * samples.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(samples);
        double[] wide = Resampled.of(samples, file.getInt(RATE_AT), 16_000);
        double power = 0;
        for (double sample : wide) {
            power += sample * sample;
        }
        double gain = SPEECH_RMS / Math.sqrt(power / wide.length);
        short[] out = new short[wide.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) Math.clamp(Math.round(gain * wide[i]), -32_768, 32_767);
        }
        return out;
    }
}
