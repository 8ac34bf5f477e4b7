package dev.roomline.bridge.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.roomline.bridge.store.ApiKeyRow;
import dev.roomline.bridge.store.ApiKeys;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code Authorization} header is worth: a key's opaque token, or a management JWT signed
 * with a key's secret. What browsers hold is no API credential. Blocks: virtual threads only.
 */
public final class Credentials {
    private static final int MAX_TOKEN = 8192;

    private final ApiKeys keys;
    private final Jwts jwts;

    public Credentials(ApiKeys keys, InstantSource clock) {
        this.keys = keys;
        this.jwts = new Jwts(keys, clock);
    }

    /** What became of it. */
    public sealed interface Verdict {
        record Known(Caller caller) implements Verdict {}

        /**
         * @param detail one sentence, nothing secret
         */
        record Unknown(String detail) implements Verdict {}
    }

    /** Which credentials are good, as each dialect's clients have them. */
    public enum Kind {
        /** A key's token, or a management JWT of either product: {@code /v1}. */
        ANY,
        /** A JWT with {@code access_key}, {@code type: management}. */
        HUNDRED_MS,
        /**
         * A JWT with {@code apikey} that may moderate or whose role is {@code crawler}, with or
         * without {@code Bearer}.
         */
        VIDEOSDK,
        /** A key's token alone. */
        OPAQUE
    }

    /**
     * @param header the header's value; null when absent
     */
    public Verdict check(@Nullable String header, Kind kind) {
        return switch (kind) {
            case ANY -> check(header);
            case HUNDRED_MS -> byJwt(token(header, false), "access_key", Credentials::manages);
            case VIDEOSDK -> byJwt(token(header, true), "apikey", Credentials::servesVideoSdk);
            case OPAQUE ->
                    token(header, false)
                            .flatMap(keys::byToken)
                            .map(Credentials::known)
                            .orElseGet(() -> new Verdict.Unknown("The token belongs to no key."));
        };
    }

    private static Optional<String> token(@Nullable String header, boolean bare) {
        Optional<String> token = Optional.ofNullable(header).flatMap(Credentials::bearer);
        return token.isEmpty() && bare && header != null
                ? Optional.of(header.strip()).filter(Credentials::isToken)
                : token;
    }

    private Verdict byJwt(
            Optional<String> token, String keyClaim, Predicate<JWTClaimsSet> suffices) {
        if (token.isEmpty()) {
            return new Verdict.Unknown("Send a management token in the Authorization header.");
        }
        return switch (jwts.verify(token.get())) {
            case Jwts.Verdict.Bad bad -> new Verdict.Unknown(bad.detail());
            case Jwts.Verdict.Valid valid ->
                    valid.claims().getClaim(keyClaim) != null && suffices.test(valid.claims())
                            ? known(valid.key())
                            : new Verdict.Unknown("The token is no management token of this API.");
        };
    }

    /**
     * @param header the header's value; null when absent
     */
    public Verdict check(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return new Verdict.Unknown("Send \"Authorization: Bearer\" with a key's token.");
        }
        Optional<String> token = bearer(header);
        if (token.isEmpty()) {
            return new Verdict.Unknown("The Authorization header is not of the form Bearer token.");
        }
        Optional<ApiKeyRow> opaque = keys.byToken(token.get());
        if (opaque.isPresent()) {
            return known(opaque.get());
        }
        if (token.get().chars().filter(c -> c == '.').count() != 2) {
            return new Verdict.Unknown("The token belongs to no key.");
        }
        return switch (jwts.verify(token.get())) {
            case Jwts.Verdict.Bad bad -> new Verdict.Unknown(bad.detail());
            case Jwts.Verdict.Valid valid ->
                    manages(valid.claims())
                            ? known(valid.key())
                            : new Verdict.Unknown(
                                    "The token lets one join a room; the API wants a management"
                                            + " token.");
        };
    }

    private static Verdict known(ApiKeyRow key) {
        return new Verdict.Known(new Caller(key.key(), key.scopes()));
    }

    private static Optional<String> bearer(String header) {
        // RFC 9110 §11.1: the scheme's name is compared without regard to case.
        if (header.length() < 8
                || !header.substring(0, 7).toLowerCase(Locale.ROOT).equals("bearer ")) {
            return Optional.empty();
        }
        String token = header.substring(7).strip();
        return Optional.of(token).filter(Credentials::isToken);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_TOKEN
                && text.chars().noneMatch(c -> c <= ' ' || c > '~');
    }

    private static boolean manages(JWTClaimsSet claims) {
        try {
            if (claims.getStringClaim("access_key") != null) {
                return "management".equals(claims.getStringClaim("type"));
            }
            return texts(claims, "permissions").contains("allow_mod")
                    && !texts(claims, "roles").contains("rtc");
        } catch (ParseException e) {
            return false;
        }
    }

    /** The role {@code rtc} alone is a browser's; {@code crawler} says that it is a server's. */
    private static boolean servesVideoSdk(JWTClaimsSet claims) {
        try {
            Object version = claims.getClaim("version");
            return claims.getClaim("access_key") == null
                    && (version == null || version.equals(2L))
                    && (texts(claims, "roles").contains("crawler") || manages(claims));
        } catch (ParseException e) {
            return false;
        }
    }

    /**
     * Whose token it says to be, unproven: it decides in whose words one is answered where two
     * products share a path. Empty where that cannot be told.
     *
     * @param header the header's value; null when absent
     */
    public static Optional<Kind> claimed(@Nullable String header) {
        return token(header, true).flatMap(Jwts::claimed);
    }

    static List<String> texts(JWTClaimsSet claims, String name) throws ParseException {
        List<String> texts = claims.getStringListClaim(name);
        return texts == null ? List.of() : texts;
    }
}
