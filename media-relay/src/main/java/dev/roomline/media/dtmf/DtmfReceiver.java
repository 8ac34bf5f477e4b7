package dev.roomline.media.dtmf;

/**
 * Makes digits of telephone-event packets (RFC 4733 §2.5.2): one per event, however often its parts
 * are sent. An event is known by its SSRC and timestamp (§2.5.1.2). Owner: the media loop of the
 * leg.
 */
public final class DtmfReceiver {
    private static final String DIGITS = "0123456789*#ABCD";

    /** §2.5.2.2: three packetization intervals, generously: some phones repeat every 50 ms. */
    private static final long SILENCE_NANOS = 250_000_000L;

    /** Ended events remembered, for their late duplicates. */
    private static final int REMEMBERED = 4;

    private final int clockRate;
    private final DtmfListener listener;
    private boolean open;
    private int openSsrc;
    private int openTimestamp;
    private int openEvent;
    private long openDuration;
    private long lastSegment;
    private long deadlineNanos = Long.MAX_VALUE;
    private final long[] ended = new long[REMEMBERED];
    private int endedCount;

    /**
     * @param clockRate of the telephone-event payload type in Hz, 8000 or 48000
     */
    public DtmfReceiver(int clockRate, DtmfListener listener) {
        this.clockRate = clockRate;
        this.listener = listener;
    }

    /**
     * Takes one telephone-event payload.
     *
     * @param marker of the RTP header: a new event begins
     * @return false if it is malformed or no DTMF event (0 to 15)
     */
    public boolean handle(
            int ssrc,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        if (length < 4) {
            return false;
        }
        int event = payload[offset] & 0xFF;
        if (event >= DIGITS.length()) {
            return false;
        }
        advance(nowNanos);
        boolean end = (payload[offset + 1] & 0x80) != 0;
        int duration = (payload[offset + 2] & 0xFF) << 8 | (payload[offset + 3] & 0xFF);
        if (open && !isOpen(ssrc, timestamp, event)) {
            if (!marker && isSegment(ssrc, timestamp, event)) {
                // it begins where the one before ended, whether that was heard to its end or not
                lastSegment += timestamp - openTimestamp;
                openTimestamp = timestamp;
                openDuration = Math.max(openDuration, lastSegment);
            } else if (isEnded(ssrc, timestamp) || isBefore(ssrc, timestamp)) {
                return true;
            } else {
                finish();
            }
        }
        if (!open) {
            if (isEnded(ssrc, timestamp)) {
                return true;
            }
            begin(ssrc, timestamp, event);
        }
        openDuration = Math.max(openDuration, lastSegment + duration);
        deadlineNanos = nowNanos + SILENCE_NANOS;
        if (end) {
            finish();
        }
        return true;
    }

    private boolean isOpen(int ssrc, int timestamp, int event) {
        return ssrc == openSsrc && timestamp == openTimestamp && event == openEvent;
    }

    /** A packet of an earlier event that was overtaken. */
    private boolean isBefore(int ssrc, int timestamp) {
        return ssrc == openSsrc && timestamp - openTimestamp < 0;
    }

    /**
     * §2.5.1.3: a press longer than 65535 ticks goes on as a new segment, whose timestamp is where
     * the one before ended, and which has no marker.
     */
    private boolean isSegment(int ssrc, int timestamp, int event) {
        long segment = openDuration - lastSegment;
        return ssrc == openSsrc
                && event == openEvent
                && segment > 0xFFFF - clockRate / 5
                && Math.abs(timestamp - openTimestamp - segment) <= clockRate / 5;
    }

    private void begin(int ssrc, int timestamp, int event) {
        open = true;
        openSsrc = ssrc;
        openTimestamp = timestamp;
        openEvent = event;
        openDuration = 0;
        lastSegment = 0;
    }

    private void finish() {
        open = false;
        deadlineNanos = Long.MAX_VALUE;
        ended[endedCount++ % REMEMBERED] = key(openSsrc, openTimestamp);
        listener.onDigit(DIGITS.charAt(openEvent), (int) (openDuration * 1_000 / clockRate));
    }

    private boolean isEnded(int ssrc, int timestamp) {
        long key = key(ssrc, timestamp);
        for (int i = 0; i < Math.min(endedCount, REMEMBERED); i++) {
            if (ended[i] == key) {
                return true;
            }
        }
        return false;
    }

    private static long key(int ssrc, int timestamp) {
        return (long) ssrc << 32 | (timestamp & 0xFFFF_FFFFL);
    }

    /** Ends an event whose end packets were lost; to be called when the deadline has passed. */
    public void advance(long nowNanos) {
        if (open && nowNanos >= deadlineNanos) {
            finish();
        }
    }

    /** When {@link #advance} is due; {@link Long#MAX_VALUE} while no event is open. */
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** Whether an event is open: the leg's sound is replaced by silence meanwhile. */
    public boolean isActive() {
        return open;
    }
}
