package dev.roomline.bridge.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address range, {@code 54.172.60.0/30}; an address alone is a range of one.
 *
 * @param network its first address
 * @param bits prefix length
 */
public record Cidr(InetAddress network, int bits) {

    /** Empty where the text is no literal address with a prefix length that fits it. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address =
                Literals.address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int width = address.get().getAddress().length * 8;
        if (slash < 0) {
            return Optional.of(new Cidr(address.get(), width));
        }
        // Java reads ::ffff:192.0.2.0 as the IPv4 address that it maps (RFC 4291 §2.5.5.2)
        int mapped = width == 32 && text.indexOf(':') >= 0 ? 96 : 0;
        return Literals.integer(text.substring(slash + 1))
                .map(bits -> bits - mapped)
                .filter(bits -> bits >= 0 && bits <= width)
                .map(bits -> new Cidr(address.get(), bits.intValue()));
    }

    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int i = 0, left = bits; left > 0; i++, left -= 8) {
            int mask = left >= 8 ? 0xff : 0xff << (8 - left) & 0xff;
            if ((ours[i] & mask) != (theirs[i] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return NetUtil.toAddressString(network) + "/" + bits;
    }
}
