package dev.roomline.sip.resolve;

import java.net.InetAddress;

/** A machine that reaches every address from itself. */
enum AnySource implements SourceAddresses {
    ROUTED;

    @Override
    public boolean serves(InetAddress destination) {
        return true;
    }

    @Override
    public InetAddress sourceFor(InetAddress destination) {
        return destination;
    }
}
