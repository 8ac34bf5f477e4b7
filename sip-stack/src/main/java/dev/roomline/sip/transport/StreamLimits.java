package dev.roomline.sip.transport;

import java.time.Duration;

/**
 * What a TCP peer may cost us.
 *
 * @param headBytes of a start line with its headers
 * @param bodyBytes of a body
 * @param messageTime from a message's first byte to its last: who sends slower is cut off
 * @param firstMessageTime from the connection's begin to its first whole message
 * @param idleTime without a byte from the peer; keep-alives count as bytes
 * @param connectTime for a connection that we open
 * @param connections in all
 * @param connectionsPerSource from one address
 * @param unsentBytes of one connection that wait for a peer that does not read; beyond it the
 *     message is refused
 */
public record StreamLimits(
        int headBytes,
        int bodyBytes,
        Duration messageTime,
        Duration firstMessageTime,
        Duration idleTime,
        Duration connectTime,
        int connections,
        int connectionsPerSource,
        int unsentBytes) {

    public static StreamLimits usual() {
        return new StreamLimits(
                8 * 1024,
                64 * 1024,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofHours(2),
                Duration.ofSeconds(4),
                4096,
                256,
                256 * 1024);
    }
}
