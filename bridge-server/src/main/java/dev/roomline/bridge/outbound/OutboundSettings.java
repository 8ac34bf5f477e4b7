package dev.roomline.bridge.outbound;

import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import java.util.List;

/**
 * What limits calls that we place.
 *
 * @param maxCalls of both directions; 0: no limit
 * @param codecs names in our order of preference, where a trunk names none
 * @param encryption of calls to accounts' phones
 */
public record OutboundSettings(
        int maxCalls,
        List<String> allowedPrefixes,
        List<String> deniedPrefixes,
        boolean emergencyNumbers,
        List<String> codecs,
        Encryption encryption) {
    public OutboundSettings {
        allowedPrefixes = List.copyOf(allowedPrefixes);
        deniedPrefixes = List.copyOf(deniedPrefixes);
        codecs = List.copyOf(codecs);
    }

    public static OutboundSettings of(RoomlineConfig config) {
        return new OutboundSettings(
                config.limits().maxCalls(),
                config.limits().allowedPrefixes(),
                config.limits().deniedPrefixes(),
                config.limits().emergencyNumbers(),
                config.media().codecs(),
                config.media().encryption());
    }
}
