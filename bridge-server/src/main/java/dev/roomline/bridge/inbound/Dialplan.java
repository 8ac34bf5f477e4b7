package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.trunk.NumberPlan;
import dev.roomline.bridge.trunk.TrunkMatcher;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which trunk vouches for a call and where its number leads, as of now: replaced as a whole when a
 * trunk or a route is changed, so that the next call finds the new one. Owner: the signalling loop.
 */
public final class Dialplan {
    private TrunkMatcher trunks;
    private List<Route> routes;

    /** Both in the order in which they are asked. */
    public Dialplan(List<Trunk> trunks, List<Route> routes) {
        this.trunks = new TrunkMatcher(trunks);
        this.routes = List.copyOf(routes);
    }

    public void replace(List<Trunk> newTrunks, List<Route> newRoutes) {
        trunks = new TrunkMatcher(newTrunks);
        routes = List.copyOf(newRoutes);
    }

    /** Whether calls of some trunk come from there; that vouches for nobody yet. */
    public boolean allows(InetAddress source) {
        return trunks.allows(source);
    }

    TrunkMatcher.Match match(InetAddress source, SipRequest invite, Optional<String> called) {
        return trunks.match(source, invite, called);
    }

    /**
     * One that is bound to the caller's trunk goes before one that takes any.
     *
     * @param trunk null if the call came over none
     */
    Optional<Route> route(String number, @Nullable Trunk trunk) {
        List<Route> same =
                routes.stream()
                        .filter(route -> NumberPlan.same(route.number(), number, trunk))
                        .toList();
        return same.stream()
                .filter(route -> trunk != null && route.trunk().equals(trunk.id()))
                .findFirst()
                .or(() -> same.stream().filter(route -> route.trunk().isEmpty()).findFirst());
    }
}
