/**
 * Live rooms and their participants: membership, events, and the face that the API and the
 * browser's session use. Owner: the signalling loop.
 */
@NullMarked
package dev.roomline.bridge.room;

import org.jspecify.annotations.NullMarked;
