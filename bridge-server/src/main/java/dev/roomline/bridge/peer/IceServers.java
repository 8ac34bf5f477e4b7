package dev.roomline.bridge.peer;

import dev.roomline.bridge.config.RoomlineConfig.IceServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ICE servers that a browser is handed, each with credentials of its own where a secret is
 * shared with the TURN server (the "TURN REST" scheme that coturn's {@code use-auth-secret} reads).
 */
public final class IceServers {
    private static final Duration VALID_FOR = Duration.ofHours(12);

    private final List<IceServer> configured;

    public IceServers(List<IceServer> configured) {
        this.configured = List.copyOf(configured);
    }

    /** As RTCPeerConnection takes them. */
    public List<Map<String, Object>> forUser(String user, Instant now) {
        List<Map<String, Object>> servers = new ArrayList<>();
        for (IceServer server : configured) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("urls", server.urls());
            if (!server.secret().isEmpty()) {
                String username = now.plus(VALID_FOR).getEpochSecond() + ":" + user;
                entry.put("username", username);
                entry.put("credential", sign(username, server.secret().value()));
            } else if (!server.username().isEmpty()) {
                entry.put("username", server.username());
                entry.put("credential", server.credential().value());
            }
            servers.add(entry);
        }
        return servers;
    }

    private static String sign(String username, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] signed = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java has HmacSHA1", absent);
        }
    }
}
