package dev.roomline.media.sdp;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code c=} line (RFC 8866 §5.7).
 *
 * @param ipv6 whether it says IP6
 * @param address as written, without TTL; a literal or a name
 */
public record Connection(boolean ipv6, String address) {
    /** With the colons around them. */
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    /** Of an address. */
    public static Connection of(InetAddress address) {
        return address instanceof Inet6Address six
                ? new Connection(true, text(six))
                : new Connection(false, address.getHostAddress());
    }

    /** As RFC 5952 §4 says: the first of the longest runs of zeros is left out, and the scope. */
    private static String text(Inet6Address address) {
        String whole = address.getHostAddress().replaceFirst("%.*$", "");
        int from = 0;
        int to = 0;
        for (Matcher zeros = ZEROS.matcher(whole); zeros.find(); ) {
            // halved, since at an end there is a colon less
            if ((zeros.end() - zeros.start()) / 2 > (to - from) / 2) {
                from = zeros.start();
                to = zeros.end();
            }
        }
        return to == 0 ? whole : whole.substring(0, from) + "::" + whole.substring(to);
    }

    /**
     * The address, or null if it is a host name or no literal of the family that the line says: no
     * name is ever looked up from here.
     */
    public @Nullable InetAddress literal() {
        return ipv6 ? literal6(address) : literal4(address);
    }

    private static @Nullable InetAddress literal4(String text) {
        // Inet4Address.ofLiteral takes "10.1" too; SDP wants four parts (RFC 8866 §9).
        int parts = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                parts++;
            } else if (c < '0' || c > '9') {
                return null;
            }
        }
        try {
            return parts == 4 ? Inet4Address.ofLiteral(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable InetAddress literal6(String text) {
        if (text.indexOf(':') < 0 || text.indexOf('%') >= 0) {
            return null;
        }
        try {
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** As it stands after {@code c=}. */
    @Override
    public String toString() {
        return (ipv6 ? "IN IP6 " : "IN IP4 ") + address;
    }
}
