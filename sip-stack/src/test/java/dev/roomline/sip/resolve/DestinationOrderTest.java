package dev.roomline.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Addresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The examples of RFC 6724 §10.2 that rules 1 to 8 decide, and ours. */
class DestinationOrderTest {

    /**
     * @param routes {@code destination from source}; a destination alone has no route
     * @param ordered the destinations in the order that is expected
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Row(String why, String ordered, String... routes) {}

    private static final List<Row> ROWS =
            List.of(
                    new Row(
                            "scope: IPv4's source is link-local",
                            "2001:db8:1::1 198.51.100.121",
                            "2001:db8:1::1 from 2001:db8:1::2",
                            "198.51.100.121 from 169.254.13.78"),
                    new Row(
                            "scope: IPv6's source is link-local",
                            "198.51.100.121 2001:db8:1::1",
                            "2001:db8:1::1 from fe80::1",
                            "198.51.100.121 from 198.51.100.117"),
                    new Row(
                            "precedence: both fit",
                            "2001:db8:1::1 10.1.2.3",
                            "2001:db8:1::1 from 2001:db8:1::2",
                            "10.1.2.3 from 10.1.2.4"),
                    new Row(
                            "smaller scope",
                            "fe80::1 2001:db8:1::1",
                            "2001:db8:1::1 from 2001:db8:1::2",
                            "fe80::1 from fe80::2"),
                    new Row(
                            "label: 6to4 to 6to4 before 6to4 to native",
                            "2002:c633:6401::1 2001:db8:1::1",
                            "2002:c633:6401::1 from 2002:c633:6401::2",
                            "2001:db8:1::1 from 2002:c633:6401::2"),
                    new Row(
                            "precedence: native before 6to4",
                            "2001:db8:1::1 2002:c633:6401::1",
                            "2002:c633:6401::1 from 2002:c633:6401::2",
                            "2001:db8:1::1 from 2001:db8:1::2"),
                    new Row(
                            "private IPv6 behind IPv4",
                            "192.0.2.9 fd00::9",
                            "fd00::9 from fd00::1",
                            "192.0.2.9 from 192.0.2.1"),
                    new Row(
                            "what has no route comes last",
                            "192.0.2.9 2001:db8::9",
                            "2001:db8::9",
                            "192.0.2.9 from 192.0.2.1"),
                    new Row(
                            "both loopbacks",
                            "::1 127.0.0.1",
                            "::1 from ::1",
                            "127.0.0.1 from 127.0.0.1"));

    @Test
    @Tag("RFC6724§6")
    void aHostsAddressesAreTriedInTheOrderOfTheRules() {
        for (Row row : ROWS) {
            Routes routes = new Routes(true, row.routes());
            for (int turn = 0; turn < 2; turn++) {
                assertThat(routes.ordered()).as(row.why()).isEqualTo(row.ordered());
                Collections.reverse(routes.destinations);
            }
        }
    }

    @Test
    void whatIsEqualKeepsTheOrderOfTheDns() {
        String[] same = {
            "192.0.2.9 from 192.0.2.1", "192.0.2.1 from 192.0.2.1", "192.0.2.7 from 192.0.2.1"
        };
        assertThat(new Routes(true, same).ordered()).isEqualTo("192.0.2.9 192.0.2.1 192.0.2.7");
    }

    @Test
    void aFamilyWithoutASocketOfOursIsLeftOut() {
        Routes routes =
                new Routes(
                        false,
                        "2001:db8:1::1 from 2001:db8:1::2",
                        "198.51.100.121 from 198.51.100.117");
        assertThat(routes.ordered()).isEqualTo("198.51.100.121");
    }

    private static final class Routes implements SourceAddresses {
        private final boolean ipv6;
        private final List<InetAddress> destinations = new ArrayList<>();
        private final Map<InetAddress, InetAddress> sources = new HashMap<>();

        Routes(boolean ipv6, String... routes) {
            this.ipv6 = ipv6;
            for (String route : routes) {
                String[] words = route.split(" from ");
                destinations.add(InetAddress.ofLiteral(words[0]));
                if (words.length > 1) {
                    sources.put(destinations.getLast(), InetAddress.ofLiteral(words[1]));
                }
            }
        }

        String ordered() {
            return String.join(
                    " ",
                    new DestinationOrder(this)
                            .of(destinations).stream().map(Addresses::text).toList());
        }

        @Override
        public boolean serves(InetAddress destination) {
            return ipv6 || destination instanceof Inet4Address;
        }

        @Override
        public @Nullable InetAddress sourceFor(InetAddress destination) {
            return sources.get(destination);
        }
    }
}
