package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.time.Instant;

/**
 * Who is told of events, as stored.
 *
 * @param id {@code hook_…}
 * @param source {@code file} or {@code api}
 */
public record WebhookRow(String id, Declared.Webhook webhook, Instant createdAt, String source)
        implements EntryTable.Row {}
