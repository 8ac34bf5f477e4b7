/**
 * Events on their way to applications: chosen, written down, signed, posted, and tried again.
 * {@link dev.roomline.bridge.webhook.Outbox} writes down what the bus tells, {@link
 * dev.roomline.bridge.webhook.Courier} carries it; {@link dev.roomline.bridge.webhook.GuardedHttp}
 * keeps both away from our own network. Virtual threads.
 */
@NullMarked
package dev.roomline.bridge.webhook;

import org.jspecify.annotations.NullMarked;
