/**
 * How the server calls applications: {@link dev.roomline.bridge.webhook.GuardedHttp} posts and
 * keeps away from our own network, {@link dev.roomline.bridge.webhook.Signature} signs. Virtual
 * threads.
 */
@NullMarked
package dev.roomline.bridge.webhook;

import org.jspecify.annotations.NullMarked;
