package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.auth.Credentials;
import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.RoomlineConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a newcomer finds after the first start. */
final class FirstStartTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Optional<InetAddress> LOCAL =
            Optional.of(InetAddress.ofLiteral("192.0.2.7"));
    @TempDir Path home;

    private RoomlineConfig config(String... sets) {
        var outcome = ConfigLoader.load(Optional.empty(), Map.of(), List.of(sets), home);
        return ((ConfigLoader.Outcome.Loaded) outcome).config();
    }

    private static Optional<String> prepare(RoomlineConfig config, boolean withoutFile) {
        try (Store store = Store.open(config, () -> NOON)) {
            return FirstStart.prepare(config, store, withoutFile, LOCAL, 8080);
        }
    }

    private Path file() {
        return home.resolve("data/first-start.json");
    }

    private JsonNode made() throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(file()));
    }

    @Test
    void theFileHasExactlyTheContractsFieldsAndIsPrivate() throws IOException {
        String text = prepare(config(), true).orElseThrow();
        assertThat(made().propertyNames())
                .containsExactlyInAnyOrder(
                        "sip_uri",
                        "username",
                        "password",
                        "room_code",
                        "room_url",
                        "api_key",
                        "api_secret",
                        "api_token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        String code = made().get("room_code").asString();
        assertThat(made().get("sip_uri").asString()).isEqualTo("sip:" + code + "@192.0.2.7");
        assertThat(made().get("room_url").asString())
                .isEqualTo("http://localhost:8080/join/" + code);
        assertThat(text)
                .contains(
                        made().get("sip_uri").asString(),
                        made().get("password").asString(),
                        made().get("room_url").asString(),
                        made().get("api_key").asString(),
                        "curl -H \"Authorization: Bearer " + made().get("api_token").asString());
    }

    @Test
    void whatItNamesWorks() throws IOException {
        RoomlineConfig config = config();
        assertThat(prepare(config, true)).isPresent();
        try (Store store = Store.open(config, () -> NOON)) {
            assertThat(store.rooms().enter(made().get("room_code").asString())).isPresent();
            assertThat(store.accounts().byUsername(made().get("username").asString())).isPresent();
            assertThat(
                            new Credentials(store.apiKeys(), () -> NOON)
                                    .check("Bearer " + made().get("api_token").asString()))
                    .isInstanceOf(Credentials.Verdict.Known.class);
            assertThat(store.apiKeys().byKey(made().get("api_key").asString()))
                    .hasValueSatisfying(
                            key ->
                                    assertThat(key.secret().value())
                                            .hasSizeGreaterThanOrEqualTo(32));
        }
    }

    @Test
    void laterStartsShowTheSameUntilTheFileIsDeletedAndMakeNothingMore() throws IOException {
        String first = prepare(config(), true).orElseThrow();
        assertThat(prepare(config(), true)).contains(first);
        Files.delete(file());
        assertThat(prepare(config(), true)).isEmpty();
        assertThat(file()).doesNotExist();
    }

    @Test
    void withAConfigurationFileNothingIsMadeAndItIsSaidWhatToDeclare() {
        assertThat(prepare(config(), false).orElseThrow())
                .contains("accounts", "rooms", "api.keys");
        assertThat(file()).doesNotExist();
    }

    @Test
    void aPublicAddressAndOtherPortsStandInTheAddresses() throws IOException {
        prepare(config("network.public=203.0.113.5", "sip.udp=5070"), true);
        assertThat(made().get("sip_uri").asString()).endsWith("@203.0.113.5:5070");
    }

    @Test
    void withoutAnyAddressItIsThisMachine() throws IOException {
        RoomlineConfig config = config("sip.udp=0");
        try (Store store = Store.open(config, () -> NOON)) {
            FirstStart.prepare(config, store, true, Optional.empty(), 8080);
        }
        assertThat(made().get("sip_uri").asString()).endsWith("@127.0.0.1;transport=tcp");
    }
}
