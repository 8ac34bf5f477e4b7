package dev.roomline.bridge.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a trunk is: {@code host[:port][;transport=udp|tcp|tls]}, with or without {@code sip:}
 * before it; {@code sips:} says TLS.
 *
 * @param host in lower case, IPv6 without brackets
 * @param port −1: by the rules of RFC 3263
 * @param transport {@code udp}, {@code tcp} or {@code tls}; empty: by the rules of RFC 3263
 */
public record TrunkAddress(String host, int port, String transport) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?i)(sips?:)?(?:\\[([0-9a-f:.]{2,45})\\]|([a-z0-9](?:[a-z0-9_.-]{0,252}))\\.?)"
                            + "(?::(\\d{1,5}))?(?:;transport=([a-z]{2,4}))?");

    private static final String EXPECTED = "host[:port][;transport=udp|tcp|tls]";

    private static final Set<String> CARRIERS = Set.of("", "udp", "tcp", "tls");

    /** What became of reading one. */
    public sealed interface Read {
        record Good(TrunkAddress address) implements Read {}

        /**
         * @param expected what should stand there
         */
        record Bad(String expected) implements Read {}
    }

    public static Read read(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return new Read.Bad(EXPECTED);
        }
        String port = matcher.group(4);
        int number = port == null ? -1 : Integer.parseInt(port);
        if (number == 0 || number > 65_535) {
            return new Read.Bad(EXPECTED + " with a port of 1 to 65535");
        }
        String scheme = matcher.group(1);
        String transport = matcher.group(5);
        String carrier = transport == null ? "" : transport.toLowerCase(Locale.ROOT);
        if (!CARRIERS.contains(carrier)) {
            return new Read.Bad(EXPECTED);
        }
        if ("sips:".equalsIgnoreCase(scheme)) {
            if (carrier.equals("udp")) {
                return new Read.Bad(EXPECTED + ", and not sips: over UDP");
            }
            carrier = "tls";
        }
        String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        return new Read.Good(new TrunkAddress(host.toLowerCase(Locale.ROOT), number, carrier));
    }

    /** As the host part of a URI. */
    public String uriHost() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** Host and port as a URI has them. */
    public String hostPort() {
        return port < 0 ? uriHost() : uriHost() + ":" + port;
    }
}
