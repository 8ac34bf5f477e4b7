package dev.roomline.media.jitter;

/** The figures behind a {@link JitterReport}. Owner: its {@link JitterBuffer}. */
final class JitterCounts {
    long played;
    long concealed;
    long recovered;
    long lost;
    long overflows;
    long invalid;
    long stretched;
    long compressed;

    JitterReport report(
            long accepted, long late, long duplicates, int delayMillis, int targetMillis) {
        return new JitterReport(
                played,
                concealed,
                played == 0 ? 0 : Math.clamp((double) concealed / played, 0, 1),
                recovered,
                delayMillis,
                targetMillis,
                accepted,
                late,
                Math.max(0, lost),
                duplicates,
                overflows,
                invalid,
                stretched,
                compressed);
    }
}
