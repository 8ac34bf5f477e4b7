package dev.roomline.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A peer in a process of its own, its output in a file. Ends with its test, by its own id only. */
final class ChildProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private final Process process;
    private final Path output;
    private final String name;

    private ChildProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a command in {@code folder}, its standard output and error in {@code
     * folder/<name>.log}.
     */
    static ChildProcess start(String name, Path folder, List<String> command) {
        return start(name, folder, command, ProcessBuilder.Redirect.from(new File("/dev/null")));
    }

    /** The same with a standard input that never ends, for those who take its end for theirs. */
    static ChildProcess startFed(String name, Path folder, List<String> command) {
        return start(name, folder, command, ProcessBuilder.Redirect.PIPE);
    }

    private static ChildProcess start(
            String name, Path folder, List<String> command, ProcessBuilder.Redirect input) {
        Path output = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.redirectInput(input);
        builder.environment().keySet().removeIf(key -> key.startsWith("ROOMLINE_"));
        try {
            Process process = builder.start();
            // Nothing may outlive the tests, not even when they are interrupted.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ChildProcess(name, process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    command.getFirst() + " cannot be started; scripts/test installs it", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** What it has printed up to now. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end. */
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        name + " did not end within " + limit + "; it printed:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL; it is gone when this returns. */
    void kill() {
        process.destroyForcibly();
        awaitExit(END_LIMIT);
    }

    /** SIGTERM, and SIGKILL to who does not obey. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
