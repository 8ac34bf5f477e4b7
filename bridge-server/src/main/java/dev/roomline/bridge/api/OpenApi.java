package dev.roomline.bridge.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code /openapi.yaml} and {@code /openapi.json}: docs/openapi.yaml as it was built in. */
final class OpenApi {
    private static final String TEXT = load();
    private static final Object DOCUMENT =
            new Load(LoadSettings.builder().build()).loadFromString(TEXT);

    private OpenApi() {}

    static Answer answer(Ask ask) {
        return Answer.text(200, "application/yaml; charset=utf-8", TEXT);
    }

    static Answer json(Ask ask) {
        return Answer.json(200, DOCUMENT);
    }

    static String text() {
        return TEXT;
    }

    private static String load() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is missing from the build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
