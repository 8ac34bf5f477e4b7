package dev.roomline.bridge.inbound;

import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.message.SipUri;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code P-Asserted-Identity} (RFC 3325 §9.1), as far as naming a caller needs it. Believed
 * only from a trunk: anybody can write that header.
 */
final class AssertedIdentity {
    private static final Pattern VALUE =
            Pattern.compile(
                    "\\s*(?:\"((?:[^\"\\\\]|\\\\.){0,255})\"|([^<\":,]{0,255}?))\\s*"
                            + "<?\\s*(sips?|tel):([^@>;,\\s]{1,255})(?:@([^>;,\\s]{1,255}))?.*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private AssertedIdentity() {}

    /** The first one that can be read; null if none can. */
    static @Nullable NameAddr of(SipRequest invite) {
        for (String value : invite.headers("P-Asserted-Identity")) {
            Matcher matcher = VALUE.matcher(value);
            if (matcher.matches()) {
                String quoted = matcher.group(1);
                String display =
                        quoted != null
                                ? quoted.replaceAll("\\\\(.)", "$1")
                                : String.valueOf(matcher.group(2));
                String host = matcher.group(5);
                SipUri uri =
                        new SipUri(
                                String.valueOf(matcher.group(3)).toLowerCase(Locale.ROOT),
                                HeaderText.decode(String.valueOf(matcher.group(4))),
                                host == null ? "" : host,
                                -1,
                                Map.of());
                return new NameAddr(display.isBlank() ? null : display.strip(), uri, null);
            }
        }
        return null;
    }
}
