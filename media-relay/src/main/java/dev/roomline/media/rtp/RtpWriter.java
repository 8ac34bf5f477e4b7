package dev.roomline.media.rtp;

import java.util.Objects;

/**
 * Writes an RTP header: {@link #start}, then CSRCs, then extension elements, then {@link #end},
 * which says where the payload goes. One instance serves a loop. Extension elements are written in
 * the one-byte form while ids and sizes allow it and the caller has not asked for two bytes (RFC
 * 8285 §4). Owner: the media loop.
 */
public final class RtpWriter {
    private byte[] buffer = new byte[0];
    private int start;
    private int at;
    private int extensionStart;
    private boolean twoByte;

    /** Begins a packet with elements in the one-byte form. */
    public RtpWriter start(
            byte[] out,
            int offset,
            boolean marker,
            int payloadType,
            int sequence,
            int timestamp,
            int ssrc) {
        Objects.checkFromIndexSize(offset, RtpPacket.FIXED_HEADER, out.length);
        buffer = out;
        start = offset;
        extensionStart = -1;
        twoByte = false;
        out[offset] = (byte) 0x80;
        out[offset + 1] = (byte) ((payloadType & 0x7F) | (marker ? 0x80 : 0));
        Octets.putU16(out, offset + 2, sequence);
        Octets.putI32(out, offset + 4, timestamp);
        Octets.putI32(out, offset + 8, ssrc);
        at = offset + RtpPacket.FIXED_HEADER;
        return this;
    }

    /** Switches to the two-byte form; before the first element. */
    public RtpWriter twoByteExtensions() {
        if (extensionStart >= 0) {
            throw new IllegalStateException("elements have been written in the one-byte form");
        }
        twoByte = true;
        return this;
    }

    /** Adds a contributing source; before extensions, at most 15. */
    public RtpWriter csrc(int csrc) {
        int count = buffer[start] & 0x0F;
        if (extensionStart >= 0 || count == 15) {
            throw new IllegalStateException("no CSRC may follow here");
        }
        Octets.putI32(buffer, at, csrc);
        at += 4;
        buffer[start]++;
        return this;
    }

    /** Adds an element with data copied from an array. */
    public RtpWriter extension(int id, byte[] data, int offset, int length) {
        head(id, length);
        System.arraycopy(data, offset, buffer, at, length);
        at += length;
        return this;
    }

    /** Adds the client-to-mixer audio level (RFC 6464 §3). */
    public RtpWriter audioLevel(int id, boolean voiced, int levelDbov) {
        head(id, 1);
        buffer[at++] = AudioLevelExtension.encode(voiced, levelDbov);
        return this;
    }

    /** Adds the MID (RFC 9143 §15.1): the ASCII octets of the media identification tag. */
    public RtpWriter mid(int id, byte[] mid) {
        return extension(id, mid, 0, mid.length);
    }

    private void head(int id, int length) {
        if (extensionStart < 0) {
            extensionStart = at;
            buffer[start] |= 0x10;
            at += 4;
        }
        if (twoByte) {
            Objects.checkIndex(id - 1, 255);
            Objects.checkIndex(length, 256);
            buffer[at++] = (byte) id;
            buffer[at++] = (byte) length;
        } else {
            Objects.checkIndex(id - 1, 14);
            Objects.checkIndex(length - 1, 16);
            buffer[at++] = (byte) (id << 4 | (length - 1));
        }
    }

    /**
     * Ends the header.
     *
     * @return the offset in the array where the payload begins
     */
    public int end() {
        if (extensionStart >= 0) {
            while ((at - extensionStart & 3) != 0) {
                buffer[at++] = 0;
            }
            Octets.putU16(buffer, extensionStart, twoByte ? 0x1000 : 0xBEDE);
            Octets.putU16(buffer, extensionStart + 2, (at - extensionStart) / 4 - 1);
        }
        return at;
    }
}
