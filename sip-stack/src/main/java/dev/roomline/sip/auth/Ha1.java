package dev.roomline.sip.auth;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of a password: H(username:realm:password) in hex (RFC 7616 §3.4.2).
 *
 * @param md5 32 hex digits
 * @param sha256 64 hex digits; null if the account was made without it, then it can answer MD5
 *     challenges only
 */
public record Ha1(String md5, @Nullable String sha256) {

    /** An account of which only the MD5 form is stored. */
    public static Ha1 ofMd5(String md5) {
        return new Ha1(md5, null);
    }

    /** Both forms, for a password at hand. */
    public static Ha1 of(String username, String realm, String password) {
        String secret = username + ":" + realm + ":" + password;
        return new Ha1(DigestAlgorithm.MD5.hex(secret), DigestAlgorithm.SHA_256.hex(secret));
    }

    @Nullable String forAlgorithm(DigestAlgorithm algorithm) {
        return switch (algorithm) {
            case MD5 -> md5;
            case SHA_256 -> sha256;
        };
    }

    /** As good as the password itself: never shown. */
    @Override
    public String toString() {
        return "Ha1[redacted]";
    }
}
