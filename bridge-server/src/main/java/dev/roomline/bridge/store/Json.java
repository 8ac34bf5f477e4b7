package dev.roomline.bridge.store;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Lists and maps as they stand in one column. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static List<String> read(String text) {
        return Arrays.asList(MAPPER.readValue(text, String[].class));
    }

    static Map<String, Object> map(String text) {
        return MAPPER.readValue(text, new TypeReference<Map<String, Object>>() {});
    }
}
