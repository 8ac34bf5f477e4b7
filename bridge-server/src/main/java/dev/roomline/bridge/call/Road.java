package dev.roomline.bridge.call;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * By which road a carrier is reached.
 *
 * @param remote the first of its addresses
 * @param local ours on the way there
 */
public record Road(InetSocketAddress remote, InetAddress local) implements Roads.Found {}
