package dev.roomline.bridge.entry;

import java.time.Instant;

/**
 * One phone that is registered for an account, as people read it.
 *
 * @param contact its URI, as it said it
 * @param transport {@code udp}, {@code tcp}
 * @param source the address and port that it was heard from
 * @param userAgent what it calls itself; empty if it does not
 */
public record RegisteredPhone(
        String contact, String transport, String source, String userAgent, Instant expiresAt) {}
