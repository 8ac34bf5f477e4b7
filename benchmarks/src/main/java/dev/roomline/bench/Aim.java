package dev.roomline.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A figure that is to be reached, and what was found. Its line in {@code docs/performance.md} is
 * what the table of all aims is made of.
 *
 * @param work what was measured
 * @param wanted the bound, in words
 * @param found the figure, with least and greatest where there are several
 */
record Aim(String work, String wanted, String found, Verdict verdict) {
    private static final Pattern LINE =
            Pattern.compile("- (reached|NOT REACHED|no verdict) – (.+?): (.+) \\(aim: (.+)\\)");

    /** What became of it. */
    enum Verdict {
        REACHED("reached"),
        NOT_REACHED("NOT REACHED"),
        /** Something else that belongs to it was not right, so that the figure means nothing. */
        NONE("no verdict");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        static Verdict of(boolean reached) {
            return reached ? REACHED : NOT_REACHED;
        }

        private static Verdict named(String words) {
            for (Verdict verdict : values()) {
                if (verdict.words.equals(words)) {
                    return verdict;
                }
            }
            throw new IllegalArgumentException(words);
        }
    }

    /** A ratio whose median must not be above a bound. */
    static Aim ratio(String work, Spread ratio, double most) {
        return atMost(work, ratio, 2, most, "");
    }

    /**
     * A figure whose median must not be above a bound.
     *
     * @param unit as it is written behind it, with its space
     */
    static Aim atMost(String work, Spread figure, int decimals, double most, String unit) {
        return new Aim(
                work,
                "≤ " + plain(most) + unit,
                figure.text(decimals) + unit,
                Verdict.of(figure.count() > 0 && figure.median() <= most));
    }

    /** Without zeros behind. */
    private static String plain(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
    }

    /** The same with more said of what was found. */
    Aim adding(String words) {
        return new Aim(work, wanted, found + words, verdict);
    }

    /** The same without a verdict where a condition of it does not hold. */
    Aim providedThat(boolean holds, String condition) {
        if (holds) {
            return this;
        }
        Verdict left = verdict == Verdict.REACHED ? Verdict.NONE : verdict;
        return new Aim(work, wanted, found + "; and it does not hold that " + condition, left);
    }

    boolean isReached() {
        return verdict == Verdict.REACHED;
    }

    /** Its line. */
    String line() {
        return "- %s – %s: %s (aim: %s)".formatted(verdict.words, work, found, wanted);
    }

    /** Reads a line; null if it is of something else. */
    static @Nullable Aim read(String line) {
        Matcher parts = LINE.matcher(line);
        return parts.matches()
                ? new Aim(
                        parts.group(2),
                        parts.group(4),
                        parts.group(3),
                        Verdict.named(parts.group(1)))
                : null;
    }

    /** Its row in the table of all. */
    String row() {
        return "| %s | %s | %s | %s |"
                .formatted(
                        work,
                        wanted,
                        found,
                        verdict == Verdict.NOT_REACHED ? "**not reached**" : verdict.words);
    }
}
