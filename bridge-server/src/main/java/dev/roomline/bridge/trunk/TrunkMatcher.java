package dev.roomline.bridge.trunk;

import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which trunk vouches for an inbound call. An address alone is not enough where the carrier sends
 * all its customers' calls from it: then a required header or one of our numbers must match too,
 * else the caller is asked for its digest like anybody.
 *
 * <p>Where several vouch, the one with the best evidence is taken: headers before a number before
 * an address that is its alone; then the narrowest range; then the first in the file.
 */
public final class TrunkMatcher {
    private static final int SHOWN = 8;

    private final List<Trunk> trunks;

    /** Why nobody vouches whose address no trunk allows. */
    private final String strangers;

    public TrunkMatcher(List<Trunk> trunks) {
        this.trunks = trunks.stream().filter(t -> !t.direction().equals("outbound")).toList();
        this.strangers = strangers(this.trunks);
    }

    /**
     * @param trunk null if none vouches
     * @param near what the first trunk lacked that allows the source but does not vouch; empty
     *     where one vouches, or none allows it
     * @param why one sentence for each trunk that was looked at, for the trace
     */
    public record Match(@Nullable Trunk trunk, String near, List<String> why) {
        public Match {
            why = List.copyOf(why);
        }
    }

    /** What a trunk vouches by, the best first. */
    private enum Evidence {
        HEADERS("required headers match"),
        NUMBER("the called number is one of its numbers"),
        ADDRESS("which is this trunk's alone (shared_addresses: false)");

        private final String words;

        Evidence(String words) {
            this.words = words;
        }
    }

    private record Vouching(Trunk trunk, Evidence evidence, Cidr range) {}

    /** Of those that vouch, in the order of the file. */
    private static final Comparator<Vouching> BEST =
            Comparator.comparing(Vouching::evidence)
                    .thenComparingInt(vouching -> -vouching.range().bits());

    /**
     * @param source where the INVITE came from
     * @param calledNumber the number that was called in canonical form; empty if it is none
     */
    public Match match(InetAddress source, SipRequest invite, Optional<String> calledNumber) {
        List<String> why = new ArrayList<>();
        List<Vouching> vouching = new ArrayList<>();
        for (Trunk trunk : trunks) {
            Optional<Cidr> range = range(trunk, source);
            if (range.isPresent()) {
                look(trunk, range.get(), invite, calledNumber, why).ifPresent(vouching::add);
            }
        }
        if (why.isEmpty()) {
            return new Match(
                    null, "", List.of("no trunk allows " + Addresses.text(source) + strangers));
        }
        String near = vouching.isEmpty() ? why.getFirst() : "";
        Optional<Vouching> best = vouching.stream().min(BEST);
        if (vouching.size() > 1) {
            why.add(
                    vouching.size()
                            + " trunks vouch; "
                            + name(best.orElseThrow().trunk())
                            + " is taken (headers before numbers before addresses, then the"
                            + " narrowest range, then the first in the file)");
        }
        return new Match(best.map(Vouching::trunk).orElse(null), near, why);
    }

    /** Whether any trunk allows the source; that vouches for nobody yet. */
    public boolean allows(InetAddress source) {
        for (Trunk trunk : trunks) {
            for (Cidr range : trunk.allow()) {
                if (range.contains(source)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Optional<Cidr> range(Trunk trunk, InetAddress source) {
        return trunk.allow().stream()
                .filter(range -> range.contains(source))
                .max(Comparator.comparingInt(Cidr::bits));
    }

    private static Optional<Vouching> look(
            Trunk trunk,
            Cidr range,
            SipRequest invite,
            Optional<String> calledNumber,
            List<String> why) {
        String at = "trunk " + name(trunk) + ": source in " + range;
        Optional<String> missing = missing(trunk, invite);
        if (missing.isPresent()) {
            why.add(at + ", but " + missing.get());
            return Optional.empty();
        }
        Optional<Evidence> evidence = evidence(trunk, calledNumber);
        why.add(
                evidence.map(found -> at + ", " + found.words)
                        .orElse(
                                at
                                        + ", but the carrier shares its addresses: require_headers,"
                                        + " numbers or shared_addresses: false must vouch too"));
        return evidence.map(found -> new Vouching(trunk, found, range));
    }

    private static Optional<Evidence> evidence(Trunk trunk, Optional<String> calledNumber) {
        if (!trunk.requireHeaders().isEmpty()) {
            return Optional.of(Evidence.HEADERS);
        }
        if (calledNumber.filter(number -> isOurs(trunk, number)).isPresent()) {
            return Optional.of(Evidence.NUMBER);
        }
        return trunk.sharedAddresses() ? Optional.empty() : Optional.of(Evidence.ADDRESS);
    }

    /** The values are secrets: what is told is the name alone. */
    private static Optional<String> missing(Trunk trunk, SipRequest invite) {
        for (Map.Entry<String, String> required : trunk.requireHeaders().entrySet()) {
            Optional<String> sent = invite.header(required.getKey()).map(String::strip);
            if (sent.isEmpty()) {
                return Optional.of("header " + required.getKey() + " is absent");
            }
            if (!same(sent.get(), required.getValue())) {
                return Optional.of("header " + required.getKey() + " has another value");
            }
        }
        return Optional.empty();
    }

    /** Takes as long for a nearly right value as for a wrong one. */
    private static boolean same(String sent, String required) {
        return MessageDigest.isEqual(
                sent.getBytes(StandardCharsets.UTF_8), required.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isOurs(Trunk trunk, String called) {
        return trunk.numbers().stream().anyMatch(n -> NumberPlan.same(n, called, trunk));
    }

    private static String strangers(List<Trunk> trunks) {
        if (trunks.isEmpty()) {
            return ": no trunk takes inbound calls";
        }
        String names =
                trunks.stream()
                        .limit(SHOWN)
                        .map(TrunkMatcher::name)
                        .collect(Collectors.joining(", "));
        return ": not in the allow list of "
                + names
                + (trunks.size() > SHOWN ? " and " + (trunks.size() - SHOWN) + " more" : "");
    }

    private static String name(Trunk trunk) {
        return trunk.name().isEmpty() ? trunk.id() : trunk.name();
    }
}
