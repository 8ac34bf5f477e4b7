package dev.roomline.bridge.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this build. */
public final class Version {
    private Version() {}

    /** As the build wrote it into {@code /version.txt}; {@code dev} where no build did. */
    public static String current() {
        try (InputStream in = Version.class.getResourceAsStream("/version.txt")) {
            String text =
                    in == null
                            ? "dev"
                            : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.startsWith("$") ? "dev" : text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
