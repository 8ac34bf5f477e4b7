package dev.roomline.system;

import static dev.roomline.system.NetworkCommand.run;

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
}
