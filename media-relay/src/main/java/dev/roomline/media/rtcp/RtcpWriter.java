package dev.roomline.media.rtcp;

import dev.roomline.media.rtp.Octets;

/**
 * Writes compound RTCP: {@link #start}, a report first (RFC 3550 §6.1), then the others, then
 * {@link #end}. The caller gives a buffer with room (an SR with one block, CNAME and BYE take under
 * 200 octets). Owner: the media loop.
 */
public final class RtcpWriter {
    private byte[] buffer = new byte[0];
    private int start;
    private int packetAt;
    private int at;

    public RtcpWriter start(byte[] out, int offset) {
        buffer = out;
        start = offset;
        packetAt = offset;
        at = offset;
        return this;
    }

    /**
     * Begins a sender report; blocks may follow.
     *
     * @param ntp 64 bits of NTP time, see {@link NtpTime}
     * @param rtpTimestamp the stream's clock at that moment
     */
    public RtcpWriter senderReport(
            int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
        open(RtcpParser.SR, 0, ssrc);
        put((int) (ntp >>> 32));
        put((int) ntp);
        put(rtpTimestamp);
        put((int) packets);
        put((int) octets);
        return close();
    }

    /** Begins a receiver report; blocks may follow. */
    public RtcpWriter receiverReport(int ssrc) {
        open(RtcpParser.RR, 0, ssrc);
        return close();
    }

    /** Adds a block to the report just begun; at most 31. */
    public RtcpWriter reportBlock(
            int source,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {
        if ((buffer[packetAt] & 0x1F) == 31) {
            throw new IllegalStateException("a report has at most 31 blocks");
        }
        buffer[packetAt]++;
        put(source);
        put(fractionLost << 24 | (cumulativeLost & 0xFF_FFFF));
        put((int) highestSequence);
        put((int) jitter);
        put(lastSr);
        put((int) delaySinceLastSr);
        return close();
    }

    /** Adds the source description that every compound needs (RFC 3550 §6.5.1). */
    public RtcpWriter cname(int ssrc, byte[] cname) {
        if (cname.length > 255) {
            throw new IllegalArgumentException("a CNAME has at most 255 octets");
        }
        open(RtcpParser.SDES, 1, ssrc);
        buffer[at++] = 1;
        buffer[at++] = (byte) cname.length;
        System.arraycopy(cname, 0, buffer, at, cname.length);
        at += cname.length;
        do {
            buffer[at++] = 0;
        } while ((at - packetAt & 3) != 0);
        return close();
    }

    /** Adds a goodbye. */
    public RtcpWriter bye(int ssrc) {
        open(RtcpParser.BYE, 1, ssrc);
        return close();
    }

    /**
     * Adds a generic NACK (RFC 4585 §6.2.1).
     *
     * @param sequence the first that is missing
     * @param mask which of the sixteen after it are missing too
     */
    public RtcpWriter nack(int sender, int media, int sequence, int mask) {
        open(RtcpParser.RTPFB, 1, sender);
        put(media);
        put(sequence << 16 | (mask & 0xFFFF));
        return close();
    }

    /** Octets written since {@link #start}. */
    public int end() {
        return at - start;
    }

    private void open(int type, int count, int ssrc) {
        packetAt = at;
        buffer[at] = (byte) (0x80 | count);
        buffer[at + 1] = (byte) type;
        at += 4;
        put(ssrc);
    }

    private void put(int word) {
        Octets.putI32(buffer, at, word);
        at += 4;
    }

    private RtcpWriter close() {
        Octets.putU16(buffer, packetAt + 2, (at - packetAt) / 4 - 1);
        return this;
    }
}
