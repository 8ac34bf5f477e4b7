/** A call is a machine: Call, CallMachine, CallMedia, CallEnd. Owner: the signalling loop. */
@NullMarked
package dev.roomline.bridge.call;

import org.jspecify.annotations.NullMarked;
