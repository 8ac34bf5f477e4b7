package dev.roomline.bridge.trunk;

import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which trunk vouches for an inbound call. An address alone is not enough where the carrier sends
 * all its customers' calls from it: then a required header or one of our numbers must match too,
 * else the caller is asked for its digest like anybody.
 */
public final class TrunkMatcher {
    private final List<Trunk> trunks;

    public TrunkMatcher(List<Trunk> trunks) {
        this.trunks = List.copyOf(trunks);
    }

    /**
     * @param trunk null if none vouches
     * @param why one sentence for each trunk that was looked at, for the trace
     */
    public record Match(@Nullable Trunk trunk, List<String> why) {
        public Match {
            why = List.copyOf(why);
        }
    }

    /**
     * @param source where the INVITE came from
     * @param calledNumber the number that was called in canonical form; empty if it is none
     */
    public Match match(InetAddress source, SipRequest invite, Optional<String> calledNumber) {
        List<String> why = new ArrayList<>();
        for (Trunk trunk : trunks) {
            if (trunk.direction().equals("outbound")) {
                continue;
            }
            Optional<Cidr> range =
                    trunk.allow().stream().filter(r -> r.contains(source)).findFirst();
            if (range.isEmpty()) {
                continue;
            }
            String at = "trunk " + trunk.name() + ": source in " + range.get();
            Optional<String> missing = missing(trunk, invite);
            if (missing.isPresent()) {
                why.add(at + ", but " + missing.get());
            } else if (!trunk.requireHeaders().isEmpty()) {
                why.add(at + ", required headers match");
                return new Match(trunk, why);
            } else if (calledNumber.filter(n -> isOurs(trunk, n)).isPresent()) {
                why.add(at + ", the called number is one of its numbers");
                return new Match(trunk, why);
            } else if (!trunk.sharedAddresses()) {
                why.add(at + ", which is this trunk's alone (shared_addresses: false)");
                return new Match(trunk, why);
            } else {
                why.add(
                        at
                                + ", but the carrier shares its addresses: require_headers, numbers"
                                + " or shared_addresses: false must vouch too");
            }
        }
        return new Match(null, why);
    }

    private static Optional<String> missing(Trunk trunk, SipRequest invite) {
        for (Map.Entry<String, String> required : trunk.requireHeaders().entrySet()) {
            Optional<String> sent = invite.header(required.getKey()).map(String::strip);
            if (sent.isEmpty()) {
                return Optional.of("header " + required.getKey() + " is absent");
            }
            if (!sent.get().equals(required.getValue())) {
                return Optional.of("header " + required.getKey() + " has another value");
            }
        }
        return Optional.empty();
    }

    /** Carriers send a number with and without its plus sign. */
    private static boolean isOurs(Trunk trunk, String called) {
        return trunk.numbers().stream().anyMatch(n -> plain(n).equals(plain(called)));
    }

    private static String plain(String number) {
        return number.startsWith("+") ? number.substring(1) : number;
    }
}
