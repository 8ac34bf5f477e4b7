package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a verb prints, for the terminal and for {@code docs/performance.md}: there each verb owns
 * the lines between its two markers; nothing between them was typed by hand.
 */
final class PerformancePage {
    private final String verb;
    private final List<String> lines = new ArrayList<>();

    PerformancePage(String verb) {
        this.verb = verb;
    }

    void print(String line) {
        System.out.println(line);
        lines.add(line);
    }

    /** Writes what was printed so far into the document. */
    void write() {
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
