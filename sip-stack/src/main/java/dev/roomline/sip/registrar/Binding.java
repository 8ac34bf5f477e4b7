package dev.roomline.sip.registrar;

import dev.roomline.sip.endpoint.Flow;

/**
 * One phone of an account, and the road on which it is reached. Immutable.
 *
 * @param contactUri the Request-URI of what is sent to it, as it was registered
 * @param flow the road that its latest REGISTER came by: source address and port as seen here (RFC
 *     3581), and for a stream its connection, which may be the only way to it
 * @param preference q in thousandths; 1000 if it named none
 * @param userAgent what the phone calls itself; empty if it does not
 * @param expiresAtNanos on the clock that the registrar is given
 */
public record Binding(
        String account,
        String contactUri,
        Flow flow,
        int preference,
        String userAgent,
        long expiresAtNanos) {}
