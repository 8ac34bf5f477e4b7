package dev.roomline.bridge.api.whip;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** STUN and TURN servers as a {@code Link} header field names them (RFC 9725 §4.6, RFC 8288 §3). */
final class IceServerLinks {
    private IceServerLinks() {}

    /**
     * @param servers as RTCPeerConnection takes them
     * @return empty: there are none
     */
    static String of(List<Map<String, Object>> servers) {
        return servers.stream().flatMap(IceServerLinks::links).collect(Collectors.joining(", "));
    }

    private static Stream<String> links(Map<String, Object> server) {
        String rest = credentials(server);
        return ((List<?>) Objects.requireNonNullElse(server.get("urls"), List.of()))
                .stream()
                        .map(String::valueOf)
                        .map(url -> "<" + url + ">; rel=\"ice-server\"" + (turns(url) ? rest : ""));
    }

    /** A STUN server asks for none. */
    private static boolean turns(String url) {
        return url.startsWith("turn:") || url.startsWith("turns:");
    }

    private static String credentials(Map<String, Object> server) {
        Object username = server.get("username");
        Object credential = server.get("credential");
        return username == null || credential == null
                ? ""
                : "; username="
                        + quoted(username)
                        + "; credential="
                        + quoted(credential)
                        + "; credential-type=\"password\"";
    }

    // RFC 9110 §5.6.4
    private static String quoted(Object value) {
        return "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
