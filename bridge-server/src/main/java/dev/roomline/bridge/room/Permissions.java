package dev.roomline.bridge.room;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import java.util.Map;
import java.util.Set;

/** What each role may do. A role that nobody configured may do nothing but listen. */
public record Permissions(Map<String, Set<Permission>> roles) {
    public Permissions {
        roles = Map.copyOf(roles);
    }

    public boolean may(String role, Permission permission) {
        return roles.getOrDefault(role, Set.of()).contains(permission);
    }
}
