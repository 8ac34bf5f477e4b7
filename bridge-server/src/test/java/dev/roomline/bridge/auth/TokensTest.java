package dev.roomline.bridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.auth.TokenMint.Minted;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we mint is taken for what it is, and for nothing else. */
final class TokensTest {
    @TempDir Path home;
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private Store store;

    @BeforeEach
    void open() {
        var outcome = ConfigLoader.load(Optional.empty(), Map.of(), List.of(), home);
        store = Store.open(((ConfigLoader.Outcome.Loaded) outcome).config(), () -> now);
        var _ =
                store.apiKeys()
                        .create(
                                "k1",
                                new Secret("0123456789".repeat(4)),
                                Secret.NONE,
                                "first",
                                List.of(Scope.ADMIN));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private String mint(String type) {
        Minted minted =
                new TokenMint(store.apiKeys(), () -> now)
                        .mint(
                                new TokenRequest(
                                        Optional.of("first"),
                                        type,
                                        "abc-defg-hij",
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((Minted.Token) minted).jwt();
    }

    private Credentials.Verdict asCredential(String token) {
        return new Credentials(store.apiKeys(), () -> now).check("Bearer " + token);
    }

    private JoinTokens.Verdict asJoin(String token) {
        return new JoinTokens(store.apiKeys(), () -> now).verify(token);
    }

    @Test
    void aManagementTokenIsACredentialAndNoJoinToken() {
        assertThat(asCredential(mint("management")))
                .isEqualTo(new Credentials.Verdict.Known(new Caller("k1", List.of(Scope.ADMIN))));
        assertThat(asJoin(mint("management"))).isInstanceOf(JoinTokens.Verdict.Refused.class);
    }

    @Test
    void aJoinTokenNamesRoomUserAndRoleAndIsNoCredential() {
        assertThat(asJoin(mint("app")))
                .isEqualTo(new JoinTokens.Verdict.Valid("abc-defg-hij", "u7", "host"));
        assertThat(asCredential(mint("app"))).isInstanceOf(Credentials.Verdict.Unknown.class);
    }

    @Test
    void anOpaqueTokenIsThatOfANewKeyAndASecretJoinsWithIt() {
        Minted minted =
                new TokenMint(store.apiKeys(), () -> now)
                        .mint(
                                new TokenRequest(
                                        Optional.of("dialler"),
                                        "indus",
                                        "",
                                        "",
                                        "guest",
                                        Duration.ofHours(24)));
        assertThat(minted).isInstanceOf(Minted.Opaque.class);
        Minted.Opaque opaque = (Minted.Opaque) minted;
        Credentials.Verdict verdict =
                new Credentials(store.apiKeys(), () -> now)
                        .check("Bearer " + opaque.token(), Credentials.Kind.OPAQUE);
        var key = store.apiKeys().find(opaque.keyId()).orElseThrow();
        assertThat(verdict)
                .isEqualTo(
                        new Credentials.Verdict.Known(new Caller(key.key(), List.of(Scope.ADMIN))));
        assertThat(key.name()).isEqualTo("dialler");
        assertThat(key.secret().isEmpty()).as("signs room tokens").isFalse();
        assertThat(opaque.toString()).doesNotContain(opaque.token());
    }

    @Test
    void tokensExpire() {
        String token = mint("management");
        now = now.plus(Duration.ofMinutes(10));
        assertThat(asCredential(token))
                .as("a minute of skew")
                .isInstanceOf(Credentials.Verdict.Known.class);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(asCredential(token)).isInstanceOf(Credentials.Verdict.Unknown.class);
    }

    @Test
    void withoutAKeyThereIsASentence() {
        Minted minted =
                new TokenMint(store.apiKeys(), () -> now)
                        .mint(
                                new TokenRequest(
                                        Optional.of("none"),
                                        "management",
                                        "",
                                        "",
                                        "",
                                        Duration.ofMinutes(1)));
        assertThat(minted).isInstanceOf(Minted.Impossible.class);
    }

    @Test
    void aTokenIsNotPrinted() {
        assertThat(new Minted.Token("ey.secret.x").toString()).doesNotContain("secret");
    }
}
