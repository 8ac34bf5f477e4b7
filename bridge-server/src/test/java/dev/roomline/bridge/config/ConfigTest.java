package dev.roomline.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.ConfigLoader.Outcome;
import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One file, the environment and --set to one tree of records. */
final class ConfigTest {
    @TempDir Path folder;

    private Outcome load(String yaml, Map<String, String> environment, String... sets) {
        try {
            Path file = Files.writeString(folder.resolve("roomline.yaml"), yaml);
            return ConfigLoader.load(
                    Optional.of(file), environment, List.of(sets), folder.resolve("elsewhere"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private RoomlineConfig good(String yaml, String... sets) {
        Outcome outcome = load(yaml, Map.of(), sets);
        assertThat(outcome).isInstanceOf(Outcome.Loaded.class);
        return ((Outcome.Loaded) outcome).config();
    }

    private List<String> faults(String yaml, String... sets) {
        Outcome outcome = load(yaml, Map.of(), sets);
        assertThat(outcome).isInstanceOf(Outcome.Faulty.class);
        return ((Outcome.Faulty) outcome).faults().stream().map(Fault::toString).toList();
    }

    @Test
    void anEmptyFileIsTheDefaults() {
        RoomlineConfig config = good("");
        assertThat(config.dataDir()).isEqualTo(folder.resolve("data"));
        assertThat(config.sip().udp()).isEqualTo(5060);
        assertThat(config.media().rtpPorts()).isEqualTo(new PortRange(10000, 19999));
        assertThat(config.limits().maxCallDuration()).isEqualTo(Duration.ofHours(4));
        assertThat(config.roles().get("guest")).containsExactly(Permission.SPEAK);
        assertThat(config.network().bind()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "::            | 0.0.0.0, ::",
                "::, 127.0.0.1 | ::, 127.0.0.1",
                "::1           | ::1",
                "0.0.0.0       | 0.0.0.0"
            })
    void theWildcardOfIpv6IsThatOfBothFamiliesUnlessIpv4HasAnother(String bind, String bound) {
        assertThat(
                        good("network: { bind: [\"" + bind.replace(", ", "\", \"") + "\"] }")
                                .network()
                                .bind())
                .containsExactly(
                        Stream.of(bound.split(", "))
                                .map(InetAddress::ofLiteral)
                                .toArray(InetAddress[]::new));
    }

    @Test
    void theEnvironmentOverridesTheFileAndSetOverridesBoth() {
        String yaml = "sip: { udp: 5070, tcp: 5071, domains: [a.example] }";
        Map<String, String> environment =
                Map.of(
                        "ROOMLINE_SIP_UDP", "5080",
                        "ROOMLINE_SIP_TCP", "5081",
                        "ROOMLINE_SIP_DOMAINS", "b.example, c.example",
                        "PATH", "/bin");
        Outcome outcome = load(yaml, environment, "sip.udp=5090");
        RoomlineConfig config = ((Outcome.Loaded) outcome).config();
        assertThat(config.sip().udp()).isEqualTo(5090);
        assertThat(config.sip().tcp()).isEqualTo(5081);
        assertThat(config.sip().domains()).containsExactly("b.example", "c.example");
    }

    @Test
    void underscoresOfAVariableStandForDotsAndUnderscoresAlike() {
        Outcome outcome =
                load(
                        "",
                        Map.of(
                                "ROOMLINE_LIMITS_MAX_CALL_DURATION",
                                "90m",
                                "ROOMLINE_DATA_DIR",
                                "x"));
        RoomlineConfig config = ((Outcome.Loaded) outcome).config();
        assertThat(config.limits().maxCallDuration()).isEqualTo(Duration.ofMinutes(90));
        assertThat(config.dataDir()).isEqualTo(folder.resolve("x"));
    }

    @Test
    void noTwoKeysHaveTheSameVariable() {
        var keys = ConfigLoader.knownKeys(folder).all().keySet();
        assertThat(keys.stream().map(k -> k.replace('.', '_')).distinct().count())
                .isEqualTo(keys.size());
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOneWhereverItStands() {
        assertThat(faults("sip: { upd: 5060 }").getFirst())
                .contains("sip.upd", "sip.udp", "line 1");
        assertThat(faults("\nmedai: { loops: 1 }").getFirst()).contains("medai", "media", "line 2");
        assertThat(faults("rooms: [ { name: a, code: [] } ]").getFirst())
                .contains("rooms[0].code", "rooms[].codes");
        assertThat(faults("", "http.prot=1").getFirst()).contains("http.prot", "http.port");
        Outcome outcome = load("", Map.of("ROOMLINE_HTTP_PROT", "1"));
        assertThat(((Outcome.Faulty) outcome).faults().getFirst().toString())
                .contains("ROOMLINE_HTTP_PROT", "http.port");
    }

    @Test
    void allFaultsComeAtOnceWithKeyValueAndExpectation() {
        List<String> faults =
                faults(
                        """
                        sip: { udp: banana, challenge: 403, digest: [sha-1] }
                        media: { rtp_ports: 20000-10000, opus_complexity: 11, codecs: [speex] }
                        limits: { max_call_duration: 4 hours }
                        http: { metrics: everybody }
                        """);
        assertThat(faults).hasSize(8);
        assertThat(faults.getFirst())
                .isEqualTo(
                        "sip.udp: \"banana\" is wrong; expected a whole number from 0 to 65535"
                                + " (line 1)");
        assertThat(String.join("\n", faults))
                .contains("4 hours", "sha-1", "everybody", "speex", "20000-10000");
    }

    @Test
    void secretsAreNeverPrinted() {
        RoomlineConfig config = good("accounts: [ { username: u, password: hunter2hunter2 } ]");
        assertThat(config.toString()).doesNotContain("hunter2hunter2").contains("(redacted)");
        assertThat(config.declared().accounts().getFirst().password().value())
                .isEqualTo("hunter2hunter2");
        List<String> faults =
                faults(
                        """
                        api: { keys: [ { key: k, secret: short-secret, token: tiny } ] }
                        database: { url: "mysql://u:hunter2@h" }
                        accounts: [ { username: u, pasword: hunter2 } ]
                        """);
        assertThat(String.join("\n", faults)).doesNotContain("hunter2", "short-secret", "tiny");
        assertThat(faults).hasSize(5);
    }

    @Test
    void aKeyGivenTwiceIsAFault() {
        assertThat(faults("sip: { udp: 1 }\nsip: { udp: 2 }"))
                .anyMatch(f -> f.contains("only once"));
    }

    @Test
    void aFewAliasesCannotUnfoldIntoGigabytes() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            bomb.append("*a%d,".formatted(i - 1).repeat(10)).append("]\n");
        }
        long before = System.nanoTime();
        assertThat(faults(bomb.toString()).getFirst()).contains("honest size");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(faults("a: &a { b: *a }")).isNotEmpty();
        assertThat(faults("a: " + "[".repeat(100_000))).isNotEmpty();
    }

    @Test
    void rolesOfOnesOwnStandBesideOurs() {
        Map<String, Set<Permission>> roles =
                good("roles: { clerk: [speak, dial], listener: [speak] }").roles();
        assertThat(roles)
                .containsOnlyKeys("host", "guest", "listener", "clerk")
                .containsEntry("host", Set.of(Permission.values()))
                .containsEntry("listener", Set.of(Permission.SPEAK))
                .containsEntry("clerk", Set.of(Permission.SPEAK, Permission.DIAL));
        assertThat(faults("roles: { \"a clerk\": [speak] }").getFirst())
                .contains("a clerk", "letters or digits");
        assertThat(faults("roles: { clerk: speak }").getFirst()).contains("clerk", "a list");
        assertThat(faults("roles: { clerk: [shout] }").getFirst())
                .contains("shout", "speak, dial or moderate");
    }

    @Test
    void whatIsNoYamlIsOneFaultWithItsLine() {
        assertThat(faults("sip:\n  udp: [1").getFirst()).contains("YAML", "line");
        assertThat(faults("- a list").getFirst()).contains("mapping of sections");
        assertThat(faults("sip: 7").getFirst()).contains("sip", "section");
    }

    @Test
    void portsThatTwoPartsWouldBindAreFaults() {
        assertThat(faults("media: { webrtc_port: 19000 }").getFirst()).contains("rtp_ports");
        assertThat(faults("http: { port: 5060 }").getFirst()).contains("http");
        assertThat(faults("sip: { udp: 0, tcp: 0 }").getFirst()).contains("at least one");
        assertThat(faults("sip: { udp: 10500 }").getFirst()).contains("rtp_ports");
    }

    @Test
    void keysWithoutEffectGetOneWarningEachUnlessTheyAreAtTheirDefault() {
        Outcome outcome =
                load(
                        "network: { public: [\"stun:stun.example.com:3478\"] }\n"
                                + "media: { encryption: require }",
                        Map.of());
        assertThat(((Outcome.Loaded) outcome).warnings())
                .containsExactly(
                        "network.public: stun: is understood but has no effect in this version");
    }

    @Test
    void codecsThatMayBeConfiguredAreThoseOfTheMediaRelay() {
        assertThat(Stream.of(AudioCodec.values()).map(c -> c.name().toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrderElementsOf(ConfigReader.CODECS);
    }

    @Test
    void theContractsExampleOfEachListIsRead() {
        RoomlineConfig config =
                good(
                        """
                        rooms:
                          - { name: "support", codes: [ { code: abc-defg-hij, role: guest, pin: "", entry: both } ],
                              browsers: code, max_participants: 100, visible_attributes: [], hide_numbers: true }
                        trunks:
                          - id: twilio
                            name: Twilio
                            address: example.pstn.twilio.com
                            numbers: ["+15550100000"]
                            allow: ["54.172.60.0/30"]
                            require_headers: { X-Twilio-AccountSid: "AC" }
                            media_allow: ["168.86.128.0/18"]
                        routes:
                          - { number: "+15550100000", trunk: twilio, room: abc-defg-hij }
                          - { number: "+15550100001", trunk: twilio, ask: code }
                        webhooks:
                          - { url: "https://hooks.example/x", secret: "s", events: ["*"] }
                        """);
        Declared.Trunk trunk = config.declared().trunks().getFirst();
        assertThat(trunk.allow().getFirst().contains(InetAddress.ofLiteral("54.172.60.3")))
                .isTrue();
        assertThat(trunk.allow().getFirst().contains(InetAddress.ofLiteral("54.172.60.4")))
                .isFalse();
        assertThat(trunk.requireHeaders()).containsEntry("X-Twilio-AccountSid", "AC");
        assertThat(config.declared().routes()).hasSize(2);
    }

    @Test
    void namesThatMustBeUniqueAre() {
        assertThat(
                        faults(
                                """
                                rooms:
                                  - { name: a, codes: [ { code: same-code } ] }
                                  - { name: b, codes: [ { code: SAME-CODE, role: emperor } ] }
                                routes: [ { number: "1", trunk: none, room: xyz, ask: code } ]
                                """))
                .hasSize(4);
    }

    @Test
    void everyFaultOfTrunksAndRoutesIsNamedWithItsKey() {
        assertThat(
                        faults(
                                """
                                trunks:
                                  - { id: "a b", direction: sideways, allow: ["10.0.0.0/33", "::1/129", "::ffff:10.0.0.0/95", "host"], codecs: [mp3] }
                                  - { id: c, direction: inbound, require_headers: { X-A: "5ecret" } }
                                  - { id: d, direction: inbound, number_format: national }
                                  - { id: e, direction: inbound, national_prefix: "x", country: "+1", numbers: ["abc"] }
                                  - { id: f, direction: inbound, answer_headers: { Via: x }, max_calls: -1 }
                                  - { id: f, direction: inbound, require_headers: { "X A": y }, allow: ["10.0.0.1"] }
                                  - { id: g, direction: both }
                                routes:
                                  - { number: "ring me", room: abc-defg-hij }
                                  - { number: "1", room: "a b" }
                                  - { number: "+1", room: new }
                                  - { number: "2", room: new, webhook: "https://a.test/" }
                                  - { number: "3", webhook: "ftp://a.test/" }
                                  - { number: "4" }
                                  - { room: new }
                                  - { number: "5", trunk: nobody, room: new }
                                """))
                .extracting(fault -> fault.substring(0, fault.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "trunks[0].id",
                        "trunks[0].direction",
                        "trunks[0].address",
                        "trunks[0].allow",
                        "trunks[0].allow",
                        "trunks[0].allow",
                        "trunks[0].allow",
                        "trunks[0].codecs",
                        "trunks[1].require_headers",
                        "trunks[2].country",
                        "trunks[3].national_prefix",
                        "trunks[3].country",
                        "trunks[3].numbers",
                        "trunks[4].answer_headers",
                        "trunks[4].max_calls",
                        "trunks[5].require_headers",
                        "trunks[6].address",
                        "trunks",
                        "routes[0].number",
                        "routes[1].room",
                        "routes[3].room",
                        "routes[4].webhook",
                        "routes[5].room",
                        "routes[6].number",
                        "routes",
                        "routes");
    }

    @Test
    void durationsTakeTheirUnits() {
        assertThat(Literals.duration("250ms")).contains(Duration.ofMillis(250));
        assertThat(Literals.duration("15m")).contains(Duration.ofMinutes(15));
        assertThat(Literals.duration("90d")).contains(Duration.ofDays(90));
        assertThat(Literals.duration("0")).contains(Duration.ZERO);
        for (String bad : List.of("", "5", "-1s", "1 s", "1w", "1s1s", "9999999999s")) {
            assertThat(Literals.duration(bad)).as(bad).isEmpty();
        }
    }

    @Test
    void rangesCoverWhatTheirPrefixSays() throws Exception {
        Cidr six = Cidr.parse("2001:db8::/33").orElseThrow();
        assertThat(six.contains(InetAddress.ofLiteral("2001:db8:7fff::1"))).isTrue();
        assertThat(six.contains(InetAddress.ofLiteral("2001:db8:8000::1"))).isFalse();
        assertThat(six.contains(InetAddress.ofLiteral("1.2.3.4"))).isFalse();
        assertThat(six).hasToString("2001:db8::/33");
        assertThat(Cidr.parse("10.0.0.0/33")).isEmpty();
        assertThat(Cidr.parse("example.com/8")).isEmpty();
    }
}
