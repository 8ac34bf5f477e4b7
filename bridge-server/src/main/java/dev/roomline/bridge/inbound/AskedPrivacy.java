package dev.roomline.bridge.inbound;

import dev.roomline.sip.message.SipRequest;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a caller asks that only carriers learn who it is: {@code Privacy: id} (RFC 3325 §7), or
 * {@code user} or {@code header} (RFC 3323 §4.2), which hide more. The room is told nothing then
 * that could name it; the operator, who stands within the trust of its trunk, is.
 */
final class AskedPrivacy {
    private static final Set<String> HIDING = Set.of("id", "user", "header");

    private AskedPrivacy() {}

    static boolean of(SipRequest invite) {
        boolean hides = false;
        for (String line : invite.headers("Privacy")) {
            for (String value : line.split("[;,]", -1)) {
                String asked = value.strip().toLowerCase(Locale.ROOT);
                if (asked.equals("none")) {
                    return false;
                }
                hides |= HIDING.contains(asked);
            }
        }
        return hides;
    }
}
