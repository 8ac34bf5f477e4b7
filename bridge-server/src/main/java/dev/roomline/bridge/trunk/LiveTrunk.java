package dev.roomline.bridge.trunk;

import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.TrunkAddress;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.trunk.TrunkState.Health;
import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.message.SipUri;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trunk in use: its configuration, and what goes on with it. Owner: the signalling loop. */
public final class LiveTrunk {
    private final Trunk trunk;
    private final @Nullable TrunkAddress address;
    private final @Nullable ClientIdentity identity;
    private final Turnstile turnstile;
    private final TrunkHealth health;

    LiveTrunk(Trunk trunk, Signal signal, TrunkHealth.Ports ports) {
        this.trunk = trunk;
        this.address =
                TrunkAddress.read(trunk.address()) instanceof TrunkAddress.Read.Good(var read)
                        ? read
                        : null;
        this.identity =
                address == null || trunk.username().isEmpty()
                        ? null
                        : ClientIdentity.ofPeer(
                                trunk.username(), trunk.password().value(), address.host());
        this.turnstile =
                trunk.callsPerSecond() > 0
                        ? new Pace(signal, trunk.callsPerSecond())
                        : Turnstile.OPEN;
        this.health = new TrunkHealth(this, signal, ports);
    }

    public Trunk trunk() {
        return trunk;
    }

    public String id() {
        return trunk.id();
    }

    /** As traces name it. */
    public String label() {
        return "trunk " + (trunk.name().isEmpty() ? trunk.id() : trunk.name());
    }

    /** Empty for one that only takes calls in, or whose address cannot be called. */
    public Optional<TrunkAddress> address() {
        return Optional.ofNullable(address);
    }

    public boolean isOutbound() {
        return address != null && !trunk.direction().equals("inbound");
    }

    /** Who answers its challenges; null for nobody. */
    public @Nullable ClientIdentity identity() {
        return identity;
    }

    public Turnstile turnstile() {
        return turnstile;
    }

    public Health health() {
        return health.health();
    }

    public boolean registered() {
        return health.registered();
    }

    public String lastError() {
        return health.lastError();
    }

    /** The host part of our own address with it. */
    public String domain() {
        if (!trunk.fromDomain().isEmpty()) {
            return trunk.fromDomain();
        }
        return address == null ? "" : address.uriHost();
    }

    /** Where everything for it is sent. */
    public static SipUri hop(TrunkAddress address) {
        Map<String, String> parameters =
                address.transport().isEmpty() ? Map.of() : Map.of("transport", address.transport());
        return new SipUri("sip", null, address.host(), address.port(), parameters);
    }

    TrunkHealth watch() {
        return health;
    }
}
