package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.config.TelephoneNumber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants of a trunk or gateway; absent values leave things as they are.
 *
 * @param numbers canonical where they are international, else as given
 * @param mediaEncryption our word for it: require or disable
 * @param kept what means nothing to us, to be shown again
 */
record PeerWish(
        Optional<String> name,
        Optional<List<String>> numbers,
        Optional<String> address,
        Optional<String> transport,
        Optional<String> username,
        Optional<String> password,
        Optional<List<String>> allowedAddresses,
        Optional<String> mediaEncryption,
        Map<String, Object> kept) {
    private static final int MOST_NUMBERS = 200;
    private static final int MOST_TAGS = 50;
    private static final int TEXT = 255;

    /** Reads what a gateway is told; the first generation names the address {@code domain}. */
    static PeerWish read(Loose body, String addressName) {
        Optional<Loose> auth = body.object("auth");
        Optional<String> username = auth.flatMap(a -> given(a.required("username", TEXT)));
        Optional<String> password = auth.flatMap(a -> given(a.required("password", TEXT)));
        refuseCallerFilter(body);
        return new PeerWish(
                body.text("name", 100),
                body.texts("numbers", MOST_NUMBERS).map(numbers -> numbers(numbers, body)),
                address(body, addressName),
                transport(body),
                username,
                password,
                body.texts("allowedAddresses", MOST_NUMBERS),
                encryption(body),
                kept(body));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    private static List<String> numbers(List<String> given, Loose body) {
        List<String> numbers = new ArrayList<>();
        for (String number : given) {
            Optional<String> canonical = TelephoneNumber.canonical(number);
            if (canonical.isEmpty()) {
                body.fault("numbers must be numbers such as +15550100000");
            }
            numbers.add(canonical.orElse(number));
        }
        return numbers;
    }

    /** What goes out over it is checked closer; what only comes in shows it as it was given. */
    private static Optional<String> address(Loose body, String name) {
        Optional<String> address = body.text(name, TEXT);
        if (address.filter(it -> it.contains(" ")).isPresent()) {
            body.fault(name + " must be host[:port]");
        }
        return address;
    }

    private static Optional<String> transport(Loose body) {
        Optional<String> transport = body.text("transport", 8).map(String::toLowerCase);
        if (transport.isPresent() && !transport.get().matches("udp|tcp|tls")) {
            body.fault("transport must be udp, tcp or tls");
        }
        return transport;
    }

    private static Optional<String> encryption(Loose body) {
        Optional<String> wanted = body.text("mediaEncryption", 16);
        if (wanted.isPresent() && !wanted.get().matches("enable|disable")) {
            body.fault("mediaEncryption must be enable or disable");
        }
        return wanted.map(word -> word.equals("enable") ? "require" : "disable");
    }

    /** A filter that is not kept to is worse than none. */
    private static void refuseCallerFilter(Loose body) {
        if (!body.texts("allowedNumbers", MOST_NUMBERS).orElse(List.of()).isEmpty()) {
            body.fault(
                    "allowedNumbers must be empty: callers are let in by auth or by"
                            + " allowedAddresses, not by what they say their number is");
        }
    }

    private static Map<String, Object> kept(Loose body) {
        Map<String, Object> kept = new LinkedHashMap<>();
        body.free("metadata").ifPresent(metadata -> kept.put("metadata", metadata));
        body.texts("tags", MOST_TAGS).ifPresent(tags -> kept.put("tags", tags));
        body.flag("record").ifPresent(record -> kept.put("record", record));
        body.flag("noiseCancellation").ifPresent(flag -> kept.put("noiseCancellation", flag));
        body.text("geoRegion", 32).ifPresent(region -> kept.put("geoRegion", region));
        return kept;
    }

    /** {@code host[:port];transport=…}, where there is an address at all. */
    Optional<String> wholeAddress() {
        return address.map(
                host ->
                        transport.isEmpty() || host.contains(";")
                                ? host
                                : host + ";transport=" + transport.get());
    }
}
