package dev.roomline.sip.auth;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who we are toward one peer (a trunk), and whose challenges are answered. A digest answer lets
 * whoever gets it guess the password at leisure, so no other party ever gets one:
 *
 * <ol>
 *   <li>Where realms are named, exactly those.
 *   <li>Else the peer's domain, what is above or below it, and what shares its organisation ({@code
 *       sip.example.com} for {@code example.pstn.example.com}).
 *   <li>Else the first realm in a challenge that came from the very address that we sent to, and
 *       from then on that one alone. A realm that is a domain name of somebody else is not taken so
 *       when the peer's own domain is known.
 * </ol>
 *
 * <p>It also remembers where the peer is: what the hosts led to that we were told to call it by.
 *
 * <p>Owner: the signalling loop.
 */
public final class ClientIdentity {
    /** The peer's own host, and those that it redirected us to. */
    private static final int MOST_HOSTS = 16;

    private final String username;
    private final String password;
    private final Set<String> realms;
    private final String domain;
    private final Map<String, Set<InetAddress>> places = new LinkedHashMap<>();
    private @Nullable String firstSeen;

    private ClientIdentity(String username, String password, Set<String> realms, String domain) {
        this.username = username;
        this.password = password;
        this.realms = Set.copyOf(realms);
        this.domain = domain.toLowerCase(Locale.ROOT);
    }

    /** Rule 1. */
    public static ClientIdentity ofRealms(String username, String password, Set<String> realms) {
        if (realms.isEmpty()) {
            throw new IllegalArgumentException("at least one realm is needed");
        }
        return new ClientIdentity(username, password, realms, "");
    }

    /**
     * Rules 2 and 3.
     *
     * @param domain the host of the peer's address; a numeric one is no domain
     */
    public static ClientIdentity ofPeer(String username, String password, String domain) {
        return new ClientIdentity(username, password, Set.of(), isName(domain) ? domain : "");
    }

    String username() {
        return username;
    }

    String ha1(DigestAlgorithm algorithm, String realm) {
        return algorithm.hex(username + ':' + realm + ':' + password);
    }

    /** A host of the peer's leads there now; where it led to before, nobody need be. */
    void leads(String host, Collection<InetAddress> addresses) {
        places.remove(host);
        if (places.size() == MOST_HOSTS) {
            places.remove(places.keySet().iterator().next());
        }
        places.put(host, Set.copyOf(addresses));
    }

    /** Whether one of the peer's hosts leads there. */
    boolean isAt(InetAddress address) {
        return places.values().stream().anyMatch(known -> known.contains(address));
    }

    /**
     * @param fromTarget whether the challenge came from the address that the request went to, so
     *     that its realm may be learnt
     */
    boolean trusts(String realm, boolean fromTarget) {
        if (!realms.isEmpty()) {
            return realms.contains(realm);
        }
        String lower = realm.toLowerCase(Locale.ROOT);
        if (!domain.isEmpty() && isName(lower) && sameOrganisation(lower, domain)) {
            return true;
        }
        boolean somebodyElse = !domain.isEmpty() && isName(lower);
        if (firstSeen == null && fromTarget && !somebodyElse) {
            firstSeen = realm;
        }
        return realm.equals(firstSeen);
    }

    /** A host name of at least two labels: neither an address nor a word like {@code asterisk}. */
    private static boolean isName(String text) {
        int dot = text.lastIndexOf('.');
        if (dot <= 0 || dot == text.length() - 1) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return text.substring(dot + 1).chars().anyMatch(Character::isLetter);
    }

    private static boolean sameOrganisation(String one, String other) {
        return one.equals(other)
                || one.endsWith('.' + other)
                || other.endsWith('.' + one)
                || organisation(one).equals(organisation(other));
    }

    /** The last two labels; the last three under such as {@code co.uk}. */
    private static String organisation(String name) {
        String[] labels = name.split("\\.");
        int count = labels.length;
        boolean country = labels[count - 1].length() == 2;
        int taken = country && count > 2 && labels[count - 2].length() <= 3 ? 3 : 2;
        int from = name.length();
        for (int i = count - 1; i >= 0 && i >= count - taken; i--) {
            from -= labels[i].length() + 1;
        }
        return name.substring(Math.max(from + 1, 0));
    }

    /** Neither name nor password reaches a log. */
    @Override
    public String toString() {
        return "ClientIdentity[" + (realms.isEmpty() ? domain : realms) + "]";
    }
}
