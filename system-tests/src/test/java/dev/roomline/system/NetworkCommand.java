package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands that build a test's own networks, each of which has to work. They need root. */
final class NetworkCommand {
    private NetworkCommand() {}

    static void run(String command) {
        run(words(command));
    }

    static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(
                        String.join(" ", command)
                                + " (as root?): "
                                + new String(output, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static void in(String namespace, String command) {
        run("ip netns exec " + namespace + " " + command);
    }

    static List<String> words(String command) {
        return List.of(command.split(" "));
    }
}
