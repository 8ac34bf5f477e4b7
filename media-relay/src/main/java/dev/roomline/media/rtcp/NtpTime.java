package dev.roomline.media.rtcp;

/**
 * NTP time stamps (RFC 3550 §4). The relay has one clock without calendar; its origin is mapped
 * once to the calendar, so NTP times never step.
 */
public final class NtpTime {
    private static final long EPOCH_SECONDS = 2_208_988_800L;
    private static final long SECOND = 1_000_000_000L;

    private NtpTime() {}

    /**
     * @param wallNanos nanoseconds since 1970 that belong to the moment
     */
    public static long of(long wallNanos) {
        long seconds = Math.floorDiv(wallNanos, SECOND);
        long nanos = Math.floorMod(wallNanos, SECOND);
        return (seconds + EPOCH_SECONDS) << 32 | ((nanos << 32) / SECOND);
    }

    /** The middle 32 bits, as LSR carries them. */
    public static int compact(long ntp) {
        return (int) (ntp >>> 16);
    }

    /** A span in 1/65536 s, as DLSR carries it. */
    public static long compactSpan(long nanos) {
        return (nanos << 16) / SECOND;
    }

    /** The span that a DLSR says, in nanoseconds. */
    public static long nanosOfCompactSpan(long span) {
        return (span * SECOND) >> 16;
    }
}
