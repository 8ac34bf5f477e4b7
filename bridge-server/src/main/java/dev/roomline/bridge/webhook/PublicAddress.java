package dev.roomline.bridge.webhook;

import dev.roomline.bridge.config.Cidr;
import java.net.InetAddress;
import java.util.List;

/**
 * Whether an address is one of the public network: who chooses what the server posts to must not
 * reach its neighbours by it (IANA's special-purpose registries, RFC 6890).
 */
final class PublicAddress {
    private static final List<Cidr> SPECIAL =
            List.of(
                            "0.0.0.0/8",
                            "10.0.0.0/8",
                            "100.64.0.0/10",
                            "127.0.0.0/8",
                            // clouds tell secrets at 169.254.169.254
                            "169.254.0.0/16",
                            "172.16.0.0/12",
                            "192.0.0.0/24",
                            "192.0.2.0/24",
                            "192.88.99.0/24",
                            "192.168.0.0/16",
                            "198.18.0.0/15",
                            "198.51.100.0/24",
                            "203.0.113.0/24",
                            "224.0.0.0/3",
                            // the host of an Azure machine
                            "168.63.129.16",
                            // unspecified, loopback and the IPv4-compatible
                            "::/96",
                            // NAT64, Teredo and 6to4 lead to IPv4 addresses that are not looked at
                            "64:ff9b::/96",
                            "64:ff9b:1::/48",
                            "100::/64",
                            "2001::/23",
                            "2001:db8::/32",
                            "2002::/16",
                            "fc00::/7",
                            "fe80::/10",
                            "fec0::/10",
                            "ff00::/8")
                    .stream()
                    .map(text -> Cidr.parse(text).orElseThrow())
                    .toList();

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        return SPECIAL.stream().noneMatch(range -> range.contains(address));
    }
}
