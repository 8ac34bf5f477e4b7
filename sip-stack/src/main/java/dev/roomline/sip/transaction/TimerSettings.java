package dev.roomline.sip.transaction;

/**
 * The three times that all others are made of (RFC 3261 §17.1.1.1, table 4).
 *
 * @param t1Nanos round trip estimate, 500 ms
 * @param t2Nanos longest interval between retransmissions of non-INVITEs and INVITE responses, 4 s
 * @param t4Nanos how long a message may stay in the network, 5 s
 */
public record TimerSettings(long t1Nanos, long t2Nanos, long t4Nanos) {
    public static final TimerSettings RFC3261 =
            new TimerSettings(500_000_000L, 4_000_000_000L, 5_000_000_000L);

    /** Timers B, F, H, J, L, M, and how long a 2xx waits for its ACK: 32 s. */
    public long patienceNanos() {
        return 64 * t1Nanos;
    }
}
