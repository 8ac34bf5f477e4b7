package dev.roomline.bridge.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.roomline.bridge.config.Arguments;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.ApiKeyRow;
import dev.roomline.bridge.store.ApiKeys;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Names;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes the tokens that {@link JoinTokens} and {@link Credentials} accept: the {@code token} verb.
 */
public final class TokenMint {
    private static final int TOKEN_LENGTH = 40;
    private static final int SECRET_LENGTH = 48;

    private final ApiKeys keys;
    private final InstantSource clock;

    public TokenMint(ApiKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    public Minted mint(TokenRequest request) {
        return request.type().equals("indus")
                ? opaque(request.key().orElse("made by scripts/run token"))
                : signed(request);
    }

    /** Of an opaque token we keep nothing but a hash, so a new one is that of a new key. */
    private Minted opaque(String name) {
        String token = "rl_" + Names.secret(TOKEN_LENGTH);
        Change<ApiKeyRow> made =
                keys.create(
                        Names.id("key"),
                        new Secret(Names.secret(SECRET_LENGTH)),
                        new Secret(token),
                        name,
                        List.of(Scope.ADMIN));
        return made instanceof Change.Done<ApiKeyRow>(ApiKeyRow key)
                ? new Minted.Opaque(token, key.id())
                : new Minted.Impossible("The key could not be made.");
    }

    private Minted signed(TokenRequest request) {
        List<ApiKeyRow> signing =
                keys.list().stream().filter(key -> !key.secret().isEmpty()).toList();
        Optional<ApiKeyRow> key =
                signing.stream()
                        .filter(
                                k ->
                                        request.key().isEmpty()
                                                || k.key().equals(request.key().get())
                                                || k.name().equals(request.key().get()))
                        .findFirst();
        if (key.isEmpty()) {
            return new Minted.Impossible(
                    signing.isEmpty()
                            ? "There is no API key with a secret to sign with: declare one in"
                                    + " api.keys, or start once without a configuration file."
                            : "No API key with a secret is called so; there are: "
                                    + signing.stream()
                                            .map(k -> k.name().isEmpty() ? k.key() : k.name())
                                            .collect(Collectors.joining(", "))
                                    + ".");
        }
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .claim("version", 2)
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(now))
                        .notBeforeTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(request.validFor())));
        switch (request.type()) {
            case "management" ->
                    claims.claim("access_key", key.get().key()).claim("type", "management");
            case "videosdk" ->
                    claims.claim("apikey", key.get().key())
                            .claim("permissions", List.of("allow_join", "allow_mod"))
                            .claim("roles", List.of("crawler"));
            case "app" ->
                    claims.claim("access_key", key.get().key())
                            .claim("type", "app")
                            .claim("room_id", request.room())
                            .claim("user_id", request.user())
                            .claim("role", request.role());
            default -> {
                return new Minted.Impossible(
                        "A token's type is one of "
                                + String.join(", ", Arguments.TOKEN_TYPES)
                                + ".");
            }
        }
        return sign(claims.build(), key.get());
    }

    private static Minted sign(JWTClaimsSet claims, ApiKeyRow key) {
        try {
            SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            jwt.sign(new MACSigner(key.secret().value().getBytes(StandardCharsets.UTF_8)));
            return new Minted.Token(jwt.serialize());
        } catch (JOSEException e) {
            return new Minted.Impossible("The key's secret is too short to sign with.");
        }
    }

    /** The token, or why there is none. */
    public sealed interface Minted {
        record Token(String jwt) implements Minted {
            @Override
            public String toString() {
                return "Token[redacted]";
            }
        }

        /**
         * @param keyId of the key that was made for it
         */
        record Opaque(String token, String keyId) implements Minted {
            @Override
            public String toString() {
                return "Opaque[redacted]";
            }
        }

        /**
         * @param sentence for the person at the command line
         */
        record Impossible(String sentence) implements Minted {}
    }
}
