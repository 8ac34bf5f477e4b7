package dev.roomline.bridge.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.config.Secret;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrunkMatcherTest {
    private static final String CALLED = "sip:+15550100000@h.test";

    private record Row(
            String what, List<Trunk> trunks, String source, List<String> headers, String taken) {}

    private static Row row(String what, String taken, String source, Trunk... trunks) {
        return new Row(what, List.of(trunks), source, List.of("X-Id: a"), taken);
    }

    @Test
    void theTrunkThatVouchesIsTakenByItsEvidence() {
        Trunk headersA = trunk("A").headers("X-Id", "a").made();
        Trunk headersB = trunk("B").headers("X-Id", "b").made();
        Trunk number = trunk("N").numbers("15550100000").made();
        Trunk alone = trunk("O").alone().made();
        Trunk narrow = trunk("narrow").alone().allow("192.0.2.7").made();
        Trunk shared = trunk("S").made();
        List<Row> table =
                List.of(
                        row("its header", "A", "192.0.2.7", headersB, headersA),
                        row("another value", "", "192.0.2.7", headersB),
                        row("another address", "", "198.51.100.1", headersA, alone, number),
                        row("headers before a number", "A", "192.0.2.7", number, headersA),
                        row("a number before an address", "N", "192.0.2.7", alone, number),
                        row("the narrowest range", "narrow", "192.0.2.7", alone, narrow),
                        row(
                                "the first in the file",
                                "O",
                                "192.0.2.7",
                                alone,
                                trunk("P").alone().made()),
                        row("a shared address alone", "", "192.0.2.7", shared),
                        row(
                                "one that only takes calls out",
                                "",
                                "192.0.2.7",
                                trunk("X").alone().direction("outbound").made()),
                        row(
                                "an IPv4 address written as IPv6 maps it",
                                "V",
                                "192.0.2.7",
                                trunk("V").alone().allow("::ffff:192.0.2.0/120").made()),
                        row(
                                "IPv6",
                                "6",
                                "2001:db8:0:1::7",
                                trunk("6").alone().allow("2001:db8::/32").made()),
                        row(
                                "another IPv6 network",
                                "",
                                "2001:db9::7",
                                trunk("6").alone().allow("2001:db8::/32").made()),
                        row(
                                "several ranges",
                                "M",
                                "203.0.113.9",
                                trunk("M").alone().allow("192.0.2.0/24", "203.0.113.8/29").made()));
        for (Row row : table) {
            TrunkMatcher.Match match = match(row);
            Trunk taken = match.trunk();
            assertThat(taken == null ? "" : taken.id()).as(row.what()).isEqualTo(row.taken());
            assertThat(match.why()).as(row.what()).isNotEmpty();
        }
    }

    @Test
    void theTraceSaysWhyEachCandidateDidNotAndWhichOfSeveralWasTaken() {
        TrunkMatcher.Match match =
                match(
                        row(
                                "",
                                "",
                                "192.0.2.7",
                                trunk("B").headers("X-Id", "5ecret").made(),
                                trunk("C").headers("X-None", "5ecret").made(),
                                trunk("S").made(),
                                trunk("O").alone().made(),
                                trunk("A").headers("X-Id", "a").made()));
        assertThat(match.why())
                .containsExactly(
                        "trunk B: source in 192.0.2.0/24, but header X-Id has another value",
                        "trunk C: source in 192.0.2.0/24, but header X-None is absent",
                        "trunk S: source in 192.0.2.0/24, but the carrier shares its addresses:"
                                + " require_headers, numbers or shared_addresses: false must vouch"
                                + " too",
                        "trunk O: source in 192.0.2.0/24, which is this trunk's alone"
                                + " (shared_addresses: false)",
                        "trunk A: source in 192.0.2.0/24, required headers match",
                        "2 trunks vouch; A is taken (headers before numbers before addresses, then"
                                + " the narrowest range, then the first in the file)");
        assertThat(match(row("", "", "198.51.100.1", trunk("A").made(), trunk("B").made())).why())
                .containsExactly("no trunk allows 198.51.100.1: not in the allow list of A, B");
        assertThat(match(row("", "", "198.51.100.1")).why())
                .containsExactly("no trunk allows 198.51.100.1: no trunk takes inbound calls");
    }

    private record Written(String written, String called, String format, boolean same) {}

    @Test
    void nationalFormsAreReadByTheTrunksFormat() {
        List<Written> table =
                List.of(
                        new Written("+15550100000", "15550100000", "+e164", true),
                        new Written("15550100000", "+15550100000", "e164", true),
                        new Written("+15550100000", "+1 555-010-0000", "+e164", true),
                        new Written("+15550100000", "5550100000", "+e164", false),
                        new Written("+912212345678", "02212345678", "national 0 91", true),
                        new Written("+912212345678", "912212345678", "national 0 91", true),
                        new Written("02212345678", "+912212345678", "national 0 91", true),
                        new Written("02212345678", "02212345678", "national 0 91", true),
                        new Written("+912212345678", "02212345678", "+e164", false),
                        new Written("+912212345678", "2212345678", "national 0 91", false),
                        new Written("+15550100000", "5550100000", "national  1", true));
        for (Written row : table) {
            String[] words = row.format().split(" ", -1);
            Trunk trunk =
                    trunk("T")
                            .format(
                                    words[0],
                                    words.length > 1 ? words[1] : "",
                                    words.length > 2 ? words[2] : "")
                            .made();
            String called = row.called().replaceAll("[ -]", "");
            assertThat(NumberPlan.same(row.written(), called, trunk))
                    .as(row.toString())
                    .isEqualTo(row.same());
        }
        assertThat(NumberPlan.same("+15550100000", "15550100000", null)).isTrue();
    }

    private static TrunkMatcher.Match match(Row row) {
        return new TrunkMatcher(row.trunks())
                .match(
                        InetAddress.ofLiteral(row.source()),
                        Invites.invite(CALLED, row.headers().toArray(String[]::new)),
                        Optional.of("+15550100000"));
    }

    private static Making trunk(String id) {
        return new Making(id);
    }

    /** A trunk in the making: shares 192.0.2.0/24 with others unless told otherwise. */
    private static final class Making {
        private final String id;
        private Map<String, String> headers = Map.of();
        private List<String> numbers = List.of();
        private List<String> allow = List.of("192.0.2.0/24");
        private boolean shared = true;
        private String direction = "both";
        private String format = "+e164";
        private String prefix = "";
        private String country = "";

        Making(String id) {
            this.id = id;
        }

        Making headers(String name, String value) {
            headers = Map.of(name, value);
            return this;
        }

        Making numbers(String... all) {
            numbers = List.of(all);
            return this;
        }

        Making allow(String... ranges) {
            allow = List.of(ranges);
            return this;
        }

        Making alone() {
            shared = false;
            return this;
        }

        Making direction(String value) {
            direction = value;
            return this;
        }

        Making format(String value, String nationalPrefix, String countryCode) {
            format = value;
            prefix = nationalPrefix;
            country = countryCode;
            return this;
        }

        Trunk made() {
            List<Cidr> ranges = allow.stream().map(r -> Cidr.parse(r).orElseThrow()).toList();
            return new Trunk(
                    id,
                    "",
                    direction,
                    "carrier.test",
                    "",
                    Secret.NONE,
                    numbers,
                    "",
                    format,
                    prefix,
                    country,
                    ranges,
                    headers,
                    shared,
                    List.of(),
                    List.of("*"),
                    false,
                    Duration.ZERO,
                    Encryption.ALLOW,
                    List.of(),
                    false,
                    Map.of(),
                    0,
                    0);
        }
    }
}
