package dev.roomline.bridge.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.roomline.bridge.store.ApiKeys;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that browsers hold: JWTs of {@code type: app} that name a room, a user and a role. They
 * let one join, and are no API credential; nor is a management token one of these.
 */
public final class JoinTokens {
    private final Jwts jwts;

    /**
     * @param keys whose secrets sign them
     */
    public JoinTokens(ApiKeys keys, InstantSource clock) {
        this.jwts = new Jwts(keys, clock);
    }

    /** Blocks: virtual threads only. Never throws for what the token is. */
    public Verdict verify(String token) {
        return switch (jwts.verify(token)) {
            case Jwts.Verdict.Bad bad -> new Verdict.Refused(bad.detail());
            case Jwts.Verdict.Valid valid -> joins(valid.claims());
        };
    }

    private static Verdict joins(JWTClaimsSet claims) {
        try {
            String room = claims.getStringClaim("room_id");
            if (!"app".equals(claims.getStringClaim("type"))) {
                return new Verdict.Refused("The token is not of type app.");
            }
            if (room == null || room.isEmpty()) {
                return new Verdict.Refused("The token names no room_id.");
            }
            return new Verdict.Valid(
                    room,
                    orElse(claims.getStringClaim("user_id"), ""),
                    orElse(claims.getStringClaim("role"), "guest"));
        } catch (ParseException e) {
            return new Verdict.Refused("The token's claims are not text.");
        }
    }

    private static String orElse(@Nullable String value, String fallback) {
        return Objects.requireNonNullElse(value, fallback);
    }

    /** What a join token is worth. */
    public sealed interface Verdict {
        /**
         * @param room id or code
         */
        record Valid(String room, String userId, String role) implements Verdict {}

        /**
         * @param detail one sentence, nothing secret
         */
        record Refused(String detail) implements Verdict {}
    }
}
