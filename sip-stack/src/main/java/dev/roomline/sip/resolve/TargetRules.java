package dev.roomline.sip.resolve;

import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.SipUri;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Transport, port and what to look up, from a URI alone (RFC 3263 §4.1 and §4.2). */
public final class TargetRules {
    private static final int SIP_PORT = 5060;
    private static final int SIPS_PORT = 5061;

    /** What a URI says about where to send. */
    public sealed interface Plan {

        /** An address: nothing is looked up. */
        record Address(TransportKind transport, InetAddress address, int port) implements Plan {}

        /**
         * A name. With a port or a transport in the URI that is all there is to find (§4.2);
         * without them the transport and port here are what holds when NAPTR and SRV know nothing.
         *
         * @param decided whether the URI itself gave the port, so that SRV has no say
         */
        record Name(TransportKind transport, String host, int port, boolean decided)
                implements Plan {}

        /** Nothing that SIP can be sent to. */
        record Impossible(String reason) implements Plan {}
    }

    private TargetRules() {}

    /** Decides for a Request-URI or Route; {@code maddr} goes before the host part. */
    public static Plan plan(SipUri uri) {
        boolean secure = uri.scheme().equals("sips");
        if (!secure && !uri.scheme().equals("sip")) {
            return new Plan.Impossible("scheme " + uri.scheme());
        }
        String host = uri.parameters().getOrDefault("maddr", uri.host());
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || uri.port() == 0 || uri.port() > 65_535) {
            return new Plan.Impossible("no host or no port");
        }
        TransportKind transport = transport(uri.parameters().get("transport"), secure);
        if (transport == null) {
            return new Plan.Impossible("transport " + uri.parameters().get("transport"));
        }
        int port =
                uri.port() > 0 ? uri.port() : transport == TransportKind.TLS ? SIPS_PORT : SIP_PORT;
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            return new Plan.Address(transport, literal.get(), port);
        }
        return new Plan.Name(transport, host, port, uri.port() > 0);
    }

    /** §4.1: what the parameter says; without it UDP for sip and TLS for sips. */
    private static @Nullable TransportKind transport(@Nullable String parameter, boolean secure) {
        if (parameter == null) {
            return secure ? TransportKind.TLS : TransportKind.UDP;
        }
        return switch (parameter.toLowerCase(Locale.ROOT)) {
            case "udp" -> secure ? null : TransportKind.UDP;
            // sips over "tcp" means TLS (RFC 3261 §26.2.2)
            case "tcp" -> secure ? TransportKind.TLS : TransportKind.TCP;
            case "tls" -> TransportKind.TLS;
            case "ws", "wss" -> TransportKind.WS;
            default -> null;
        };
    }

    private static Optional<InetAddress> literal(String host) {
        boolean looksNumeric =
                host.indexOf(':') >= 0
                        || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        if (!looksNumeric) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
