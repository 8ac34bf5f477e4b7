package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;

/**
 * Whoever is told what happens. Called on the signalling loop; may give commands at once, which
 * take effect after what is under way. What it throws is counted and logged, and loses nothing
 * else.
 */
public interface SipApplication {

    void raised(SipEvent event);

    /** A message came or goes: for traces. */
    void seen(SipEffect.MessageSeen message);

    /** Whether it needs this stream though nothing comes by it: then it is not closed as idle. */
    default boolean needs(long connection) {
        return false;
    }

    /** A stream is closed, whoever closed it. */
    default void streamEnded(long connection) {}
}
