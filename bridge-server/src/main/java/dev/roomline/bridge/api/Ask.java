package dev.roomline.bridge.api;

import dev.roomline.bridge.auth.Caller;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One request as an endpoint sees it; immutable.
 *
 * @param path the path's parameters, decoded
 * @param query the first value of each parameter, decoded; {@code ""} equals absent
 * @param headers names in lower case, the first value of each
 * @param secure whether it came by TLS
 * @param peer the socket's address: what a proxy says of others is not believed
 * @param caller who asks; absent on routes that ask for nobody
 */
@SuppressWarnings("ArrayRecordComponent")
public record Ask(
        String method,
        Map<String, String> path,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        boolean secure,
        InetAddress peer,
        Optional<Caller> caller) {
    public Ask {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** A parameter of the path's pattern. */
    public String path(String name) {
        return Objects.requireNonNull(path.get(name), name);
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Where the client reached us, as it wrote it: {@code https://host:port}; empty: unknown. By
     * TLS too where a proxy in front says so: who lies here is told wrong links, and nobody else.
     */
    public String origin() {
        boolean tls = secure || header("x-forwarded-proto").filter("https"::equals).isPresent();
        return header("host").map(host -> (tls ? "https://" : "http://") + host).orElse("");
    }

    /** The media type without parameters, in lower case; empty where none is given. */
    public String mediaType() {
        String type = header("content-type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
