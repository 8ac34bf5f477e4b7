package dev.roomline.sip.transport;

import java.time.Duration;

/**
 * What a TCP peer may cost us.
 *
 * @param headBytes of a start line with its headers
 * @param bodyBytes of a body
 * @param messageTime from a message's first byte to its last: who sends slower is cut off
 * @param firstMessageTime from the connection's begin to its first whole message
 * @param idleTime without a byte from the peer, for a connection that no dialog needs; keep-alives
 *     count as bytes
 * @param connectTime for a connection that we open
 * @param connections in all; beyond it the one that has been silent longest and that no dialog
 *     needs makes room, if there is one that has been silent for {@code spareTime}
 * @param connectionsPerSource from one IPv4 address or IPv6 /64
 * @param spareTime how long a connection is safe from others' need
 * @param unsentBytes of one connection that wait for a peer that does not read; beyond it the
 *     connection is closed
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
        Duration spareTime,
        int unsentBytes) {

    public static StreamLimits usual() {
        return new StreamLimits(
                8 * 1024,
                64 * 1024,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(4),
                4096,
                256,
                Duration.ofSeconds(10),
                256 * 1024);
    }
}
