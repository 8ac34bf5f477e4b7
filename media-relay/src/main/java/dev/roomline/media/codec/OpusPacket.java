package dev.roomline.media.codec;

/**
 * What an Opus packet says of itself without being decoded (RFC 6716 §3). A view: {@link #parse}
 * points it at a packet. Owner: the media loop.
 */
public final class OpusPacket {
    /** §3.2.5, R5: no packet is longer than this at 48 kHz. */
    private static final int MAX_SAMPLES_48K = 5_760;

    private static final int MAX_FRAME_OCTETS = 1_275;

    private int toc;
    private int frames;
    private int firstFrameAt;
    private int firstFrameLength;
    private int length;
    private byte[] data = new byte[0];
    private int cursor;

    /** The coding mode of a configuration (§3.1, table 2). */
    public enum Mode {
        SILK,
        HYBRID,
        CELT
    }

    /** Checks a packet against the rules R1 to R7 of §3.4; false if it breaks one. */
    public boolean parse(byte[] payload, int offset, int octets) {
        if (octets < 1) {
            return false;
        }
        data = payload;
        length = octets;
        toc = payload[offset] & 0xFF;
        int end = offset + octets;
        cursor = offset + 1;
        boolean fits =
                switch (toc & 3) {
                    case 0 -> single(end);
                    case 1 -> pair(end);
                    case 2 -> unevenPair(end);
                    default -> many(end);
                };
        return fits
                && firstFrameLength <= MAX_FRAME_OCTETS
                && frames * frameSamples48k() <= MAX_SAMPLES_48K;
    }

    private boolean single(int end) {
        frames = 1;
        firstFrameAt = cursor;
        firstFrameLength = end - cursor;
        return true;
    }

    private boolean pair(int end) {
        frames = 2;
        firstFrameAt = cursor;
        firstFrameLength = (end - cursor) / 2;
        return (end - cursor) % 2 == 0;
    }

    private boolean unevenPair(int end) {
        frames = 2;
        firstFrameLength = frameLength(end);
        firstFrameAt = cursor;
        return firstFrameLength >= 0
                && cursor + firstFrameLength <= end
                && end - cursor - firstFrameLength <= MAX_FRAME_OCTETS;
    }

    private boolean many(int end) {
        if (cursor >= end) {
            return false;
        }
        int head = data[cursor++] & 0xFF;
        frames = head & 0x3F;
        if (frames == 0) {
            return false;
        }
        int last = (head & 0x40) == 0 ? end : skipPadding(end);
        if (last < cursor) {
            return false;
        }
        return (head & 0x80) == 0 ? equalFrames(last) : variableFrames(last);
    }

    /** §3.2.5: 255 stands for 254 octets and goes on. Returns the new end, or −1. */
    private int skipPadding(int end) {
        int last = end;
        while (cursor < end) {
            int count = data[cursor++] & 0xFF;
            last -= count == 255 ? 254 : count;
            if (count != 255) {
                return last;
            }
        }
        return -1;
    }

    private boolean equalFrames(int end) {
        firstFrameAt = cursor;
        firstFrameLength = (end - cursor) / frames;
        return (end - cursor) % frames == 0;
    }

    private boolean variableFrames(int end) {
        int sum = 0;
        for (int i = 0; i < frames - 1; i++) {
            int size = frameLength(end);
            if (size < 0) {
                return false;
            }
            if (i == 0) {
                firstFrameLength = size;
            }
            sum += size;
        }
        firstFrameAt = cursor;
        int rest = end - cursor - sum;
        if (frames == 1) {
            firstFrameLength = rest;
        }
        return rest >= 0 && rest <= MAX_FRAME_OCTETS;
    }

    /** §3.2.1: one or two octets; −1 if they are cut off. */
    private int frameLength(int end) {
        if (cursor >= end) {
            return -1;
        }
        int first = data[cursor++] & 0xFF;
        if (first < 252) {
            return first;
        }
        return cursor >= end ? -1 : first + 4 * (data[cursor++] & 0xFF);
    }

    /** 0 to 31 (§3.1). */
    public int config() {
        return toc >>> 3;
    }

    public Mode mode() {
        return modeOf(config());
    }

    private static Mode modeOf(int config) {
        return config < 12 ? Mode.SILK : config < 16 ? Mode.HYBRID : Mode.CELT;
    }

    /** 1 or 2. */
    public int channels() {
        return (toc & 4) == 0 ? 1 : 2;
    }

    public int frames() {
        return frames;
    }

    /** Samples of one frame at 48 kHz. */
    public int frameSamples48k() {
        return frameSamples48k(config());
    }

    private static int frameSamples48k(int config) {
        return switch (modeOf(config)) {
            case SILK -> (config & 3) == 3 ? 2_880 : 480 << (config & 3);
            case HYBRID -> (config & 1) == 0 ? 480 : 960;
            case CELT -> 120 << (config & 3);
        };
    }

    /** Samples of a whole packet at 48 kHz, by its first octets alone; 0 where it has none. */
    public static int samples48k(byte[] payload, int offset, int octets) {
        if (octets < 1) {
            return 0;
        }
        int head = payload[offset] & 0xFF;
        int count =
                switch (head & 3) {
                    case 0 -> 1;
                    case 1, 2 -> 2;
                    default -> octets < 2 ? 0 : payload[offset + 1] & 0x3F;
                };
        return Math.min(count * frameSamples48k(head >>> 3), MAX_SAMPLES_48K);
    }

    /** Samples of the whole packet at 48 kHz: its span in RTP timestamps (RFC 7587 §4.1). */
    public int samples48k() {
        return frames * frameSamples48k();
    }

    /** Whether it only says that nothing is said: the packet that begins a DTX pause. */
    public boolean isDtx() {
        return length <= 2;
    }

    /**
     * Whether it carries the frame before it once more (LBRR, RFC 6716 §4.2.4). The flag follows
     * one voice-activity flag per 20 ms at the head of the first SILK frame; these bits are coded
     * evenly, so they can be read without the range decoder (§4.2.3).
     */
    public boolean hasFec() {
        if (mode() == Mode.CELT || firstFrameLength == 0) {
            return false;
        }
        int silkFrames = Math.max(1, frameSamples48k() / 960);
        int head = data[firstFrameAt] & 0xFF;
        boolean mid = (head >>> (7 - silkFrames) & 1) != 0;
        if (channels() == 1) {
            return mid;
        }
        return mid || (head >>> (6 - 2 * silkFrames) & 1) != 0;
    }
}
