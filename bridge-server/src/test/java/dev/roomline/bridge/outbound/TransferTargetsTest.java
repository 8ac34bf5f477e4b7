package dev.roomline.bridge.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.TransferPlan.Target;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.trunk.TrunkNews;
import dev.roomline.bridge.trunk.Trunks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As whom a call's far end is sent to somebody, and to whom it is not. */
class TransferTargetsTest {
    private final Trunks trunks =
            new Trunks(
                    new VirtualSignal(),
                    _ -> {},
                    new Random(1),
                    new TrunkNews(Counters.NONE, _ -> {}),
                    _ -> 0L);

    private List<String> allowed = List.of();

    private void trunk(Map<String, ?> fields) {
        Map<String, Object> all = new HashMap<>(Map.of("id", "t", "options_ping", "0s"));
        all.putAll(fields);
        switch (Entries.trunk(all)) {
            case Entries.Read.Good<Trunk>(Trunk trunk) -> trunks.use(List.of(trunk));
            case Entries.Read.Bad<Trunk> bad -> throw new IllegalArgumentException("" + bad);
        }
    }

    private static Caller by(@Nullable String trunk) {
        return new Caller("", "", "", "", Map.of(), trunk, trunk == null ? "alice" : null, null);
    }

    private TransferTargets targets() {
        return new TransferTargets(
                new OutboundSettings(
                        0, allowed, List.of("premium", "+7"), false, List.of(), Encryption.ALLOW),
                trunks);
    }

    private Target target(String to, @Nullable String trunk) {
        return targets().target(to, by(trunk));
    }

    @Test
    void onlyATrunkWithAUsernameGetsOurName() {
        trunk(Map.of("address", "carrier.test"));
        assertThat(targets().identity(by("t"))).isNull();
        trunk(Map.of("address", "carrier.test", "username", "us", "password", "secret"));
        assertThat(targets().identity(by("t"))).isNotNull();
        assertThat(targets().identity(by("other"))).isNull();
        assertThat(targets().identity(by(null))).isNull();
    }

    @Test
    void whoCallsOverATrunkMustProveToBeTheHostOfItsAddress() {
        trunk(Map.of("address", "carrier.test:5061;transport=tls"));
        assertThat(targets().host(by("t"))).isEqualTo("carrier.test");
        assertThat(targets().host(by("other"))).isEmpty();
        assertThat(targets().host(by(null))).isEmpty();
        trunk(Map.of("direction", "inbound"));
        assertThat(targets().host(by("t"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "+1 (555) 123-4567, sip:+15551234567@carrier.test",
        "tel:+1-555-123-4567, tel:+15551234567",
        "1234, sip:1234@carrier.test",
        "tel:1234, sip:1234@carrier.test",
        "sip:bob@pbx.example.com, sip:bob@pbx.example.com",
        "SIP:bob@pbx.example.com:5070, sip:bob@pbx.example.com:5070",
    })
    void overATrunkANumberIsWrittenAsItsCallsAre(String to, String uri) {
        trunk(Map.of("address", "carrier.test"));
        assertThat(target(to, "t")).isEqualTo(new Target.Named(uri));
    }

    @Test
    void aTrunkThatWantsNationalNumbersGetsThem() {
        trunk(
                Map.of(
                        "address",
                        "carrier.test:5070;transport=tcp",
                        "number_format",
                        "national",
                        "national_prefix",
                        "0",
                        "country",
                        "91"));
        assertThat(target("+919876543210", "t"))
                .isEqualTo(new Target.Named("sip:09876543210@carrier.test"));
    }

    @Test
    void anAccountsPhoneIsSentByTel() {
        assertThat(target("+15551234567", null)).isEqualTo(new Target.Named("tel:+15551234567"));
        assertThat(target("1234", null)).isInstanceOf(Target.Refused.class);
        assertThat(target("sip:bob@pbx.test", null))
                .isEqualTo(new Target.Named("sip:bob@pbx.test"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 900 555 1234",
                "+79161234567",
                "tel:+79161234567",
                "112",
                "sip:+79161234567@elsewhere.test",
                "sip:911@elsewhere.test"
            })
    void whomWeDoNotCallNobodyIsSentTo(String to) {
        trunk(Map.of("address", "carrier.test", "country", "1"));
        for (String by : new String[] {"t", null}) {
            assertThat(target(to, by))
                    .as(by)
                    .isInstanceOfSatisfying(
                            Target.Refused.class,
                            no -> assertThat(no.end().reason().label()).isNotEmpty());
        }
    }

    @Test
    void onlyAllowedNumbersWhereSomeAre() {
        trunk(Map.of("address", "carrier.test"));
        allowed = List.of("+49");
        assertThat(target("+4930123456", "t")).isInstanceOf(Target.Named.class);
        assertThat(target("+15551234567", "t")).isInstanceOf(Target.Refused.class);
    }

    @Test
    void anAccountIsNoPlaceToGo() {
        assertThat(target("sip:alice", "t")).isInstanceOf(Target.Refused.class);
    }
}
