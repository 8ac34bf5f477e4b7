package dev.roomline.bridge.peer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Which fields each request of the session takes, and of what kind: all else is refused, by a
 * sentence that names the field.
 */
final class SessionFields {
    private static final int LONGEST_CODE = 80;
    private static final int LONGEST_TOKEN = 8192;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_SDP = 64 * 1024;

    /** What a field holds. */
    private enum Kind {
        /** On one line: it ends in pages, headers and logs. */
        TEXT,
        SDP,
        FLAG
    }

    private record Field(Kind kind, int longest, boolean needed) {
        static Field text(int longest) {
            return new Field(Kind.TEXT, longest, false);
        }

        Field orRefused() {
            return new Field(kind, longest, true);
        }
    }

    private static final Field FLAG = new Field(Kind.FLAG, 0, true);
    private static final Field SDP = new Field(Kind.SDP, LONGEST_SDP, true);
    private static final Field SOMEBODY = Field.text(LONGEST_ID).orRefused();

    private static final Map<String, Map<String, Field>> TAKEN =
            Map.ofEntries(
                    Map.entry("ping", Map.of()),
                    Map.entry(
                            "join",
                            Map.of(
                                    "room_code",
                                    Field.text(LONGEST_CODE),
                                    "token",
                                    Field.text(LONGEST_TOKEN),
                                    "name",
                                    Field.text(LONGEST_NAME),
                                    "user_id",
                                    Field.text(LONGEST_ID),
                                    "sdp",
                                    SDP)),
                    Map.entry("resume", Map.of("resume", Field.text(LONGEST_ID).orRefused())),
                    Map.entry("offer", Map.of("sdp", SDP)),
                    Map.entry("mute", Map.of("muted", FLAG)),
                    Map.entry("dtmf", Map.of("digits", Field.text(LONGEST_ID).orRefused())),
                    Map.entry(
                            "dial",
                            Map.of(
                                    "to",
                                    Field.text(LONGEST_ID).orRefused(),
                                    "name",
                                    Field.text(LONGEST_NAME))),
                    Map.entry("hangup", Map.of("participant", SOMEBODY)),
                    Map.entry("remove", Map.of("participant", SOMEBODY)),
                    Map.entry(
                            "mute_other",
                            Map.of(
                                    "participant",
                                    SOMEBODY,
                                    "muted",
                                    new Field(Kind.FLAG, 0, false))),
                    Map.entry("leave", Map.of()));

    private SessionFields() {}

    /** Empty where the message is as it should be; else what is wrong with which field. */
    static Optional<String> fault(JsonNode message) {
        JsonNode id = message.path("id");
        if (!id.isMissingNode() && !id.isNull() && !isName(id)) {
            return Optional.of("'id' must be a number, or " + line(LONGEST_ID) + ".");
        }
        JsonNode type = message.path("type");
        Map<String, Field> taken = type.isString() ? TAKEN.get(type.asString()) : null;
        if (taken == null) {
            return Optional.of("'type' must be one of " + String.join(", ", types()) + ".");
        }
        for (String name : message.propertyNames()) {
            if (!name.equals("type") && !name.equals("id") && !taken.containsKey(name)) {
                return Optional.of("'" + shown(name) + "' is no field of " + type.asString() + ".");
            }
        }
        return taken.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(
                        it -> fault(it.getKey(), it.getValue(), message.path(it.getKey())).stream())
                .findFirst();
    }

    private static List<String> types() {
        return TAKEN.keySet().stream().sorted().toList();
    }

    private static boolean isName(JsonNode id) {
        return id.isString()
                ? isLine(id.asString(), LONGEST_ID)
                : id.isIntegralNumber() && id.canConvertToLong();
    }

    private static Optional<String> fault(String name, Field field, JsonNode value) {
        boolean absent =
                value.isMissingNode()
                        || value.isNull()
                        || (value.isString() && value.asString().isEmpty());
        if (absent) {
            return field.needed() ? Optional.of("'" + name + "' is needed.") : Optional.empty();
        }
        boolean right =
                switch (field.kind()) {
                    case FLAG -> value.isBoolean();
                    case TEXT -> value.isString() && isLine(value.asString(), field.longest());
                    case SDP -> value.isString() && value.asString().length() <= field.longest();
                };
        return right ? Optional.empty() : Optional.of("'" + name + "' must be " + wanted(field));
    }

    private static String wanted(Field field) {
        return switch (field.kind()) {
            case FLAG -> "true or false.";
            case TEXT -> line(field.longest()) + ".";
            case SDP -> "a description of at most " + field.longest() + " characters.";
        };
    }

    private static String line(int longest) {
        return "text of at most " + longest + " characters without control characters";
    }

    private static boolean isLine(String text, int longest) {
        return text.length() <= longest
                && text.codePoints()
                        .noneMatch(
                                c ->
                                        Character.isISOControl(c)
                                                || Character.getType(c) == Character.SURROGATE);
    }

    private static String shown(String name) {
        String start = name.length() <= 40 ? name : name.substring(0, 40);
        return isLine(start, 40) ? start : "that";
    }
}
