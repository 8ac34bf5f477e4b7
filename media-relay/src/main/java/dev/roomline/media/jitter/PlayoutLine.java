package dev.roomline.media.jitter;

import java.util.Arrays;

/**
 * Sound at one rate that is about to be played, with what was just played before it, and for every
 * sample what it is made of. Owner: its {@link JitterBuffer}.
 */
final class PlayoutLine {
    private static final int CAPACITY_MILLIS = 512;
    private static final byte SILENCE = 0;
    private static final byte SPEECH = 1;
    private static final byte CONCEALED = 2;
    private static final byte COMFORT_NOISE = 3;
    private static final Playout[] BY_OCTET = {
        Playout.SILENCE, Playout.SPEECH, Playout.CONCEALED, Playout.COMFORT_NOISE
    };

    /** Samples kept behind the head: 60 ms. */
    final int history;

    final short[] pcm;

    /** Octets: a line of references would be eight times as long. */
    private final byte[] kinds;

    private int head;
    private int end;

    /**
     * @param perMilli samples per millisecond
     */
    PlayoutLine(int perMilli) {
        history = 60 * perMilli;
        pcm = new short[CAPACITY_MILLIS * perMilli];
        kinds = new byte[pcm.length];
        head = history;
        end = history;
    }

    int head() {
        return head;
    }

    int end() {
        return end;
    }

    int available() {
        return end - head;
    }

    /** Makes room behind the end; returns where. */
    int reserve(int samples) {
        if (end + samples > pcm.length) {
            int from = head - history;
            System.arraycopy(pcm, from, pcm, 0, end - from);
            System.arraycopy(kinds, from, kinds, 0, end - from);
            head -= from;
            end -= from;
        }
        return end;
    }

    /** Takes what was written behind the end. */
    void commit(int samples, Playout kind) {
        Arrays.fill(kinds, end, end + samples, octet(kind));
        end += samples;
    }

    private static byte octet(Playout kind) {
        return switch (kind) {
            case SPEECH -> SPEECH;
            case CONCEALED -> CONCEALED;
            case COMFORT_NOISE -> COMFORT_NOISE;
            case SILENCE -> SILENCE;
        };
    }

    /** Removes samples that were committed, from a place to the end of them. */
    void cut(int at, int samples) {
        System.arraycopy(pcm, at + samples, pcm, at, end - at - samples);
        System.arraycopy(kinds, at + samples, kinds, at, end - at - samples);
        end -= samples;
    }

    /** Moves the head forward over samples that are not to be played, and the history with it. */
    void skip(int samples) {
        System.arraycopy(pcm, head - history, pcm, head - history + samples, history);
        head += samples;
    }

    /** Opens a hole of this size at the head's distance; the samples there are to be written. */
    void insertAtHead(int samples) {
        reserve(samples);
        System.arraycopy(pcm, head, pcm, head + samples, end - head);
        System.arraycopy(kinds, head, kinds, head + samples, end - head);
        end += samples;
    }

    /** Plays one frame; what most of it is made of. */
    Playout play(short[] out, int samples) {
        System.arraycopy(pcm, head, out, 0, samples);
        // mostly all of it is of one kind
        if (Arrays.mismatch(kinds, head, head + samples - 1, kinds, head + 1, head + samples) < 0) {
            Playout kind = BY_OCTET[kinds[head]];
            head += samples;
            return kind;
        }
        int speech = 0;
        int concealed = 0;
        int noise = 0;
        for (int i = head; i < head + samples; i++) {
            speech += kinds[i] == SPEECH ? 1 : 0;
            concealed += kinds[i] == CONCEALED ? 1 : 0;
            noise += kinds[i] == COMFORT_NOISE ? 1 : 0;
        }
        head += samples;
        int silence = samples - speech - concealed - noise;
        int most = Math.max(Math.max(speech, concealed), Math.max(noise, silence));
        if (most == speech) {
            return Playout.SPEECH;
        }
        if (most == concealed) {
            return Playout.CONCEALED;
        }
        if (most == noise) {
            return Playout.COMFORT_NOISE;
        }
        // a beginning, however short, is to be heard
        return speech > 0 ? Playout.SPEECH : Playout.SILENCE;
    }

    /** Drops what is about to be played. */
    void clear() {
        end = head;
    }
}
