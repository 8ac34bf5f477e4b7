package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConnectionTest {
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
    void anAddressHasOneSpellingWithoutScope() {
        for (String[] row : SPELLINGS) {
            InetAddress address = InetAddress.ofLiteral(row[0]);
            Connection connection = Connection.of(address);
            assertThat(connection.address()).as(row[0]).isEqualTo(row[1]);
            assertThat(connection.ipv6()).isEqualTo(row[1].contains(":"));
            assertThat(connection.literal()).isEqualTo(address);
        }
    }
}
