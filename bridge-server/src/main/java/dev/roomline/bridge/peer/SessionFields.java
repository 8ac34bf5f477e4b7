package dev.roomline.bridge.peer;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which fields each request of the session takes, and of what type: all else is refused. */
final class SessionFields {
    private static final Set<String> BOOLEANS = Set.of("muted");

    private static final Map<String, Set<String>> TAKEN =
            Map.ofEntries(
                    Map.entry("ping", Set.of()),
                    Map.entry("join", Set.of("room_code", "token", "name", "user_id", "sdp")),
                    Map.entry("resume", Set.of("resume")),
                    Map.entry("offer", Set.of("sdp")),
                    Map.entry("mute", Set.of("muted")),
                    Map.entry("dtmf", Set.of("digits")),
                    Map.entry("dial", Set.of("to", "name")),
                    Map.entry("hangup", Set.of("participant")),
                    Map.entry("remove", Set.of("participant")),
                    Map.entry("mute_other", Set.of("participant", "muted")),
                    Map.entry("leave", Set.of()));

    private SessionFields() {}

    /** Empty where the message is as it should be; else what is wrong with which field. */
    static Optional<String> fault(String type, JsonNode message) {
        Set<String> taken = TAKEN.get(type);
        if (taken == null) {
            return Optional.of("There is no request of this type.");
        }
        for (String field : message.propertyNames()) {
            JsonNode value = message.path(field);
            if (field.equals("type") || field.equals("id") || value.isNull()) {
                continue;
            }
            if (!taken.contains(field)) {
                return Optional.of("'" + shown(field) + "' is no field of " + type + ".");
            }
            boolean right = BOOLEANS.contains(field) ? value.isBoolean() : value.isString();
            if (!right) {
                String wanted = BOOLEANS.contains(field) ? "true or false" : "a string";
                return Optional.of("'" + field + "' must be " + wanted + ".");
            }
        }
        return Optional.empty();
    }

    private static String shown(String field) {
        return field.length() <= 40 ? field : field.substring(0, 40);
    }
}
