package dev.roomline.media.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libopus, bound once. Encode and decode are ordinary calls, not {@code critical}
 * ones: 100 µs without a safepoint would hold up the collector and so every loop.
 */
@SuppressWarnings("restricted")
final class Libopus {
    static final int APPLICATION_VOIP = 2048;
    static final int APPLICATION_AUDIO = 2049;
    static final int SET_BITRATE = 4002;
    static final int SET_MAX_BANDWIDTH = 4004;
    static final int SET_COMPLEXITY = 4010;
    static final int SET_INBAND_FEC = 4012;
    static final int SET_PACKET_LOSS_PERC = 4014;
    static final int SET_DTX = 4016;
    static final int SET_SIGNAL = 4024;
    static final int SIGNAL_VOICE = 3001;
    static final int SET_VBR = 4006;
    static final int BANDWIDTH_NARROW = 1101;
    static final int BANDWIDTH_MEDIUM = 1102;
    static final int BANDWIDTH_WIDE = 1103;
    static final int BANDWIDTH_SUPERWIDE = 1104;
    static final int BANDWIDTH_FULL = 1105;
    private static final int RESET_STATE = 4028;

    /** The one place to look in instead, as a system property; tests point it nowhere. */
    private static final String PLACE_PROPERTY = "roomline.libopus";

    private static final List<String> PLACES =
            List.of(
                    "libopus.so.0",
                    "/usr/lib/x86_64-linux-gnu/libopus.so.0",
                    "/usr/lib/aarch64-linux-gnu/libopus.so.0",
                    "/usr/lib64/libopus.so.0",
                    "/usr/lib/libopus.so.0",
                    "/usr/local/lib/libopus.so.0",
                    "/opt/homebrew/lib/libopus.0.dylib",
                    "/usr/local/lib/libopus.0.dylib");

    private static final @Nullable SymbolLookup LIBRARY = find();

    private static final MethodHandle ENCODER_SIZE = bind("opus_encoder_get_size", JAVA_INT);
    private static final MethodHandle ENCODER_INIT =
            bind("opus_encoder_init", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ENCODE =
            bind("opus_encode", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle ENCODER_CTL = bindCtl("opus_encoder_ctl", true);
    private static final MethodHandle ENCODER_CTL_BARE = bindCtl("opus_encoder_ctl", false);
    private static final MethodHandle DECODER_SIZE = bind("opus_decoder_get_size", JAVA_INT);
    private static final MethodHandle DECODER_INIT =
            bind("opus_decoder_init", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle DECODE =
            bind("opus_decode", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle DECODER_CTL_BARE = bindCtl("opus_decoder_ctl", false);

    private Libopus() {}

    private static @Nullable SymbolLookup find() {
        String told = System.getProperty(PLACE_PROPERTY);
        for (String place : told == null ? PLACES : List.of(told)) {
            try {
                return SymbolLookup.libraryLookup(place, Arena.global());
            } catch (IllegalArgumentException absent) {
                // the next place may have it
            }
        }
        return null;
    }

    static boolean isPresent() {
        return LIBRARY != null;
    }

    private static MethodHandle bind(String name, java.lang.foreign.MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle bindCtl(String name, boolean value) {
        FunctionDescriptor descriptor =
                value
                        ? FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT)
                        : FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
        // variadic: on some platforms such arguments travel elsewhere than fixed ones
        return link(name, descriptor, Linker.Option.firstVariadicArg(2));
    }

    private static MethodHandle link(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        if (LIBRARY == null) {
            // never called: nothing opens a native state when the library is absent
            return linker.downcallHandle(descriptor, options).bindTo(MemorySegment.ofAddress(1));
        }
        return linker.downcallHandle(LIBRARY.findOrThrow(name), descriptor, options);
    }

    static String version() {
        try {
            MethodHandle handle =
                    Linker.nativeLinker()
                            .downcallHandle(
                                    java.util.Objects.requireNonNull(LIBRARY)
                                            .findOrThrow("opus_get_version_string"),
                                    FunctionDescriptor.of(ADDRESS));
            MemorySegment text = (MemorySegment) handle.invokeExact();
            return text.reinterpret(128).getString(0);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static int encoderSize() {
        try {
            return (int) ENCODER_SIZE.invokeExact(1);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static int decoderSize() {
        try {
            return (int) DECODER_SIZE.invokeExact(1);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void initEncoder(MemorySegment state, int sampleRate, int application) {
        try {
            require((int) ENCODER_INIT.invokeExact(state, sampleRate, 1, application));
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void initDecoder(MemorySegment state, int sampleRate) {
        try {
            require((int) DECODER_INIT.invokeExact(state, sampleRate, 1));
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static int encode(
            MemorySegment state, MemorySegment pcm, int samples, MemorySegment out, int room) {
        try {
            return (int) ENCODE.invokeExact(state, pcm, samples, out, room);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static int decode(
            MemorySegment state,
            MemorySegment packet,
            int length,
            MemorySegment pcm,
            int samples,
            int fec) {
        try {
            return (int) DECODE.invokeExact(state, packet, length, pcm, samples, fec);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void setEncoder(MemorySegment state, int request, int value) {
        try {
            require((int) ENCODER_CTL.invokeExact(state, request, value));
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void resetEncoder(MemorySegment state) {
        try {
            require((int) ENCODER_CTL_BARE.invokeExact(state, RESET_STATE));
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void resetDecoder(MemorySegment state) {
        try {
            require((int) DECODER_CTL_BARE.invokeExact(state, RESET_STATE));
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    private static void require(int result) {
        if (result != 0) {
            throw new IllegalStateException("libopus refused with " + result);
        }
    }

    private static RuntimeException broken(Throwable fault) {
        return fault instanceof RuntimeException known
                ? known
                : new IllegalStateException("a call of libopus failed", fault);
    }
}
