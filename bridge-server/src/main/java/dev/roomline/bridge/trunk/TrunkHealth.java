package dev.roomline.bridge.trunk;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.TrunkAddress;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.trunk.TrunkState.Health;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.peering.Peering;
import dev.roomline.sip.peering.PeeringInput;
import dev.roomline.sip.peering.PeeringOutbox;
import dev.roomline.sip.peering.PeeringOutbox.State;
import dev.roomline.sip.peering.Ping;
import dev.roomline.sip.peering.Registration;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether a trunk lives: OPTIONS at intervals, and our REGISTER with it where one is wanted. Owner:
 * the signalling loop.
 */
final class TrunkHealth {
    private static final long EXPIRES_SECONDS = 3600;

    /** How the world is reached. */
    record Ports(
            Consumer<ClientCommand.Send> sip,
            LongSupplier handles,
            RandomGenerator random,
            TrunkWatch watch) {}

    private final LiveTrunk trunk;
    private final Signal signal;
    private final Ports ports;
    private final @Nullable Asking registering;
    private final @Nullable Asking pinging;
    private Health told = Health.UNKNOWN;

    TrunkHealth(LiveTrunk trunk, Signal signal, Ports ports) {
        this.trunk = trunk;
        this.signal = signal;
        this.ports = ports;
        TrunkAddress address = trunk.address().orElse(null);
        Trunk settings = trunk.trunk();
        this.registering =
                address == null || !settings.register() ? null : new Asking(registration(address));
        boolean pings = trunk.isOutbound() && settings.optionsPing().isPositive();
        this.pinging = address == null || !pings ? null : new Asking(ping(address));
    }

    private Registration registration(TrunkAddress address) {
        String username = trunk.trunk().username();
        String ours = "<sip:" + UserPart.escaped(username) + "@" + trunk.domain() + ">";
        return new Registration(
                new Envelope(
                        "sip:" + address.hostPort(),
                        List.of(LiveTrunk.hop(address)),
                        List.of(),
                        ours,
                        ours,
                        UserPart.isPlain(username) ? username : null),
                EXPIRES_SECONDS,
                trunk.identity(),
                ports.handles(),
                ports.random());
    }

    private Ping ping(TrunkAddress address) {
        SipUri hop = LiveTrunk.hop(address);
        String uri = "sip:" + address.hostPort();
        return new Ping(
                new Envelope(
                        uri,
                        List.of(hop),
                        List.of(),
                        "<sip:roomline@" + trunk.domain() + ">",
                        "<" + uri + ">",
                        null),
                trunk.trunk().optionsPing().toNanos(),
                ports.handles(),
                ports.random());
    }

    void start() {
        handle(new PeeringInput.Start());
    }

    /** Takes the binding back; nothing more is asked. */
    void stop() {
        handle(new PeeringInput.Stop());
    }

    void concluded(ClientEvent.Concluded event) {
        handle(new PeeringInput.Concluded(event));
    }

    private void handle(PeeringInput input) {
        if (registering != null) {
            registering.handle(input);
        }
        if (pinging != null) {
            pinging.handle(input);
        }
    }

    boolean registered() {
        return registering != null && registering.state == State.UP;
    }

    /** Down where either says so; up where what is asked says so. */
    Health health() {
        State bound = registering == null ? null : registering.state;
        State alive = pinging == null ? null : pinging.state;
        if (bound == State.DOWN || alive == State.DOWN) {
            return Health.DOWN;
        }
        return bound == State.UP || alive == State.UP ? Health.UP : Health.UNKNOWN;
    }

    String lastError() {
        if (registering != null && !registering.reason.isEmpty()) {
            return "REGISTER: " + registering.reason;
        }
        return pinging == null || pinging.reason.isEmpty() ? "" : "OPTIONS: " + pinging.reason;
    }

    private void changed() {
        Health now = health();
        if (now != told) {
            told = now;
            ports.watch().changed(trunk, now);
        }
    }

    private void registration(State before, State next, String reason) {
        if (next == State.UP && before != State.UP) {
            ports.watch().registered(trunk);
        } else if (next == State.DOWN) {
            ports.watch().notRegistered(trunk, reason);
        }
    }

    /** One machine of {@code sip.peering} with its clock. */
    private final class Asking implements PeeringOutbox {
        private final Peering machine;
        State state = State.UNKNOWN;
        String reason = "";
        private @Nullable Later alarm;

        Asking(Peering machine) {
            this.machine = machine;
        }

        void handle(PeeringInput input) {
            machine.handle(input, signal.nanoTime(), this);
            if (alarm != null) {
                alarm.cancel();
                alarm = null;
            }
            long next = machine.nextDeadlineNanos();
            if (next != Long.MAX_VALUE) {
                alarm =
                        signal.after(
                                Duration.ofNanos(Math.max(0, next - signal.nanoTime())),
                                () -> handle(new PeeringInput.DeadlineReached()));
            }
        }

        @Override
        public void send(ClientCommand.Send command) {
            ports.sip().accept(command);
        }

        @Override
        public void changed(State next, String why) {
            State before = state;
            state = next;
            reason = why;
            switch (machine) {
                case Registration _ -> registration(before, next, why);
                case Ping _ -> {}
            }
            TrunkHealth.this.changed();
        }
    }
}
