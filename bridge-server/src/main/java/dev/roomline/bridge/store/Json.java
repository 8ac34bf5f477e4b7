package dev.roomline.bridge.store;

import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Lists of strings as they stand in one column. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String write(List<String> values) {
        return MAPPER.writeValueAsString(values);
    }

    static List<String> read(String text) {
        return Arrays.asList(MAPPER.readValue(text, String[].class));
    }
}
