package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.SipUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where answers and in-dialog requests go. */
sealed interface NextHop {
    /** Known now. */
    record Known(Hop hop) implements NextHop {}

    /** A name is to be resolved first. */
    record Unknown(SipUri uri) implements NextHop {}

    /**
     * Where an answer goes (RFC 3261 §18.2.2, RFC 3581 §4): back down the connection, or to the
     * source address at its rport or sent-by port. {@code maddr} is not followed: it would make us
     * send to whomever the peer names.
     */
    static Hop ofAnswer(Flow flow, int sentByPort, boolean rport) {
        int port = sentByPort > 0 ? sentByPort : flow.transport().defaultPort();
        InetSocketAddress remote = flow.remote();
        if (!rport || flow.transport().reliable()) {
            remote = new InetSocketAddress(remote.getAddress(), port);
        }
        return new Hop(flow.transport(), flow.local(), remote, flow.connection());
    }

    /** The road that a message came on, taken back. */
    static Hop back(Flow flow) {
        return new Hop(flow.transport(), flow.local(), flow.remote(), flow.connection());
    }

    /**
     * Where a request inside a dialog goes. With a route set its first route says so. Without one a
     * Contact that cannot be reached from here (private and not the source, or {@code .invalid} as
     * RFC 7118 §5 has it) means a phone behind NAT: the request goes where the INVITE came from.
     *
     * @param uri the first route or the remote target
     * @param routed whether it is a route
     * @param peerName whom the dialog's peer must prove to be by TLS; empty: the URI's address
     */
    static NextHop ofRequest(SipUri uri, boolean routed, Flow flow, String peerName) {
        InetAddress address = Addresses.literal(uri.host());
        InetAddress source = flow.remote().getAddress();
        if (address == null) {
            boolean nowhere = uri.host().isEmpty() || uri.host().endsWith(".invalid");
            return nowhere && !routed ? new Known(back(flow)) : new Unknown(uri);
        }
        boolean same = address.equals(source);
        if (!routed && !same && Addresses.isPrivate(address)) {
            return new Known(back(flow));
        }
        TransportKind asked = transportOf(uri);
        boolean reuse =
                same && flow.transport().reliable() && (asked == null || isAsked(asked, flow));
        TransportKind transport =
                reuse ? flow.transport() : asked == null ? TransportKind.UDP : asked;
        int port = uri.port() > 0 ? uri.port() : transport.defaultPort();
        Target target = new Target(transport, new InetSocketAddress(address, port));
        // carriers name themselves by address here: the certificate must be their trunk's
        return new Known(toward(target, flow, reuse, peerName));
    }

    /** A URI says {@code transport=ws} for both kinds of WebSocket (RFC 7118 §8). */
    private static boolean isAsked(TransportKind asked, Flow flow) {
        return asked == flow.transport()
                || (asked == TransportKind.WS && flow.transport() == TransportKind.WSS);
    }

    /** A resolved target, sent to from the address that the dialog uses where that fits. */
    static Hop toward(Target target, Flow flow, boolean reuse, String name) {
        boolean sameKind = target.transport() == flow.transport();
        InetAddress address = target.address().getAddress();
        boolean sameFamily =
                address != null && address.getClass() == flow.local().getAddress().getClass();
        return new Hop(
                target.transport(),
                sameKind && sameFamily ? flow.local() : null,
                target.address(),
                reuse ? flow.connection() : 0,
                name);
    }

    /** RFC 3263 §4.1: the transport parameter, TLS for sips; null where the URI leaves it open. */
    private static @Nullable TransportKind transportOf(SipUri uri) {
        if (uri.scheme().equals("sips")) {
            return TransportKind.TLS;
        }
        String asked = uri.parameters().get("transport");
        if (asked == null) {
            return null;
        }
        return switch (asked.toLowerCase(Locale.ROOT)) {
            case "tcp" -> TransportKind.TCP;
            case "tls" -> TransportKind.TLS;
            case "ws", "wss" -> TransportKind.WS;
            default -> TransportKind.UDP;
        };
    }
}
