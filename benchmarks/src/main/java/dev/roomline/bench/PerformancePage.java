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
        String text = document();
        String begin = begin(verb);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end(verb));
        if (to < from) {
            throw new IllegalStateException(path() + " has no place for " + verb);
        }
        try {
            Files.writeString(
                    path(),
                    text.substring(0, from)
                            + "\n"
                            + String.join("\n", lines)
                            + "\n\n"
                            + text.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the document holds of a verb; nothing if it has no place for it. */
    static List<String> recorded(String verb) {
        String text = document();
        int from = text.indexOf(begin(verb));
        int to = text.indexOf(end(verb));
        return from < 0 || to < from ? List.of() : text.substring(from, to).lines().toList();
    }

    private static String begin(String verb) {
        return "<!-- " + verb + ": begin -->\n";
    }

    private static String end(String verb) {
        return "<!-- " + verb + ": end -->";
    }

    private static Path path() {
        return Workspace.root().resolve("docs/performance.md");
    }

    private static String document() {
        try {
            return Files.readString(path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
