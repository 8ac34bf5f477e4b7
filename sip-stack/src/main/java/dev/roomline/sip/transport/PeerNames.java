package dev.roomline.sip.transport;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * For which SIP domains a certificate speaks (RFC 5922 §7): {@code sip:} URIs without a user, DNS
 * names and addresses among its alternative names; its common name only where it has no alternative
 * names at all. A wildcard of one whole leftmost label counts, as carriers use it, though §7.2
 * forbids it: see docs/rfc-exceptions.md.
 */
final class PeerNames {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    private PeerNames() {}

    /** In lower case, without repetition, in the certificate's order. */
    static List<String> of(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return commonNames(certificate);
            }
            for (List<?> alternative : alternatives) {
                String name =
                        switch ((Integer) alternative.get(0)) {
                            case DNS, ADDRESS -> (String) alternative.get(1);
                            case URI -> sipDomain((String) alternative.get(1));
                            default -> "";
                        };
                if (!name.isEmpty()) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException malformed) {
            return List.of();
        }
        return List.copyOf(names);
    }

    /**
     * @param name a domain, or an address without brackets
     */
    static boolean speaksFor(X509Certificate certificate, String name) {
        return matches(of(certificate), name);
    }

    static boolean matches(List<String> names, String wanted) {
        String name = wanted.toLowerCase(Locale.ROOT);
        InetAddress address = address(name);
        for (String each : names) {
            if (address != null ? address.equals(address(each)) : isFor(each, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFor(String certified, String name) {
        if (certified.equals(name)) {
            return true;
        }
        int firstDot = name.indexOf('.');
        return certified.startsWith("*.")
                && certified.indexOf('.', 2) > 0
                && firstDot > 0
                && certified.substring(1).equals(name.substring(firstDot));
    }

    private static @Nullable InetAddress address(String text) {
        boolean looksNumeric =
                text.indexOf(':') >= 0
                        || text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        try {
            return looksNumeric && !text.isEmpty() ? InetAddress.ofLiteral(text) : null;
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    /** §7.1: the scheme must be sip and there must be no user; empty if that is not so. */
    private static String sipDomain(String uri) {
        if (!uri.regionMatches(true, 0, "sip:", 0, 4) || uri.indexOf('@') >= 0) {
            return "";
        }
        String rest = uri.substring(4);
        int end = 0;
        int closing = rest.startsWith("[") ? rest.indexOf(']') : -1;
        if (closing > 0) {
            return rest.substring(1, closing);
        }
        while (end < rest.length() && ";?:".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return rest.substring(0, end);
    }

    private static List<String> commonNames(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            for (Rdn part :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String cn) {
                    names.add(cn.toLowerCase(Locale.ROOT));
                }
            }
        } catch (InvalidNameException malformed) {
            return List.of();
        }
        return names;
    }
}
