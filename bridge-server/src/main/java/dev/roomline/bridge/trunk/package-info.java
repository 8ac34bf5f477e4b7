/** Configured SIP peers: which inbound calls each one vouches for. Owner: the signalling loop. */
@NullMarked
package dev.roomline.bridge.trunk;

import org.jspecify.annotations.NullMarked;
