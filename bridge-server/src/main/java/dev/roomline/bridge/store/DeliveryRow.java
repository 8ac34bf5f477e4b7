package dev.roomline.bridge.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook.
 *
 * @param id {@code dlv_…}
 * @param subject the call whose order is kept; empty: none
 * @param state {@code waiting}, {@code delivered} or {@code given_up}
 * @param attempts how often it was tried
 * @param lastStatus HTTP status of the last answer; 0: none came
 * @param endedAt null while it waits
 */
public record DeliveryRow(
        String id,
        String webhookId,
        String eventId,
        String eventType,
        String subject,
        String body,
        String state,
        int attempts,
        Instant nextTryAt,
        int lastStatus,
        String lastError,
        Instant createdAt,
        @Nullable Instant endedAt) {}
