package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code docs/performance.md}: each verb owns the lines between its two markers; nothing between
 * them was typed by hand.
 */
final class PerformancePage {
    private PerformancePage() {}

    static void write(String verb, List<String> lines) {
        Path page = Workspace.root().resolve("docs/performance.md");
        String begin = "<!-- " + verb + ": begin -->\n";
        String end = "<!-- " + verb + ": end -->";
        try {
            String text = Files.readString(page);
            int from = text.indexOf(begin) + begin.length();
            int to = text.indexOf(end);
            if (to < from) {
                throw new IllegalStateException(page + " has no place for " + verb);
            }
            Files.writeString(
                    page,
                    text.substring(0, from)
                            + "\n"
                            + String.join("\n", lines)
                            + "\n\n"
                            + text.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
