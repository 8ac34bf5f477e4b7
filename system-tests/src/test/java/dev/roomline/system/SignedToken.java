package dev.roomline.system;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** JWTs (HS256, RFC 7515) as applications sign them themselves, with nothing of ours. */
final class SignedToken {
    private static final long LIFE_SECONDS = 600;

    private SignedToken() {}

    /** With the times and the id that such tokens have. */
    static String of(Map<String, Object> claims, String secret) {
        Map<String, Object> all = new LinkedHashMap<>(claims);
        long now = Instant.now().getEpochSecond();
        all.put("version", 2);
        all.put("jti", UUID.randomUUID().toString());
        all.put("iat", now);
        all.put("nbf", now);
        all.put("exp", now + LIFE_SECONDS);
        String head =
                encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
                        + "."
                        + encoded(JsonMapper.shared().writeValueAsString(all));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return head
                    + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(head.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
