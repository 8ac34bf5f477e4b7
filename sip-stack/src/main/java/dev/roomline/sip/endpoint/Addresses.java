package dev.roomline.sip.endpoint;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as text and back, without any look-up. IPv6 is written as RFC 5952 says: one address is
 * one text, in messages as in logs.
 */
public final class Addresses {
    /** With the colons around them. */
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    private Addresses() {}

    /** The address of a numeric host; null for a name. */
    static @Nullable InetAddress literal(String host) {
        if (host.isEmpty() || (host.indexOf(':') < 0 && !isDotted(host))) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException notNumeric) {
            return null;
        }
    }

    private static boolean isDotted(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    /** Without brackets and without an IPv6 scope, which means nothing to a peer. */
    public static String text(InetAddress address) {
        return address instanceof Inet6Address six ? text(six) : address.getHostAddress();
    }

    /** As the host of a URI. */
    public static String host(InetAddress address) {
        return address instanceof Inet6Address ? '[' + text(address) + ']' : text(address);
    }

    /** As it stands in a Via or URI. */
    public static String hostPort(InetSocketAddress address) {
        return host(address.getAddress()) + ':' + address.getPort();
    }

    /** As RFC 5952 §4 says: the first of the longest runs of zeros is left out. */
    private static String text(Inet6Address address) {
        String whole = address.getHostAddress();
        int scope = whole.indexOf('%');
        whole = scope < 0 ? whole : whole.substring(0, scope);
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
     * Whether nobody outside its own network can reach it: RFC 1918, RFC 6598, RFC 4193, loopback,
     * link-local and unspecified.
     */
    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean sharedSpace =
                bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // 100.64.0.0/10
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc; // fc00::/7
        return sharedSpace
                || uniqueLocal
                || address.isSiteLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress();
    }
}
