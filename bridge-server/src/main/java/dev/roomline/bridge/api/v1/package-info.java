/** The native API as docs/openapi.yaml describes it. Runs on virtual threads. */
@NullMarked
package dev.roomline.bridge.api.v1;

import org.jspecify.annotations.NullMarked;
