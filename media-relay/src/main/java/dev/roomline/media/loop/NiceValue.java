package dev.roomline.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who gets a core first when there are more threads than cores: sound is due every 20 ms, a method
 * may be compiled a little later. Linux keeps a nice value for each thread (setpriority(2), "C
 * library/kernel differences"): to lower one's own is everybody's right, to raise it takes
 * CAP_SYS_NICE or a limit (RLIMIT_NICE). Elsewhere nothing is done. Stateless.
 */
public final class NiceValue {
    /** Of a thread that sound waits for: in contention it gets some nine parts of ten. */
    public static final int SOUND = -10;

    /** Of the compilers: in contention with ordinary threads a quarter, with those of sound 3 %. */
    static final int COMPILERS = 5;

    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0;
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final Optional<MethodHandle> SET_PRIORITY = bind();

    private NiceValue() {}

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> bind() {
        if (!Files.isDirectory(TASKS)) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor descriptor =
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
        Optional<MemorySegment> function = linker.defaultLookup().find("setpriority");
        return function.map(each -> linker.downcallHandle(each, descriptor));
    }

    /** Sets that of the calling thread; false if the system does not allow it. */
    public static boolean set(int value) {
        return set(THIS_THREAD, value);
    }

    /**
     * Puts the compilers behind everybody else; those that the virtual machine adds later are
     * started by them and inherit it. Returns how many there were.
     */
    static int lowerCompilers() {
        if (SET_PRIORITY.isEmpty()) {
            return 0;
        }
        int lowered = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (isCompiler(task)
                        && set(Integer.parseInt(task.getFileName().toString()), COMPILERS)) {
                    lowered++;
                }
            }
        } catch (IOException unreadable) {
            return lowered;
        }
        return lowered;
    }

    /** The kernel keeps 15 characters of "C2 CompilerThread0". */
    private static boolean isCompiler(Path task) {
        try {
            String name = Files.readString(task.resolve("comm"));
            return name.startsWith("C1 CompilerThre") || name.startsWith("C2 CompilerThre");
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean set(int thread, int value) {
        if (SET_PRIORITY.isEmpty()) {
            return false;
        }
        try {
            return (int) SET_PRIORITY.get().invokeExact(PRIO_PROCESS, thread, value) == 0;
        } catch (Throwable fault) {
            throw new IllegalStateException("setpriority", fault);
        }
    }

    /** That of the calling thread as the kernel tells it (proc(5), stat, field 19). */
    static OptionalInt current() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            // the name stands in brackets and may hold anything
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return OptionalInt.of(Integer.parseInt(fields[16]));
        } catch (IOException elsewhere) {
            return OptionalInt.empty();
        }
    }
}
