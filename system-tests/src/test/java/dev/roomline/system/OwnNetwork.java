package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An interface of this machine that leads nowhere, with an address of its own: for peers that leave
 * loopback addresses out. What goes to it goes to this machine. Needs root.
 */
final class OwnNetwork implements AutoCloseable {
    private final int number = RandomGenerator.getDefault().nextInt(1, 250);
    private final String name = "rlown" + number;

    OwnNetwork() {
        run("ip link add " + name + " type veth peer name " + name + "p");
        try {
            run("ip addr add " + address() + "/24 dev " + name);
            run("ip link set " + name + "p up");
            run("ip link set " + name + " up");
        } catch (AssertionError fault) {
            close();
            throw fault;
        }
    }

    String address() {
        return "10.212." + number + ".1";
    }

    @Override
    public void close() {
        run("ip link del " + name);
    }

    private static void run(String command) {
        try {
            Process process =
                    new ProcessBuilder(List.of(command.split(" ")))
                            .redirectErrorStream(true)
                            .start();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(
                        command + " (as root?): " + new String(output, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
