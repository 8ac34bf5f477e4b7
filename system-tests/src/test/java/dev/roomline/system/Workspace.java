package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Folders under {@code system-tests/target}: what a test leaves there may be read after a failure.
 */
final class Workspace {
    private Workspace() {}

    /** The project's root, wherever the tests were started from. */
    static Path projectRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("bridge-server"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("tests must be run inside the project");
            }
        }
        return folder;
    }

    /** A new folder whose name begins with {@code name}. */
    static Path folder(String name) {
        try {
            Path all = projectRoot().resolve("system-tests/target/peers");
            Files.createDirectories(all);
            return Files.createTempDirectory(all, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
