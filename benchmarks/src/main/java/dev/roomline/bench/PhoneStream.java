package dev.roomline.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one phone, whatever it is carried by: a payload each 20 ms, and the count of what
 * comes back. Owner: its {@link Crowd} or {@link PhoneLoop}; its counts may be read from any thread
 * and are then a little old.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
class PhoneStream {
    static final long PTIME_NANOS = 20_000_000L;
    private static final int HEADER = 12;
    private static final long LATE_NANOS = 20_000_000L;

    /** Takes what a phone hears, where somebody wants more than its counts. */
    interface Ear {
        void heard(ByteBuffer packet, long nowNanos);
    }

    /** Is told when a payload leaves. */
    interface Sending {
        void sent(int frame, long nowNanos);
    }

    /** Set before its loop has it. */
    Sending sending = (_, _) -> {};

    final Speech.Payloads says;
    private final int ssrc;
    private final Ear ear;
    private int at;
    private int sequence;
    private int timestamp;
    private @Nullable InetSocketAddress remote;

    volatile long sent;
    volatile long received;
    volatile long lost;
    volatile long outOfOrder;
    volatile long longestGapNanos;

    /**
     * Those that came more than 20 ms later, by their timestamps, than the fastest of them (RFC
     * 3550 §6.4.1: the difference of their transit times).
     */
    volatile long receivedLate;

    private long lastNanos;
    private int firstTimestamp;
    private long fastestNanos;
    private int highest;
    private int heardSsrc;
    private boolean heardAny;
    private boolean started;
    private volatile boolean forgetting;

    /**
     * @param offset where in its payloads it begins, so that phones do not speak in unison
     */
    PhoneStream(Speech.Payloads says, int offset, int ssrc, Ear ear) {
        this.says = says;
        this.at = Math.floorMod(offset, says.frames().length);
        this.ssrc = ssrc;
        this.sequence = ssrc & 0x7fff;
        this.timestamp = ssrc * 31;
        this.ear = ear;
    }

    /** Where it sends to, and whom alone it hears. Before it is given to its loop. */
    void connect(InetSocketAddress to) {
        remote = to;
    }

    /** Where it sends to; null while it has no call. */
    @Nullable InetSocketAddress remote() {
        return remote;
    }

    /** Forgets what was counted, at its next turn. Any thread. */
    void forget() {
        forgetting = true;
    }

    private void forgetNow() {
        forgetting = false;
        sent = 0;
        received = 0;
        lost = 0;
        outOfOrder = 0;
        longestGapNanos = 0;
        receivedLate = 0;
        heardAny = false;
    }

    /**
     * Writes its next packet.
     *
     * @param packet room for it, from its position on
     */
    final void speak(ByteBuffer packet, long nowNanos) {
        if (forgetting) {
            forgetNow();
        }
        boolean isFirst = !started;
        started = true;
        packet.put((byte) 0x80)
                .put((byte) (isFirst ? says.type() | 0x80 : says.type()))
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc)
                .put(says.frames()[at]);
        sequence++;
        timestamp += says.timestampStep();
        sending.sent(at, nowNanos);
        sent++;
        at = at + 1 == says.frames().length ? 0 : at + 1;
    }

    /** Takes a packet that came for it. */
    final void hear(ByteBuffer packet, long nowNanos) {
        if (packet.limit() >= HEADER) {
            heard(packet, nowNanos);
        }
    }

    private void heard(ByteBuffer packet, long nowNanos) {
        int number = packet.getShort(2) & 0xffff;
        int source = packet.getInt(8);
        received++;
        if (heardAny && source == heardSsrc) {
            longestGapNanos = Math.max(longestGapNanos, nowNanos - lastNanos);
            int step = (short) (number - highest);
            if (step > 0) {
                lost += step - 1;
                highest = number;
            } else {
                outOfOrder++;
                lost -= step < 0 && lost > 0 ? 1 : 0;
            }
        } else {
            highest = number;
            heardSsrc = source;
            heardAny = true;
            firstTimestamp = packet.getInt(4);
            fastestNanos = nowNanos;
        }
        int spoken = packet.getInt(4) - firstTimestamp;
        long transit = nowNanos - spoken * PTIME_NANOS / says.timestampStep();
        fastestNanos = Math.min(fastestNanos, transit);
        receivedLate += transit - fastestNanos > LATE_NANOS ? 1 : 0;
        lastNanos = nowNanos;
        ear.heard(packet, nowNanos);
    }
}
