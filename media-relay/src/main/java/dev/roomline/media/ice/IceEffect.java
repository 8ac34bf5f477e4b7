package dev.roomline.media.ice;

import java.net.InetSocketAddress;

/** What an {@link IceLiteAgent} wants done. */
public sealed interface IceEffect {

    /** Send this. */
    @SuppressWarnings("ArrayRecordComponent")
    record Send(byte[] datagram, InetSocketAddress to) implements IceEffect {}

    /** From now on media and DTLS go to {@code remote}. */
    record Selected(InetSocketAddress remote) implements IceEffect {}

    /** Nothing for 30 s that proves the peer there (RFC 7675): stop sending at once. */
    record ConsentExpired() implements IceEffect {}
}
