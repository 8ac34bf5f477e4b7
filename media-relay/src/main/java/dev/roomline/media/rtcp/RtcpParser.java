package dev.roomline.media.rtcp;

import static dev.roomline.media.rtp.Octets.i32;
import static dev.roomline.media.rtp.Octets.u16;
import static dev.roomline.media.rtp.Octets.u32;

import org.jspecify.annotations.Nullable;

/**
 * Reads compound RTCP (RFC 3550 §6, RFC 4585). The whole datagram is checked before the visitor
 * hears of any of it, so a malformed one has no effect. Reduced-size RTCP (RFC 5506) is taken too:
 * browsers send feedback alone. Stateless.
 */
public final class RtcpParser {
    /** Packet types. */
    static final int SR = 200;

    static final int RR = 201;
    static final int SDES = 202;
    static final int BYE = 203;
    static final int RTPFB = 205;
    private static final int MIN_OCTETS = 8;
    private static final int REPORT_BLOCK = 24;
    private static final int GENERIC_NACK = 1;
    private static final int CNAME = 1;

    private RtcpParser() {}

    /** Returns null if the datagram was RTCP and the visitor has heard all of it. */
    public static @Nullable RtcpMalformed parse(
            byte[] data, int offset, int length, RtcpVisitor visitor) {
        RtcpMalformed malformed = check(data, offset, offset + length);
        if (malformed != null) {
            return malformed;
        }
        int end = offset + length;
        for (int at = offset; at < end; at += size(data, at)) {
            visit(data, at, at + size(data, at) - padding(data, at), visitor);
        }
        return null;
    }

    private static int size(byte[] data, int at) {
        return 4 * (u16(data, at + 2) + 1);
    }

    private static int padding(byte[] data, int at) {
        return (data[at] & 0x20) == 0 ? 0 : data[at + size(data, at) - 1] & 0xFF;
    }

    private static @Nullable RtcpMalformed check(byte[] data, int offset, int end) {
        if (end - offset < MIN_OCTETS) {
            return RtcpMalformed.TOO_SHORT;
        }
        int at = offset;
        while (at < end) {
            if (end - at < 4) {
                return RtcpMalformed.TOO_SHORT;
            }
            if ((data[at] & 0xC0) != 0x80) {
                return RtcpMalformed.WRONG_VERSION;
            }
            int type = data[at + 1] & 0xFF;
            if (type < 192 || type > 223) {
                return RtcpMalformed.WRONG_TYPE;
            }
            int size = size(data, at);
            if (at + size > end) {
                return RtcpMalformed.LENGTH_OVERRUN;
            }
            RtcpMalformed inside = checkOne(data, at, size, type, at + size == end);
            if (inside != null) {
                return inside;
            }
            at += size;
        }
        return null;
    }

    private static @Nullable RtcpMalformed checkOne(
            byte[] data, int at, int size, int type, boolean last) {
        int padding = 0;
        if ((data[at] & 0x20) != 0) {
            padding = padding(data, at);
            // RFC 3550 §6.4.1: only the last packet of a compound is padded
            if (!last || padding == 0 || (padding & 3) != 0 || padding > size - 4) {
                return RtcpMalformed.BAD_PADDING;
            }
        }
        int count = data[at] & 0x1F;
        int body = size - padding;
        boolean fits =
                switch (type) {
                    case SR -> body >= 28 + REPORT_BLOCK * count;
                    case RR -> body >= 8 + REPORT_BLOCK * count;
                    case SDES -> sdesFits(data, at, at + body, count);
                    case BYE -> body >= 4 + 4 * count;
                    case RTPFB, 206 -> body >= 12;
                    default -> true;
                };
        return fits ? null : RtcpMalformed.COUNT_OVERRUN;
    }

    private static boolean sdesFits(byte[] data, int start, int end, int chunks) {
        int at = start + 4;
        for (int i = 0; i < chunks; i++) {
            if (at + 4 > end) {
                return false;
            }
            at += 4;
            while (true) {
                if (at >= end) {
                    return false;
                }
                if (data[at] == 0) {
                    break;
                }
                if (at + 2 > end || at + 2 + (data[at + 1] & 0xFF) > end) {
                    return false;
                }
                at += 2 + (data[at + 1] & 0xFF);
            }
            at = nextWord(start, at);
        }
        return true;
    }

    /** RFC 3550 §6.5: a chunk's list ends with a null octet and is padded to the next word. */
    private static int nextWord(int start, int at) {
        return start + ((at + 1 - start + 3) & ~3);
    }

    private static void visit(byte[] data, int at, int end, RtcpVisitor visitor) {
        int count = data[at] & 0x1F;
        int type = data[at + 1] & 0xFF;
        switch (type) {
            case SR -> {
                int ssrc = i32(data, at + 4);
                long ntp = u32(data, at + 8) << 32 | u32(data, at + 12);
                visitor.onSenderReport(
                        ssrc, ntp, i32(data, at + 16), u32(data, at + 20), u32(data, at + 24));
                visitBlocks(data, at + 28, count, ssrc, visitor);
            }
            case RR -> {
                int ssrc = i32(data, at + 4);
                visitor.onReceiverReport(ssrc);
                visitBlocks(data, at + 8, count, ssrc, visitor);
            }
            case SDES -> visitSdes(data, at, count, visitor);
            case BYE -> {
                for (int i = 0; i < count; i++) {
                    visitor.onBye(i32(data, at + 4 + 4 * i));
                }
            }
            case RTPFB -> {
                if (count == GENERIC_NACK) {
                    visitNack(data, at, end, visitor);
                } else {
                    visitor.onOther(type, count);
                }
            }
            default -> visitor.onOther(type, count);
        }
    }

    private static void visitBlocks(
            byte[] data, int first, int count, int reporter, RtcpVisitor visitor) {
        for (int i = 0, at = first; i < count; i++, at += REPORT_BLOCK) {
            int lost = i32(data, at + 4);
            visitor.onReportBlock(
                    reporter,
                    i32(data, at),
                    lost >>> 24,
                    lost << 8 >> 8,
                    u32(data, at + 8),
                    u32(data, at + 12),
                    i32(data, at + 16),
                    u32(data, at + 20));
        }
    }

    private static void visitSdes(byte[] data, int start, int chunks, RtcpVisitor visitor) {
        int at = start + 4;
        for (int i = 0; i < chunks; i++) {
            int ssrc = i32(data, at);
            at += 4;
            while (data[at] != 0) {
                int length = data[at + 1] & 0xFF;
                if (data[at] == CNAME) {
                    visitor.onCname(ssrc, data, at + 2, length);
                }
                at += 2 + length;
            }
            at = nextWord(start, at);
        }
    }

    private static void visitNack(byte[] data, int start, int end, RtcpVisitor visitor) {
        int media = i32(data, start + 8);
        for (int at = start + 12; at + 4 <= end; at += 4) {
            int sequence = u16(data, at);
            int mask = u16(data, at + 2);
            visitor.onNack(media, sequence);
            for (int bit = 0; bit < 16; bit++) {
                if ((mask >>> bit & 1) != 0) {
                    visitor.onNack(media, (sequence + bit + 1) & 0xFFFF);
                }
            }
        }
    }
}
