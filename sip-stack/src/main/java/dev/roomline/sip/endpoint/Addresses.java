package dev.roomline.sip.endpoint;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as text and back, without any look-up. */
final class Addresses {
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
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** As it stands in a Via or URI. */
    static String hostPort(InetSocketAddress address) {
        String host = text(address.getAddress());
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
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
