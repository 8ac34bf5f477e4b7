package dev.roomline.bridge.trunk;

import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.trunk.TrunkState.Health;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How trunks are, to the log, the metrics and the API's events. Owner: the signalling loop. */
public final class TrunkNews implements TrunkWatch {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.trunk");

    private final Counters counters;
    private final Consumer<Happening> events;

    public TrunkNews(Counters counters, Consumer<Happening> events) {
        this.counters = counters;
        this.events = events;
    }

    @Override
    public void changed(LiveTrunk trunk, Health now) {
        counters.trunkChanged(now.label());
        switch (now) {
            case UP -> {
                LOG.info("event=trunk_up trunk={}", trunk.id());
                tell(EventType.TRUNK_UP, trunk);
            }
            case DOWN -> {
                LOG.warn("event=trunk_down trunk={} error=\"{}\"", trunk.id(), trunk.lastError());
                tell(EventType.TRUNK_DOWN, trunk);
            }
            case UNKNOWN -> LOG.info("event=trunk_not_asked trunk={}", trunk.id());
        }
    }

    @Override
    public void registered(LiveTrunk trunk) {
        counters.trunkRegistration(true);
        LOG.info("event=trunk_registered trunk={}", trunk.id());
        tell(EventType.TRUNK_REGISTERED, trunk);
    }

    @Override
    public void notRegistered(LiveTrunk trunk, String why) {
        counters.trunkRegistration(false);
        LOG.warn("event=trunk_not_registered trunk={} error=\"{}\"", trunk.id(), why);
    }

    private void tell(EventType type, LiveTrunk trunk) {
        events.accept(
                new Happening.OfTrunk(type, trunk.id(), trunk.health().label(), trunk.lastError()));
    }
}
