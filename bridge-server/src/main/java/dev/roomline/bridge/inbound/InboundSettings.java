package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.Declared.Route;
import java.util.List;

/**
 * What the configuration says about calls that come in.
 *
 * @param domains empty: the host part is not checked
 * @param maxCalls 0: no limit
 * @param invitesPerSecond 0: no limit
 */
public record InboundSettings(
        List<String> domains, int maxCalls, int invitesPerSecond, List<Route> routes) {
    public InboundSettings {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }
}
