package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Folders under {@code benchmarks/target/runs}, and ports that nobody has. */
final class Workspace {
    private Workspace() {}

    /** The project's root, as {@code scripts/bench} says it. */
    static Path root() {
        return Path.of(System.getProperty("roomline.home", "")).toAbsolutePath();
    }

    /** A new folder; what a run leaves there may be read after it. */
    static Path folder(String name) {
        try {
            Path all = Files.createDirectories(root().resolve("benchmarks/target/runs"));
            return Files.createTempDirectory(all, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of our resources, put into a folder. */
    static Path unpack(String resource, Path folder) {
        Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try (var in = Workspace.class.getResourceAsStream(resource)) {
            Files.write(file, Objects.requireNonNull(in, resource).readAllBytes());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port free in UDP and TCP just now. */
    static int port() {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket _ =
                            new DatagramSocket(
                                    tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
                return tcp.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new IllegalStateException("no free port");
    }
}
