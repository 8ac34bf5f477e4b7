package dev.roomline.media.sdp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a SIP peer's description says of ICE for its audio line (RFC 8839). */
sealed interface IceOffer {
    /** Lines of {@code a=candidate} that are looked at. */
    int MOST_CANDIDATES = 64;

    /** Nothing that we could serve: it is lite itself, so that nobody would check anything. */
    record None() implements IceOffer {}

    /**
     * Where it says that it receives is none of its candidates: somebody on the way has rewritten
     * the description, and the addresses of its ICE are not to be believed (§4.2.5).
     */
    record Mismatched() implements IceOffer {}

    /**
     * @param reports it has candidates for a port of reports
     * @param ipv4 it has some of IPv4
     * @param ipv6 it has some of IPv6
     */
    record Usable(String ufrag, String password, boolean reports, boolean ipv4, boolean ipv6)
            implements IceOffer {
        /** Keeps the password out of logs. */
        @Override
        public String toString() {
            return "Usable[" + ufrag + "]";
        }
    }

    /** A candidate for UDP; what is no literal, or of another transport, is passed over. */
    record Candidate(int component, InetSocketAddress address) {}

    static IceOffer of(SessionDescription theirs, MediaDescription audio) {
        String ufrag = theirs.attributeOf(audio, "ice-ufrag");
        String password = theirs.attributeOf(audio, "ice-pwd");
        if (ufrag == null
                || password == null
                || !isIce(ufrag, 4)
                || !isIce(password, 22)
                || theirs.has("ice-lite")) {
            return new None();
        }
        List<Candidate> candidates = candidates(audio);
        if (!isOneOf(candidates, theirs.connectionOf(audio), audio.port())) {
            return new Mismatched();
        }
        boolean ipv4 = false;
        boolean ipv6 = false;
        boolean reports = false;
        for (Candidate each : candidates) {
            boolean six = each.address().getAddress() instanceof Inet6Address;
            ipv6 |= six;
            ipv4 |= !six;
            reports |= each.component() == 2;
        }
        return new Usable(ufrag, password, reports, ipv4, ipv6);
    }

    /** Who gathers while he offers names no address yet, by 0.0.0.0 and port 9 (§4.2.5). */
    static boolean isYetToGather(@Nullable InetAddress address, int port) {
        return address != null && address.isAnyLocalAddress() && port == 9;
    }

    private static boolean isOneOf(
            List<Candidate> candidates, @Nullable Connection connection, int port) {
        InetAddress address = connection == null ? null : connection.literal();
        if (address != null && address.isAnyLocalAddress()) {
            // a hold in the old style, or one who gathers yet: nobody is named who could differ
            return true;
        }
        for (Candidate each : candidates) {
            if (each.component() == 1
                    && each.address().getPort() == port
                    && each.address().getAddress().equals(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Candidate> candidates(MediaDescription audio) {
        List<Candidate> found = new ArrayList<>();
        int lines = 0;
        for (Attribute a : audio.attributes()) {
            String value = a.value();
            if (a.name().equals("candidate") && value != null && lines++ < MOST_CANDIDATES) {
                Candidate candidate = candidate(SdpText.words(value));
                if (candidate != null) {
                    found.add(candidate);
                }
            }
        }
        return found;
    }

    /** {@code foundation component transport priority address port typ …} (§5.1). */
    private static @Nullable Candidate candidate(List<String> words) {
        if (words.size() < 8 || !words.get(2).equalsIgnoreCase("udp")) {
            return null;
        }
        int component = SdpText.number(words.get(1), 256);
        int port = SdpText.number(words.get(5), 65_535);
        String text = words.get(4);
        InetAddress address = new Connection(text.indexOf(':') >= 0, text).literal();
        return component < 1 || port < 1 || address == null
                ? null
                : new Candidate(component, new InetSocketAddress(address, port));
    }

    /** Whether it is a user name or password of that many characters at least (§5.4). */
    static boolean isIce(@Nullable String value, int least) {
        if (value == null || value.length() < least || value.length() > 256) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean good =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '+'
                            || c == '/'
                            // Firefox and others have been seen with these.
                            || c == '-'
                            || c == '_';
            if (!good) {
                return false;
            }
        }
        return true;
    }
}
