package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private static final String[][] SPELLINGS = {
        {"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
        {"2001:0DB8:0:0:0:0:0:AAAA", "2001:db8::aaaa"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"0:0:1:0:0:1:1:1", "::1:0:0:1:1:1"},
        {"1:1:1:0:0:1:0:0", "1:1:1::1:0:0"},
        {"1:0:0:2:0:0:0:0", "1:0:0:2::"},
        {"1:0:0:0:0:0:0:0", "1::"},
        {"0:0:0:0:0:0:0:1", "::1"},
        {"0:0:0:0:0:0:0:0", "::"},
        {"fe80:0:0:0:0:0:0:10%1", "fe80::10"},
        {"192.0.2.1", "192.0.2.1"},
    };

    @Test
    @Tag("RFC5952§4")
    void anAddressHasOneSpelling() {
        for (String[] row : SPELLINGS) {
            InetAddress address = InetAddress.ofLiteral(row[0]);
            assertThat(Addresses.text(address)).as(row[0]).isEqualTo(row[1]);
            assertThat(Addresses.literal(row[1])).as(row[1]).isEqualTo(address);
        }
    }

    /** What the kernel says of a source: a scope even where there is none. */
    @Test
    void aScopeIsNobodysBusiness() throws UnknownHostException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        InetAddress scoped = Inet6Address.getByAddress(null, loopback, 0);
        assertThat(scoped.getHostAddress()).contains("%");
        assertThat(Addresses.text(scoped)).isEqualTo("::1");
    }

    @Test
    @Tag("RFC5952§6")
    void aPortStandsBehindBrackets() {
        assertThat(Addresses.hostPort(new InetSocketAddress("2001:db8::1", 5060)))
                .isEqualTo("[2001:db8::1]:5060");
        assertThat(Addresses.hostPort(new InetSocketAddress("192.0.2.1", 5060)))
                .isEqualTo("192.0.2.1:5060");
    }
}
