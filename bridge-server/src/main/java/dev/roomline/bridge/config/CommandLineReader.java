package dev.roomline.bridge.config;

import dev.roomline.bridge.config.Arguments.Verb;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/** Picocli's definitions of the verbs behind {@link Arguments}. */
@SuppressWarnings("DoNotCallSuggester")
final class CommandLineReader {
    private CommandLineReader() {}

    static Verb read(
            String[] arguments,
            Map<String, String> environment,
            Path home,
            PrintWriter out,
            PrintWriter err) {
        throw new UnsupportedOperationException();
    }
}
