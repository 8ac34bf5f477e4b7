/** Pages that the server itself shows: start page, room page. */
@NullMarked
package dev.roomline.bridge.console;

import org.jspecify.annotations.NullMarked;
