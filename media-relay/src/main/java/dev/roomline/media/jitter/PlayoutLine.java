package dev.roomline.media.jitter;

/**
 * Sound at 16 kHz that is about to be played, with what was just played before it, and for every
 * sample what it is made of. Owner: its {@link JitterBuffer}.
 */
final class PlayoutLine {
    /** Samples kept behind the head: 60 ms. */
    static final int HISTORY = 960;

    private static final int CAPACITY = 8_192;

    final short[] pcm = new short[CAPACITY];
    private final Playout[] kinds = new Playout[CAPACITY];
    private int head = HISTORY;
    private int end = HISTORY;

    PlayoutLine() {
        java.util.Arrays.fill(kinds, Playout.SILENCE);
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
        if (end + samples > CAPACITY) {
            int from = head - HISTORY;
            System.arraycopy(pcm, from, pcm, 0, end - from);
            System.arraycopy(kinds, from, kinds, 0, end - from);
            head -= from;
            end -= from;
        }
        return end;
    }

    /** Takes what was written behind the end. */
    void commit(int samples, Playout kind) {
        java.util.Arrays.fill(kinds, end, end + samples, kind);
        end += samples;
    }

    /** Removes samples that were committed, from a place to the end of them. */
    void cut(int at, int samples) {
        System.arraycopy(pcm, at + samples, pcm, at, end - at - samples);
        System.arraycopy(kinds, at + samples, kinds, at, end - at - samples);
        end -= samples;
    }

    /** Moves the head forward over samples that are not to be played, and the history with it. */
    void skip(int samples) {
        System.arraycopy(pcm, head - HISTORY, pcm, head - HISTORY + samples, HISTORY);
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
        int speech = 0;
        int concealed = 0;
        int noise = 0;
        for (int i = head; i < head + samples; i++) {
            switch (kinds[i]) {
                case SPEECH -> speech++;
                case CONCEALED -> concealed++;
                case COMFORT_NOISE -> noise++;
                case SILENCE -> {}
            }
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
        return most == noise ? Playout.COMFORT_NOISE : Playout.SILENCE;
    }

    /** Drops what is about to be played. */
    void clear() {
        end = head;
    }
}
