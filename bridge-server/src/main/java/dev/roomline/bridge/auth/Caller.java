package dev.roomline.bridge.auth;

import dev.roomline.bridge.config.Declared.Scope;
import java.util.List;

/**
 * Who asks, once the credential proved good.
 *
 * @param key the API key's public part
 */
public record Caller(String key, List<Scope> scopes) {
    public Caller {
        scopes = List.copyOf(scopes);
    }

    /**
     * @param resource {@code ROOMS}, {@code CALLS} or {@code ADMIN}
     * @param reads whether the request only reads
     */
    public boolean may(Scope resource, boolean reads) {
        return scopes.contains(Scope.ADMIN)
                || scopes.contains(resource)
                || (reads && scopes.contains(Scope.READ));
    }
}
