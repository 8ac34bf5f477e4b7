package dev.roomline.system;

/** How SIP comes to the server and goes from it, over the loopback of either family. */
enum Road {
    UDP("udp", false, 'a'),
    TCP("tcp", false, 'b'),
    TLS("tls", false, 'c'),
    UDP_6("udp", true, 'd'),
    TCP_6("tcp", true, 'e'),
    TLS_6("tls", true, 'f');

    /** As the {@code transport} parameter and our API say it. */
    final String transport;

    final boolean ipv6;

    /** Its own, for names that hold letters alone. */
    final char letter;

    Road(String transport, boolean ipv6, char letter) {
        this.transport = transport;
        this.ipv6 = ipv6;
        this.letter = letter;
    }

    boolean secure() {
        return transport.equals("tls");
    }

    /** Without brackets. */
    String address() {
        return ipv6 ? "::1" : "127.0.0.1";
    }

    /** As it stands in a URI. */
    String host() {
        return ipv6 ? "[::1]" : "127.0.0.1";
    }
}
