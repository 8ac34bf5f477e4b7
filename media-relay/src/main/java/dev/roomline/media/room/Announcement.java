package dev.roomline.media.room;

import dev.roomline.media.leg.Voice;
import java.util.Arrays;

/** Recorded sound that a room plays, 20 ms at a time. Owner: the room. */
final class Announcement {
    private final short[] samples;
    private final short[] frame = new short[Voice.NARROW];
    private final Voice voice = new Voice();
    private int at;

    /**
     * @param samples 8 kHz
     */
    Announcement(short[] samples) {
        this.samples = samples;
        voice.add(frame);
    }

    /** The next 20 ms; behind the end there is silence. Valid until asked again. */
    Voice next() {
        int length = Math.min(frame.length, samples.length - at);
        System.arraycopy(samples, at, frame, 0, length);
        Arrays.fill(frame, length, frame.length, (short) 0);
        at += length;
        return voice;
    }

    boolean isOver() {
        return at >= samples.length;
    }
}
