package dev.roomline.bridge.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** A stranger who floods is stopped, and stops nobody else. */
class UnprovenSourcesTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private final UnprovenSources sources = new UnprovenSources();

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private int taken(String from, int tries, long nowNanos) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += sources.take(address(from), nowNanos) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void one_stranger_uses_up_his_own_share_alone() {
        assertThat(taken("192.0.2.66", 100_000, 0)).isEqualTo(UnprovenSources.BURST);
        assertThat(taken("192.0.2.7", 1, 0)).isEqualTo(1);
        assertThat(taken("192.0.2.66", 100_000, SECOND_NANOS))
                .isEqualTo(UnprovenSources.PER_SECOND);
    }

    @Test
    void an_ipv6_network_of_one_customer_is_one_source() {
        for (int i = 0; i < UnprovenSources.BURST; i++) {
            assertThat(sources.take(address("2001:db8:1:2::" + Integer.toHexString(i)), 0))
                    .isTrue();
        }
        assertThat(taken("2001:db8:1:2:ffff::1", 1, 0)).isZero();
        assertThat(taken("2001:db8:1:3::1", 1, 0)).isEqualTo(1);
    }

    @Test
    void whoever_answers_the_challenge_is_not_limited() {
        InetAddress carrier = address("198.51.100.1");
        for (int call = 0; call < 50_000; call++) {
            assertThat(sources.take(carrier, 0)).as("challenged").isTrue();
            sources.proved(carrier);
        }
    }

    @Test
    void the_table_is_bounded() {
        for (int i = 0; i < 3 * UnprovenSources.MOST_SOURCES; i++) {
            byte[] bytes = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            try {
                sources.take(InetAddress.getByAddress(bytes), 0);
            } catch (java.net.UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }
        assertThat(sources.size()).isEqualTo(UnprovenSources.MOST_SOURCES);
    }

    @Test
    void an_ipv4_address_and_an_ipv6_prefix_are_never_the_same_source() {
        assertThat(taken("0.0.0.1", UnprovenSources.BURST, 0)).isEqualTo(UnprovenSources.BURST);
        assertThat(taken("::1", 1, 0)).isEqualTo(1);
        assertThat(taken("0.0.0.1", 1, 0)).isZero();
    }
}
