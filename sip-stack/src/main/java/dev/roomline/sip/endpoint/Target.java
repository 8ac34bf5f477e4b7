package dev.roomline.sip.endpoint;

import java.net.InetSocketAddress;

/** One address that a URI resolved to (RFC 3263), in the order in which they are to be tried. */
public record Target(TransportKind transport, InetSocketAddress address) {}
