/**
 * The API of Indus Net, as its clients speak it: a thin translation onto the same trunks, rooms and
 * calls as {@code /v1}. Start at {@link dev.roomline.bridge.api.indus.Indus}: what its answers look
 * like. Virtual threads. May depend on {@code api} and what that depends on, not on {@code api.v1}.
 */
@NullMarked
package dev.roomline.bridge.api.indus;

import org.jspecify.annotations.NullMarked;
