package dev.roomline.bridge.ask;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a caller hears; spoken by {@code scripts/prompts}. Sound is read once, when the first of
 * them is wanted. Immutable.
 */
public enum Prompt {
    /** Please enter your room code, then press the hash key. */
    CODE,
    /** Please enter the pin, then press the hash key. */
    PIN,
    /** That is not right. Please try again. */
    WRONG,
    /** Nothing was entered. Please try again. */
    NOTHING,
    /** The room is full. Goodbye. */
    FULL,
    /** That is not possible at the moment. Goodbye. */
    UNAVAILABLE,
    /** Goodbye. */
    GOODBYE;

    /** Samples a second. */
    public static final int RATE = 8_000;

    private static final int WAV_HEAD = 12;
    private static final int CHUNK_HEAD = 8;

    private static final class Sounds {
        static final Map<Prompt, short[]> ALL = read();

        private static Map<Prompt, short[]> read() {
            Map<Prompt, short[]> all = new EnumMap<>(Prompt.class);
            for (Prompt prompt : values()) {
                all.put(prompt, sound(prompt));
            }
            return all;
        }

        private static short[] sound(Prompt prompt) {
            String name = "/prompts/" + prompt.name().toLowerCase(Locale.ROOT) + ".wav";
            try (InputStream in = Prompt.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("no " + name);
                }
                return samples(in.readAllBytes(), name);
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }

        /** The data chunk of a RIFF file of 8 kHz, 16 bits, one channel. */
        private static short[] samples(byte[] file, String name) {
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            int at = WAV_HEAD;
            boolean known = false;
            while (at + CHUNK_HEAD <= file.length) {
                int length = bytes.getInt(at + 4);
                int body = at + CHUNK_HEAD;
                if (file[at] == 'f' && file[at + 1] == 'm') {
                    known =
                            bytes.getShort(body) == 1
                                    && bytes.getShort(body + 2) == 1
                                    && bytes.getInt(body + 4) == RATE
                                    && bytes.getShort(body + 14) == 16;
                } else if (known && file[at] == 'd' && file[at + 1] == 'a') {
                    short[] samples = new short[Math.min(length, file.length - body) / 2];
                    bytes.position(body)
                            .slice()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asShortBuffer()
                            .get(samples);
                    return samples;
                }
                at = body + length + (length & 1);
            }
            throw new IllegalStateException(name + " is no WAV of 8 kHz, 16 bits, one channel");
        }
    }

    /** Its sound at {@link #RATE}; not to be written. */
    public short[] samples() {
        return Objects.requireNonNull(Sounds.ALL.get(this));
    }

    /** How long it takes to say. */
    public long millis() {
        return samples().length * 1_000L / RATE;
    }
}
