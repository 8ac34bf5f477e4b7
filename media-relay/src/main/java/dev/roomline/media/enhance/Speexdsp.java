package dev.roomline.media.enhance;

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

/** The preprocessor of libspeexdsp (speex_preprocess.h), bound once. */
@SuppressWarnings("restricted")
final class Speexdsp {
    static final int SET_DENOISE = 0;
    static final int SET_AGC = 2;
    static final int SET_NOISE_SUPPRESS = 18;
    static final int SET_AGC_MAX_GAIN = 30;
    static final int SET_AGC_TARGET = 46;

    /** The one place to look in instead, as a system property; tests point it nowhere. */
    private static final String PLACE_PROPERTY = "roomline.libspeexdsp";

    private static final List<String> PLACES =
            List.of(
                    "libspeexdsp.so.1",
                    "/usr/lib/x86_64-linux-gnu/libspeexdsp.so.1",
                    "/usr/lib/aarch64-linux-gnu/libspeexdsp.so.1",
                    "/usr/lib64/libspeexdsp.so.1",
                    "/usr/lib/libspeexdsp.so.1",
                    "/usr/local/lib/libspeexdsp.so.1",
                    "/opt/homebrew/lib/libspeexdsp.1.dylib",
                    "/usr/local/lib/libspeexdsp.1.dylib");

    private static final @Nullable SymbolLookup LIBRARY = find();

    private static final MethodHandle INIT =
            bind("speex_preprocess_state_init", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle RUN =
            bind("speex_preprocess_run", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle CTL =
            bind(
                    "speex_preprocess_ctl",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle DESTROY =
            bind("speex_preprocess_state_destroy", FunctionDescriptor.ofVoid(ADDRESS));

    private Speexdsp() {}

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

    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        if (LIBRARY == null) {
            // never called: nothing is opened when the library is absent
            return linker.downcallHandle(descriptor).bindTo(MemorySegment.ofAddress(1));
        }
        return linker.downcallHandle(LIBRARY.findOrThrow(name), descriptor);
    }

    /**
     * @param samples per {@link #run}
     */
    static MemorySegment open(int samples, int sampleRate) {
        try {
            MemorySegment state = (MemorySegment) INIT.invokeExact(samples, sampleRate);
            if (state.address() == 0) {
                throw new IllegalStateException("libspeexdsp has no memory");
            }
            return state;
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    /**
     * In place; what it returns, whether somebody speaks, is only told where that was asked for.
     */
    static void run(MemorySegment state, MemorySegment pcm) {
        try {
            int _ = (int) RUN.invokeExact(state, pcm);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void set(MemorySegment state, int request, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment told = arena.allocateFrom(JAVA_INT, value);
            int result = (int) CTL.invokeExact(state, request, told);
            if (result != 0) {
                throw new IllegalStateException("libspeexdsp refused request " + request);
            }
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    static void close(MemorySegment state) {
        try {
            DESTROY.invokeExact(state);
        } catch (Throwable fault) {
            throw broken(fault);
        }
    }

    private static RuntimeException broken(Throwable fault) {
        return fault instanceof RuntimeException known
                ? known
                : new IllegalStateException("a call of libspeexdsp failed", fault);
    }
}
