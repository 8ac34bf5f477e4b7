package dev.roomline.bridge.api;

import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.entry.Reload;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.lifecycle.ServerState;
import dev.roomline.bridge.metrics.LiveNumbers;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.trace.Refusals;
import dev.roomline.bridge.webhook.Format;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the API asks of the running server; every face may be used from any thread.
 *
 * @param formats of webhooks, by the name that they have in {@code format}
 * @param deliver told that something is to be delivered to a webhook
 */
public record LiveSide(
        LiveRooms rooms,
        LiveCalls calls,
        Refusals refusals,
        Supplier<LiveNumbers> numbers,
        ServerState state,
        EventBus events,
        Map<String, Format> formats,
        Runnable deliver,
        Reload reload) {}
