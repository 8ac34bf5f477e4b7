package dev.roomline.media.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Another's G.722, to compare with: that of SpanDSP, which many switches and telephones run. The
 * library is a package of the system (libspandsp2); scripts/check installs it.
 */
@SuppressWarnings("restricted")
final class Spandsp {
    private static final int BITS_PER_SECOND = 64_000;

    private Spandsp() {}

    /** All of a sound, coded from the beginning. */
    static byte[] encode(short[] pcm) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = library(arena);
            MemorySegment state = open(library, "g722_encode_init");
            MemorySegment sound = arena.allocateFrom(JAVA_SHORT, pcm);
            MemorySegment octets = arena.allocate(pcm.length);
            int written = run(library, "g722_encode", state, octets, sound, pcm.length);
            free(library, "g722_encode_free", state);
            return octets.asSlice(0, written).toArray(JAVA_BYTE);
        }
    }

    /** All octets, decoded from the beginning. */
    static short[] decode(byte[] octets) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = library(arena);
            MemorySegment state = open(library, "g722_decode_init");
            MemorySegment coded = arena.allocateFrom(JAVA_BYTE, octets);
            MemorySegment sound = arena.allocate(JAVA_SHORT, 2L * octets.length);
            int written = run(library, "g722_decode", state, sound, coded, octets.length);
            free(library, "g722_decode_free", state);
            return sound.asSlice(0, 2L * written).toArray(JAVA_SHORT);
        }
    }

    /**
     * Both bands' coders without the filters, as the Recommendation's own test sequences are run
     * (appendix II): each sample goes into either band, halved.
     */
    static byte[] encodeBands(short[] pcm) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = library(arena);
            MemorySegment state = withoutFilters(open(library, "g722_encode_init"));
            MemorySegment sound = arena.allocateFrom(JAVA_SHORT, pcm);
            MemorySegment octets = arena.allocate(pcm.length);
            int written = run(library, "g722_encode", state, octets, sound, pcm.length);
            free(library, "g722_encode_free", state);
            return octets.asSlice(0, written).toArray(JAVA_BYTE);
        }
    }

    /**
     * Both bands' decoders without the filters: of each octet the lower band, then the higher,
     * doubled.
     */
    static short[] decodeBands(byte[] octets) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = library(arena);
            MemorySegment state = withoutFilters(open(library, "g722_decode_init"));
            MemorySegment coded = arena.allocateFrom(JAVA_BYTE, octets);
            MemorySegment sound = arena.allocate(JAVA_SHORT, 2L * octets.length);
            int written = run(library, "g722_decode", state, sound, coded, octets.length);
            free(library, "g722_decode_free", state);
            return sound.asSlice(0, 2L * written).toArray(JAVA_SHORT);
        }
    }

    /** The first word of either state says so. */
    private static MemorySegment withoutFilters(MemorySegment state) {
        state.reinterpret(JAVA_INT.byteSize()).set(JAVA_INT, 0, 1);
        return state;
    }

    private static SymbolLookup library(Arena arena) {
        try {
            return SymbolLookup.libraryLookup("libspandsp.so.2", arena);
        } catch (IllegalArgumentException absent) {
            throw new AssertionError("libspandsp2 is missing; scripts/check installs it", absent);
        }
    }

    private static MethodHandle bind(
            SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    private static MemorySegment open(SymbolLookup library, String name) {
        return (MemorySegment)
                call(
                        bind(
                                library,
                                name,
                                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT)),
                        MemorySegment.NULL,
                        BITS_PER_SECOND,
                        0);
    }

    private static int run(
            SymbolLookup library,
            String name,
            MemorySegment state,
            MemorySegment out,
            MemorySegment in,
            int length) {
        return (int)
                call(
                        bind(
                                library,
                                name,
                                FunctionDescriptor.of(
                                        JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT)),
                        state,
                        out,
                        in,
                        length);
    }

    private static void free(SymbolLookup library, String name, MemorySegment state) {
        call(bind(library, name, FunctionDescriptor.of(JAVA_INT, ADDRESS)), state);
    }

    private static Object call(MethodHandle function, @Nullable Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable fault) {
            throw new AssertionError("a call of libspandsp failed", fault);
        }
    }
}
