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
            int perMilli,
            long accepted,
            long late,
            long duplicates,
            int delayMillis,
            int targetMillis) {
        int wide = JitterReport.PER_MILLI / perMilli;
        return new JitterReport(
                wide * played,
                wide * concealed,
                played == 0 ? 0 : Math.clamp((double) concealed / played, 0, 1),
                wide * recovered,
                delayMillis,
                targetMillis,
                accepted,
                late,
                Math.max(0, lost),
                duplicates,
                overflows,
                invalid,
                wide * stretched,
                wide * compressed);
    }
}
