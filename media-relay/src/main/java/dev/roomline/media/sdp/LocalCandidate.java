package dev.roomline.media.sdp;

import java.net.InetSocketAddress;

/**
 * A UDP host candidate of ours (RFC 8839 §5.1). Priorities follow from its place in the list.
 *
 * @param address resolved
 */
public record LocalCandidate(InetSocketAddress address) {}
