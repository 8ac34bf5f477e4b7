package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RtpPortsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void ports_are_even_and_each_is_given_once() {
        RtpPorts ports = new RtpPorts(10_001, 10_010);
        Set<Integer> taken = new HashSet<>();

        for (int i = 0; i < 4; i++) {
            taken.add(ports.take(0));
        }

        assertThat(taken).containsExactlyInAnyOrder(10_002, 10_004, 10_006, 10_008);
        assertThat(ports.take(0)).isEqualTo(-1);
    }

    @Test
    void the_last_port_is_used_only_with_its_neighbour() {
        assertThat(new RtpPorts(10_000, 10_002).pairs()).isEqualTo(1);
        assertThat(new RtpPorts(10_000, 10_003).pairs()).isEqualTo(2);
        assertThat(new RtpPorts(10_000, 10_000).take(0)).isEqualTo(-1);
    }

    @Test
    void a_freed_port_rests_five_seconds() {
        RtpPorts ports = new RtpPorts(10_000, 10_001);
        int port = ports.take(0);
        ports.free(port, SECOND);

        assertThat(ports.take(6 * SECOND - 1)).isEqualTo(-1);
        assertThat(ports.take(6 * SECOND)).isEqualTo(port);
    }
}
