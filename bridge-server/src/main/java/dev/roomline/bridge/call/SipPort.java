package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.SipCommand;

/** The way to the SIP core. On the signalling loop only. */
@FunctionalInterface
public interface SipPort {
    void command(SipCommand command);
}
