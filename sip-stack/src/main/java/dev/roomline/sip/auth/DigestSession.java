package dev.roomline.sip.auth;

import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipResponse;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The challenges that one call or one registration has had, and our answers (RFC 3261 §22.2–§22.4,
 * RFC 7616 §3.4, RFC 8760): what was answered once is answered ahead in the requests that follow,
 * with a nonce count of its own, so that a BYE need not be challenged again. Of several challenges
 * of one realm the topmost that we can compute counts (RFC 8760 §2.4). Owner: the signalling loop.
 */
public final class DigestSession {
    private static final int MOST_REALMS = 4;

    /** How often one request may answer one realm: the second time for a nonce grown stale. */
    private static final int MOST_ANSWERS = 2;

    private final ClientIdentity identity;
    private final RandomGenerator random;
    private final Map<Key, Held> held = new LinkedHashMap<>();

    private enum Kind {
        SERVER("WWW-Authenticate", "Authorization"),
        PROXY("Proxy-Authenticate", "Proxy-Authorization");

        final String asks;
        final String answers;

        Kind(String asks, String answers) {
            this.asks = asks;
            this.answers = answers;
        }
    }

    private record Key(Kind kind, String realm) {}

    private static final class Held {
        final DigestChallenge challenge;
        int count;

        Held(DigestChallenge challenge) {
            this.challenge = challenge;
        }
    }

    /** How often each realm was answered in one request and its repetitions. */
    public static final class Tries {
        private final Map<Key, Integer> answered = new HashMap<>();
    }

    /** What a challenge comes to. */
    public sealed interface Outcome {
        /** Send it again with {@link #authorize}. */
        record Answerable() implements Outcome {}

        /** Only realms that are not our peer's; nothing was answered. */
        record ForeignRealm(String realm) implements Outcome {}

        /** Answered twice in vain: wrong name or password. */
        record Rejected(String realm) implements Outcome {}

        /** No challenge, or none that we can compute. */
        record NotSupported() implements Outcome {}
    }

    public DigestSession(ClientIdentity identity, RandomGenerator random) {
        this.identity = identity;
        this.random = random;
    }

    /**
     * Takes the challenges of a 401 or 407; both kinds may stand in one.
     *
     * @param fromTarget whether it came from the address that the request went to, so that its
     *     realm may be learnt
     */
    public Outcome challenged(SipResponse response, boolean fromTarget, Tries tries) {
        Set<Key> seen = new HashSet<>();
        boolean answerable = false;
        String rejected = null;
        String foreign = null;
        for (Kind kind : Kind.values()) {
            for (String value : response.headers(kind.asks)) {
                DigestChallenge challenge = DigestChallenge.read(value).orElse(null);
                if (challenge == null || seen.size() == MOST_REALMS) {
                    continue;
                }
                Key key = new Key(kind, challenge.realm());
                if (!seen.add(key)) {
                    continue;
                }
                if (!identity.trusts(challenge.realm(), fromTarget)) {
                    foreign = challenge.realm();
                } else if (tries.answered.merge(key, 1, Integer::sum) > MOST_ANSWERS) {
                    rejected = challenge.realm();
                } else {
                    held.put(key, new Held(challenge));
                    answerable = true;
                }
            }
        }
        if (rejected != null) {
            held.clear();
            return new Outcome.Rejected(rejected);
        }
        if (answerable) {
            return new Outcome.Answerable();
        }
        return foreign == null ? new Outcome.NotSupported() : new Outcome.ForeignRealm(foreign);
    }

    /** Our peer's host leads to these addresses: credentials may go there. */
    public void leads(String host, Collection<InetAddress> addresses) {
        identity.leads(host, addresses);
    }

    /** Whether our peer's hosts lead there. */
    public boolean isPeerAt(InetAddress address) {
        return identity.isAt(address);
    }

    /** The credentials for a request; none before the first challenge. */
    public List<HeaderField> authorize(String method, String uri) {
        List<HeaderField> fields = new ArrayList<>(held.size());
        held.forEach(
                (key, value) ->
                        fields.add(new HeaderField(key.kind.answers, answer(value, method, uri))));
        return fields;
    }

    private String answer(Held held, String method, String uri) {
        DigestChallenge challenge = held.challenge;
        DigestAlgorithm algorithm = challenge.algorithm();
        String ha1 = identity.ha1(algorithm, challenge.realm());
        String ha2 = algorithm.hex(method + ':' + uri);
        String cnonce = Long.toHexString(random.nextLong());
        held.count++;
        String nc = String.format(Locale.ROOT, "%08x", held.count);
        String response =
                challenge.qop()
                        ? algorithm.hex(
                                String.join(":", ha1, challenge.nonce(), nc, cnonce, "auth", ha2))
                        : algorithm.hex(String.join(":", ha1, challenge.nonce(), ha2));
        StringBuilder out = new StringBuilder(256).append("Digest ");
        quoted(out, "username", identity.username());
        quoted(out.append(", "), "realm", challenge.realm());
        quoted(out.append(", "), "nonce", challenge.nonce());
        quoted(out.append(", "), "uri", uri);
        quoted(out.append(", "), "response", response);
        if (challenge.algorithmGiven()) {
            out.append(", algorithm=").append(algorithm.token());
        }
        if (challenge.opaque() != null) {
            quoted(out.append(", "), "opaque", challenge.opaque());
        }
        if (challenge.qop()) {
            out.append(", qop=auth, nc=").append(nc);
            quoted(out.append(", "), "cnonce", cnonce);
        }
        return out.toString();
    }

    private static void quoted(StringBuilder out, String name, String value) {
        out.append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }
}
