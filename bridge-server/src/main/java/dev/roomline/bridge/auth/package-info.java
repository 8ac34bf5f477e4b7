/** API keys, tokens and scopes. Runs on virtual threads. */
@NullMarked
package dev.roomline.bridge.auth;

import org.jspecify.annotations.NullMarked;
