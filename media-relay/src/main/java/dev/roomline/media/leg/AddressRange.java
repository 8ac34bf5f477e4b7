package dev.roomline.media.leg;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A range of addresses in CIDR form, {@code 168.86.128.0/18}; a bare address is a range of one.
 * Immutable.
 */
public final class AddressRange {
    private final byte[] prefix;
    private final int bits;

    private AddressRange(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Those of {@code texts} that are literal addresses or ranges; others are left out. */
    public static List<AddressRange> parseAll(List<String> texts) {
        return texts.stream().flatMap(text -> parse(text).stream()).toList();
    }

    private static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        try {
            byte[] octets =
                    InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
            int most = octets.length * 8;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > most
                    ? Optional.empty()
                    : Optional.of(new AddressRange(octets, bits));
        } catch (IllegalArgumentException e) {
            // The configuration was validated where it was read; a name is no address range.
            return Optional.empty();
        }
    }

    /** Whether {@code address} lies within. */
    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (octets[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((octets[whole] ^ prefix[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
    }
}
