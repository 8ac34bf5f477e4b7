package dev.roomline.sip.transport;

import java.net.InetAddress;

/**
 * Tells by a look that costs little who has shown already that he is where he says he is, so that a
 * flood of strangers does not keep him out. Asked on the signalling loop.
 */
@FunctionalInterface
public interface Acquaintances {
    Acquaintances NONE = (source, nonce, nowNanos) -> false;

    /**
     * @param nonce what a request's credentials name, not checked in any way; empty if it has none
     */
    boolean knows(InetAddress source, String nonce, long nowNanos);
}
