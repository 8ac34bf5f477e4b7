package dev.roomline.media.dtmf;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Presses keys one after another, stepped once each 20 ms: as telephone-event packets (RFC 4733
 * §2.5.1), one each step while a key is down, its last one three times, sound between them; or as
 * tones that {@link KeyTones} draws. Owner: the media loop of the leg.
 */
public final class DtmfSender {
    /** Keys that may wait. */
    public static final int MOST_WAITING = 256;

    private static final String KEYS = "0123456789*#ABCD";
    private static final int FRAME_MILLIS = 20;
    private static final int PAUSE_MILLIS = 500;
    private static final int END_PACKETS = 3;

    /** Ticks that the duration of one packet can tell. */
    private static final int MOST_TICKS = 0xFFFF;

    /** −10 dBm0, as phones send it. */
    private static final int VOLUME = 10;

    private record Press(int event, int toneFrames, int gapFrames) {}

    private final Deque<Press> waiting = new ArrayDeque<>();
    private int event;
    private int toneLeft;
    private int endsLeft;
    private int gapLeft;
    private int framesDown;
    private boolean first;
    private boolean down;

    /** It waits with sound: a {@code w}, and no gap of a key. */
    private boolean pausing;

    /**
     * @param keys of {@code 0-9 * # A-D}, and {@code w} for half a second of waiting
     * @return false if so many cannot wait; then none of them is pressed
     */
    public boolean press(String keys, int toneMillis, int gapMillis) {
        if (waiting.size() + keys.length() > MOST_WAITING) {
            return false;
        }
        for (int i = 0; i < keys.length(); i++) {
            char key = Character.toUpperCase(keys.charAt(i));
            int code = KEYS.indexOf(key);
            if (code >= 0) {
                waiting.add(new Press(code, frames(toneMillis), frames(gapMillis)));
            } else if (key == 'W') {
                waiting.add(new Press(-1, 0, frames(PAUSE_MILLIS)));
            }
        }
        return true;
    }

    private static int frames(int millis) {
        return Math.max(1, (millis + FRAME_MILLIS - 1) / FRAME_MILLIS);
    }

    /** Nothing is pressed and nothing waits: sound alone is sent. */
    public boolean idle() {
        return toneLeft == 0 && endsLeft == 0 && gapLeft == 0 && waiting.isEmpty();
    }

    /** 20 ms later. Whether a key's packet goes in the place of the sound. */
    public boolean step() {
        first = false;
        down = false;
        if (endsLeft > 0) {
            endsLeft--;
            gapLeft = Math.max(0, gapLeft - 1);
            return true;
        }
        if (toneLeft == 0 && gapLeft > 0) {
            gapLeft--;
            return false;
        }
        if (toneLeft == 0 && !begin()) {
            return false;
        }
        down = true;
        framesDown++;
        if (--toneLeft == 0) {
            endsLeft = END_PACKETS - 1;
        }
        return true;
    }

    /** The next key; false where there is none, or a pause begins. */
    private boolean begin() {
        Press next = waiting.poll();
        if (next == null) {
            return false;
        }
        gapLeft = next.gapFrames();
        pausing = next.event() < 0;
        if (pausing) {
            gapLeft--;
            return false;
        }
        event = next.event();
        toneLeft = next.toneFrames();
        framesDown = 0;
        first = true;
        return true;
    }

    /** Of the packet of this step: a new key. */
    public boolean first() {
        return first;
    }

    /** In this step a key is down; what else is sent of it repeats its end. */
    public boolean down() {
        return down;
    }

    /** This step is the key's last. */
    public boolean last() {
        return down && toneLeft == 0;
    }

    /** In this step a key is down, or rests before the next: no sound may be taken for one. */
    public boolean hushes() {
        return down || (!pausing && (endsLeft > 0 || gapLeft > 0));
    }

    /** Which key this step is of: 0 to 15, as RFC 4733 numbers them. */
    public int event() {
        return event;
    }

    /**
     * Where in its key's time, in ticks, the segment begins that this step's packet is of
     * (§2.5.1.3): a duration has room for eight seconds at 8 kHz, and for 1.4 at 48.
     */
    public int segmentTicks(int clockRate) {
        return segment(clockRate) * MOST_TICKS;
    }

    private int segment(int clockRate) {
        return (framesDown * ticks(clockRate) - 1) / MOST_TICKS;
    }

    private static int ticks(int clockRate) {
        return FRAME_MILLIS * (clockRate / 1_000);
    }

    /**
     * Writes the packet's payload.
     *
     * @param clockRate of the events in Hz
     * @return its length
     */
    public int write(byte[] out, int offset, int clockRate) {
        boolean end = toneLeft == 0;
        int duration = framesDown * ticks(clockRate) - segmentTicks(clockRate);
        if (!end && duration + ticks(clockRate) > MOST_TICKS) {
            // the segment's last packet: the key stays down at least until then
            duration = MOST_TICKS;
        }
        out[offset] = (byte) event;
        out[offset + 1] = (byte) ((end ? 0x80 : 0) | VOLUME);
        out[offset + 2] = (byte) (duration >> 8);
        out[offset + 3] = (byte) duration;
        return 4;
    }
}
