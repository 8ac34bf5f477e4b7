package dev.roomline.bridge.config;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which roles there are, and what each may do: ours, and those that the configuration names. */
final class RolesReader {
    private RolesReader() {}

    static Map<String, Set<Permission>> read(Section root) {
        Map<String, Set<Permission>> roles = new LinkedHashMap<>();
        roles.put("host", EnumSet.allOf(Permission.class));
        roles.put("guest", EnumSet.of(Permission.SPEAK));
        roles.put("listener", EnumSet.noneOf(Permission.class));
        root.free("roles")
                .forEach(
                        (name, value) -> {
                            if (!name.matches("[A-Za-z0-9_-]{1,32}")) {
                                root.fault("roles", name, "names of 1 to 32 letters or digits");
                            }
                            roles.put(name, permissions(root, name, value));
                        });
        return roles;
    }

    private static Set<Permission> permissions(Section root, String role, Tree value) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        List<Tree> items = new ArrayList<>();
        if (value instanceof Tree.Sequence sequence) {
            items.addAll(sequence.items());
        } else {
            root.fault("roles", role, "a list of permissions for each role");
        }
        for (Tree item : items) {
            Optional<Permission> permission =
                    Arrays.stream(Permission.values())
                            .filter(
                                    p ->
                                            item instanceof Tree.Scalar scalar
                                                    && p.name()
                                                            .toLowerCase(Locale.ROOT)
                                                            .equals(scalar.text()))
                            .findFirst();
            if (permission.isEmpty()) {
                String text = item instanceof Tree.Scalar scalar ? scalar.text() : role;
                root.fault("roles", text, "speak, dial or moderate");
            }
            permission.ifPresent(permissions::add);
        }
        return permissions;
    }
}
