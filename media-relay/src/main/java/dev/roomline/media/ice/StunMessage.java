package dev.roomline.media.ice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message as received (RFC 8489 §5): a checked view over its bytes. Attributes behind
 * MESSAGE-INTEGRITY are not believed, FINGERPRINT excepted (§14.5). Immutable as long as nobody
 * writes the array.
 */
public final class StunMessage {

    /** What came of some bytes. */
    public sealed interface Result {}

    /** A well-formed message. */
    public record Parsed(StunMessage message) implements Result {}

    /**
     * @param reason what is wrong
     * @param offset octet at which it was noticed
     */
    public record Malformed(String reason, int offset) implements Result {}

    static final int HEADER = 20;
    static final int MAGIC_COOKIE = 0x2112A442;
    static final int BINDING_REQUEST = 0x0001;
    static final int BINDING_INDICATION = 0x0011;
    static final int BINDING_SUCCESS = 0x0101;
    static final int BINDING_ERROR = 0x0111;

    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    static final int PRIORITY = 0x0024;
    static final int USE_CANDIDATE = 0x0025;
    static final int FINGERPRINT = 0x8028;
    static final int ICE_CONTROLLED = 0x8029;
    static final int ICE_CONTROLLING = 0x802A;

    private static final int FINGERPRINT_XOR = 0x5354554E;
    // An honest check is under 200 octets with a dozen attributes.
    private static final int MAX_LENGTH = 1280;
    private static final int MAX_ATTRIBUTES = 32;

    private final byte[] bytes;
    private final int offset;
    private final int length;
    private int integrityAt = -1;
    private int fingerprintAt = -1;
    private int usernameAt = -1;
    private boolean useCandidate;
    private boolean controlled;
    private boolean controlling;
    private int priorityAt = -1;
    private @Nullable List<Integer> unknown;

    private StunMessage(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** Reads a message that fills the datagram exactly. */
    public static Result parse(byte[] bytes, int offset, int length) {
        if (length < HEADER) {
            return new Malformed("shorter than a header", length);
        }
        if (length > MAX_LENGTH) {
            return new Malformed("longer than any check", MAX_LENGTH);
        }
        if ((bytes[offset] & 0xc0) != 0) {
            return new Malformed("no STUN message", 0);
        }
        if (int32(bytes, offset + 4) != MAGIC_COOKIE) {
            return new Malformed("no magic cookie", 4);
        }
        int body = int16(bytes, offset + 2);
        if (body != length - HEADER || (body & 3) != 0) {
            return new Malformed("its length is not the datagram's", 2);
        }
        return new StunMessage(bytes, offset, length).attributes();
    }

    private Result attributes() {
        int at = HEADER;
        int count = 0;
        while (at < length) {
            if (length - at < 4) {
                return new Malformed("a torn attribute", at);
            }
            if (++count > MAX_ATTRIBUTES) {
                return new Malformed("too many attributes", at);
            }
            int type = int16(bytes, offset + at);
            int size = int16(bytes, offset + at + 2);
            if (size > length - at - 4) {
                return new Malformed("an attribute longer than the message", at);
            }
            if (fingerprintAt >= 0) {
                return new Malformed("an attribute behind FINGERPRINT", at);
            }
            String fault = take(type, at, size);
            if (fault != null) {
                return new Malformed(fault, at);
            }
            at += 4 + ((size + 3) & ~3);
        }
        return at == length ? new Parsed(this) : new Malformed("a torn padding", length);
    }

    private @Nullable String take(int type, int at, int size) {
        if (type == FINGERPRINT) {
            fingerprintAt = at;
            return size == 4 ? null : "a FINGERPRINT not of 4 octets";
        }
        if (integrityAt >= 0) {
            return null;
        }
        switch (type) {
            case MESSAGE_INTEGRITY -> {
                integrityAt = at;
                return size == 20 ? null : "a MESSAGE-INTEGRITY not of 20 octets";
            }
            case USERNAME -> {
                usernameAt = usernameAt < 0 ? at : usernameAt;
                return size <= 513 ? null : "a USERNAME beyond 513 octets";
            }
            case PRIORITY -> {
                priorityAt = at;
                return size == 4 ? null : "a PRIORITY not of 4 octets";
            }
            case USE_CANDIDATE -> useCandidate = true;
            case ICE_CONTROLLED -> controlled = true;
            case ICE_CONTROLLING -> controlling = true;
            default -> {
                // Below 0x8000 comprehension is required (RFC 8489 §14).
                if (type < 0x8000 && !isHarmless(type)) {
                    if (unknown == null) {
                        unknown = new ArrayList<>();
                    }
                    unknown.add(type);
                }
            }
        }
        return null;
    }

    /** Known, though a lite agent has no use for them in a request. */
    private static boolean isHarmless(int type) {
        return type == ERROR_CODE || type == UNKNOWN_ATTRIBUTES || type == XOR_MAPPED_ADDRESS;
    }

    /** Method and class. */
    int type() {
        return int16(bytes, offset);
    }

    /** Whether FINGERPRINT is there and right (RFC 8489 §14.7). */
    boolean fingerprintMatches() {
        if (fingerprintAt < 0) {
            return false;
        }
        return int32(bytes, offset + fingerprintAt + 4)
                == fingerprint(bytes, offset, fingerprintAt);
    }

    /** Whether MESSAGE-INTEGRITY is there and made with that password; in constant time. */
    boolean integrityMatches(StunHmac hmac) {
        if (integrityAt < 0) {
            return false;
        }
        return hmac.matches(bytes, offset, integrityAt);
    }

    /** USERNAME, null if absent; 8-bit clean, as ufrags are ASCII. */
    @Nullable String username() {
        if (usernameAt < 0) {
            return null;
        }
        int size = int16(bytes, offset + usernameAt + 2);
        return new String(bytes, offset + usernameAt + 4, size, StandardCharsets.ISO_8859_1);
    }

    boolean useCandidate() {
        return useCandidate;
    }

    /** The sender says that it is controlled. */
    boolean saysControlled() {
        return controlled;
    }

    /** The sender says that it controls. */
    boolean saysControlling() {
        return controlling;
    }

    boolean hasPriority() {
        return priorityAt >= 0;
    }

    /** Types that need be understood and are not. */
    List<Integer> unknownRequired() {
        return unknown == null ? List.of() : unknown;
    }

    /** Copies the transaction id, 12 octets. */
    void copyTransactionId(byte[] to, int at) {
        System.arraycopy(bytes, offset + 8, to, at, 12);
    }

    /** CRC of what stands before FINGERPRINT; the length field must already count it. */
    static int fingerprint(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    static int int16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }

    static int int32(byte[] b, int at) {
        return int16(b, at) << 16 | int16(b, at + 2);
    }
}
