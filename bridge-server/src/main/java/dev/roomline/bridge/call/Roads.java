package dev.roomline.bridge.call;

import dev.roomline.sip.message.SipUri;
import java.net.InetAddress;
import java.util.function.Consumer;

/**
 * Finds the road to a SIP URI. On the signalling loop; the answer is given there, at once or later.
 */
@FunctionalInterface
public interface Roads {
    void find(SipUri uri, Consumer<Found> found);

    /** What a URI leads to: a {@link Road}, or why there is none. */
    sealed interface Found permits Road, NoAddress, NotBound {}

    /** The name has no address that we can send to. */
    record NoAddress() implements Found {}

    /**
     * None of our sockets is of its family.
     *
     * @param address as the URI has it
     */
    record NotBound(InetAddress address) implements Found {}
}
