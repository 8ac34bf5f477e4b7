package dev.roomline.sip.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A SIP, SIPS or tel URI taken apart (RFC 3261 §19.1, RFC 3966).
 *
 * @param scheme in lower case: {@code sip}, {@code sips}, {@code tel} or what else was sent
 * @param user the unescaped user part; for {@code tel} the number; null if there is none
 * @param host in lower case, IPv6 without brackets; empty for {@code tel} and schemes that are not
 *     served
 * @param port −1 if absent
 * @param parameters URI parameters, names in lower case, value empty for a flag
 */
public record SipUri(
        String scheme,
        @Nullable String user,
        String host,
        int port,
        Map<String, String> parameters) {
    public SipUri {
        parameters = Map.copyOf(parameters);
    }
}
