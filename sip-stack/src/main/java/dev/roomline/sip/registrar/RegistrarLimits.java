package dev.roomline.sip.registrar;

/**
 * How long a binding lasts and how many there may be.
 *
 * @param minSeconds a shorter wish gets 423 (RFC 3261 §10.3 step 7)
 * @param maxSeconds a longer wish is cut to it; a registrar that forgets all at a restart has its
 *     phones back after as long
 * @param perAccount a phone too many takes the place of the one that was longest not heard of
 * @param bindings in all
 * @param keepAliveSeconds between two datagrams that keep a NAT's pinhole open (RFC 5626 §4.4.2: 24
 *     to 29 s for UDP)
 */
public record RegistrarLimits(
        int minSeconds, int maxSeconds, int perAccount, int bindings, int keepAliveSeconds) {
    public static final RegistrarLimits USUAL = new RegistrarLimits(60, 300, 10, 20_000, 25);
}
