package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import java.util.List;

/**
 * What the configuration says about calls that come in.
 *
 * @param domains empty: the host part is not checked
 * @param maxCalls 0: no limit
 * @param invitesPerSecond 0: no limit
 * @param codecs names in our order, for trunks that have none of their own and for accounts
 * @param encryption of accounts' calls
 */
public record InboundSettings(
        List<String> domains,
        int maxCalls,
        int invitesPerSecond,
        List<String> codecs,
        Encryption encryption) {
    public InboundSettings {
        codecs = List.copyOf(codecs);
        domains = List.copyOf(domains);
    }
}
