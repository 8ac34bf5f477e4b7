package dev.roomline.media.rtp;

import org.jspecify.annotations.Nullable;

/**
 * A view over one RTP packet in a byte array, to be read and changed in place (RFC 3550 §5.1). One
 * instance serves all packets of a loop: {@link #wrap} points it at the next one. After a refusal
 * the accessors must not be used. Owner: the media loop.
 */
public final class RtpPacket {
    /** Octets of the fixed header. */
    public static final int FIXED_HEADER = 12;

    private static final int ONE_BYTE_PROFILE = 0xBEDE;
    private static final int TWO_BYTE_PROFILE = 0x1000;

    private byte[] buffer = new byte[0];
    private int start;
    private int csrcCount;
    private int extensionAt;
    private int extensionLength;
    private int payloadAt;
    private int payloadLength;
    private int paddingLength;

    /**
     * Points this view at a packet after checking every bound.
     *
     * @return null if it is an RTP packet, else what is wrong with it
     */
    public @Nullable RtpMalformed wrap(byte[] data, int offset, int length) {
        if (length < FIXED_HEADER) {
            return RtpMalformed.TOO_SHORT;
        }
        int first = data[offset] & 0xFF;
        if (first >>> 6 != 2) {
            return RtpMalformed.WRONG_VERSION;
        }
        int end = offset + length;
        int csrcs = first & 0x0F;
        int at = offset + FIXED_HEADER + 4 * csrcs;
        if (at > end) {
            return RtpMalformed.CSRC_OVERRUN;
        }
        int extAt = 0;
        int extLength = 0;
        if ((first & 0x10) != 0) {
            if (at + 4 > end) {
                return RtpMalformed.EXTENSION_OVERRUN;
            }
            extAt = at + 4;
            extLength = 4 * Octets.u16(data, at + 2);
            at = extAt + extLength;
            if (at > end) {
                return RtpMalformed.EXTENSION_OVERRUN;
            }
        }
        int padding = 0;
        if ((first & 0x20) != 0) {
            padding = at < end ? data[end - 1] & 0xFF : 0;
            if (padding == 0 || at + padding > end) {
                return RtpMalformed.BAD_PADDING;
            }
        }
        buffer = data;
        start = offset;
        csrcCount = csrcs;
        extensionAt = extAt;
        extensionLength = extLength;
        payloadAt = at;
        payloadLength = end - at - padding;
        paddingLength = padding;
        return null;
    }

    /** The array that holds the packet. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the packet begins in {@link #buffer}. */
    public int offset() {
        return start;
    }

    /** Octets of the whole packet, padding included. */
    public int length() {
        return payloadAt - start + payloadLength + paddingLength;
    }

    public boolean marker() {
        return (buffer[start + 1] & 0x80) != 0;
    }

    public void setMarker(boolean marker) {
        buffer[start + 1] = (byte) ((buffer[start + 1] & 0x7F) | (marker ? 0x80 : 0));
    }

    /** 0 to 127. */
    public int payloadType() {
        return buffer[start + 1] & 0x7F;
    }

    public void setPayloadType(int payloadType) {
        buffer[start + 1] = (byte) ((buffer[start + 1] & 0x80) | (payloadType & 0x7F));
    }

    /** 0 to 65535. */
    public int sequence() {
        return Octets.u16(buffer, start + 2);
    }

    public void setSequence(int sequence) {
        Octets.putU16(buffer, start + 2, sequence);
    }

    /** The 32 bits as they are; compare only by difference. */
    public int timestamp() {
        return Octets.i32(buffer, start + 4);
    }

    public void setTimestamp(int timestamp) {
        Octets.putI32(buffer, start + 4, timestamp);
    }

    public int ssrc() {
        return Octets.i32(buffer, start + 8);
    }

    public void setSsrc(int ssrc) {
        Octets.putI32(buffer, start + 8, ssrc);
    }

    /** 0 to 15. */
    public int csrcCount() {
        return csrcCount;
    }

    /**
     * @param index less than {@link #csrcCount}
     */
    public int csrc(int index) {
        return Octets.i32(buffer, start + FIXED_HEADER + 4 * index);
    }

    /** Where the payload begins in {@link #buffer}. */
    public int payloadOffset() {
        return payloadAt;
    }

    /** Octets of payload, without padding; may be 0. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Octets of padding, its count included. */
    public int paddingLength() {
        return paddingLength;
    }

    /** Whether the header extension bit is set. */
    public boolean hasExtension() {
        return extensionAt != 0;
    }

    /** The 16 bits "defined by profile" of the extension; 0 without one. */
    public int extensionProfile() {
        return extensionAt == 0 ? 0 : Octets.u16(buffer, extensionAt - 4);
    }

    /**
     * Finds an extension element by its negotiated id, in the one-byte or the two-byte form (RFC
     * 8285 §4.2, §4.3). Damaged elements end the search: those before them still count.
     *
     * @param id 1 to 14 in the one-byte form, 1 to 255 in the two-byte form
     * @return offset of the element's <em>data</em> in {@link #buffer}, or −1
     */
    public int extension(int id) {
        long found = find(id);
        return found < 0 ? -1 : (int) (found >>> 32);
    }

    /** Octets of an element's data, or −1 if it is absent; 0 is possible in the two-byte form. */
    public int extensionLength(int id) {
        long found = find(id);
        return found < 0 ? -1 : (int) found;
    }

    private long find(int id) {
        if (extensionAt == 0 || id <= 0) {
            return -1;
        }
        int profile = extensionProfile();
        if (profile == ONE_BYTE_PROFILE) {
            return findOneByte(id);
        }
        return (profile & 0xFFF0) == TWO_BYTE_PROFILE ? findTwoByte(id) : -1;
    }

    private long findOneByte(int id) {
        int at = extensionAt;
        int end = extensionAt + extensionLength;
        while (at < end) {
            int head = buffer[at] & 0xFF;
            if (head == 0) {
                at++;
                continue;
            }
            int elementId = head >>> 4;
            int size = (head & 0x0F) + 1;
            // RFC 8285 §4.2: id 15 ends the processing of the whole extension
            if (elementId == 15 || at + 1 + size > end) {
                return -1;
            }
            if (elementId == id) {
                return ((long) (at + 1) << 32) | size;
            }
            at += 1 + size;
        }
        return -1;
    }

    private long findTwoByte(int id) {
        int at = extensionAt;
        int end = extensionAt + extensionLength;
        while (at < end) {
            int elementId = buffer[at] & 0xFF;
            if (elementId == 0) {
                at++;
                continue;
            }
            if (at + 2 > end) {
                return -1;
            }
            int size = buffer[at + 1] & 0xFF;
            if (at + 2 + size > end) {
                return -1;
            }
            if (elementId == id) {
                return ((long) (at + 2) << 32) | size;
            }
            at += 2 + size;
        }
        return -1;
    }
}
