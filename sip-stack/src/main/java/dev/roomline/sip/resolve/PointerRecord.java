package dev.roomline.sip.resolve;

import dev.roomline.sip.endpoint.TransportKind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A NAPTR record (RFC 3403), as far as SIP uses it (RFC 3263 §4.1).
 *
 * @param service as {@code SIP+D2U}
 * @param replacement the name to ask SRV for, without the last dot
 */
record PointerRecord(int order, int preference, String flags, String service, String replacement) {

    /** The transport that it offers; null for what is not SIP or not served by SRV. */
    @Nullable TransportKind transport() {
        if (!flags.equalsIgnoreCase("s")) {
            return null;
        }
        return switch (service.toUpperCase(Locale.ROOT)) {
            case "SIP+D2U" -> TransportKind.UDP;
            case "SIP+D2T" -> TransportKind.TCP;
            case "SIPS+D2T" -> TransportKind.TLS;
            default -> null;
        };
    }

    /** Those that we can follow, the wanted first. */
    static List<PointerRecord> usable(List<PointerRecord> records, Set<TransportKind> transports) {
        return records.stream()
                .filter(
                        record -> {
                            TransportKind transport = record.transport();
                            return transport != null && transports.contains(transport);
                        })
                .sorted(
                        Comparator.comparingInt(PointerRecord::order)
                                .thenComparingInt(PointerRecord::preference))
                .toList();
    }
}
