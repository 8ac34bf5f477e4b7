package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Addresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of a name's addresses one offer is made for: those of one family that stand together. */
final class RoadTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.9, 192.0.2.1 → 192.0.2.9",
        "192.0.2.9 192.0.2.8, 192.0.2.1 → 192.0.2.9 192.0.2.8",
        "2001:db8::9 192.0.2.9, 2001:db8::1 → 2001:db8::9 | 192.0.2.1 → 192.0.2.9",
        "192.0.2.9 2001:db8::9 2001:db8::8 192.0.2.8, "
                + "192.0.2.1 → 192.0.2.9 | 2001:db8::1 → 2001:db8::9 2001:db8::8 | "
                + "192.0.2.1 → 192.0.2.8"
    })
    void theOrderHoldsAndEachRoadIsOfOneFamily(String addresses, String roads) {
        assertThat(words(CarrierBench.road(addresses.split(" ")))).isEqualTo(roads);
    }

    @Test
    void whatNoSocketOfOursCanSendToIsLeftOut() {
        assertThat(ipv4("2001:db8::9", "192.0.2.9", "2001:db8::8", "192.0.2.8"))
                .isEqualTo(CarrierBench.road("192.0.2.9", "192.0.2.8"));
        assertThat(ipv4("2001:db8::9"))
                .isEqualTo(new Roads.NotBound(InetAddress.ofLiteral("2001:db8::9")));
        assertThat(ipv4()).isEqualTo(new Roads.NoAddress());
    }

    private static Roads.Found ipv4(String... addresses) {
        return CarrierBench.found(Inet4Address.class::isInstance, addresses);
    }

    private static String words(Road first) {
        List<String> words = new ArrayList<>();
        for (@Nullable Road road = first; road != null; road = road.next()) {
            List<String> there =
                    road.targets().stream().map(one -> host(one.address().getAddress())).toList();
            words.add(host(road.local()) + " → " + String.join(" ", there));
        }
        return String.join(" | ", words);
    }

    private static String host(InetAddress address) {
        return Addresses.text(address);
    }
}
