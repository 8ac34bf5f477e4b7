package dev.roomline.bridge.webhook;

import dev.roomline.bridge.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The headers of the Standard Webhooks (specification 1.0.0, "Verifying webhook authenticity"). */
public final class Signature {
    private static final String ENCODED = "whsec_";

    private Signature() {}

    /**
     * @param id of the event: the same each time that it is tried
     * @param at when it is sent
     * @param body its octets, as they are sent
     * @param secret {@code whsec_} and Base64, or any text; empty: nothing is signed
     */
    public static Map<String, String> headers(String id, Instant at, byte[] body, Secret secret) {
        Map<String, String> headers = new LinkedHashMap<>();
        String seconds = Long.toString(at.getEpochSecond());
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", seconds);
        if (!secret.isEmpty()) {
            headers.put("webhook-signature", "v1," + sign(id + "." + seconds + ".", body, secret));
        }
        return headers;
    }

    private static String sign(String head, byte[] body, Secret secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret.value()), "HmacSHA256"));
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] key(String secret) {
        if (secret.startsWith(ENCODED) && secret.length() > ENCODED.length()) {
            try {
                return Base64.getDecoder().decode(secret.substring(ENCODED.length()));
            } catch (IllegalArgumentException notEncoded) {
                return secret.getBytes(StandardCharsets.UTF_8);
            }
        }
        return secret.getBytes(StandardCharsets.UTF_8);
    }
}
