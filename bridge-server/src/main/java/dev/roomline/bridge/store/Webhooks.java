package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who is told of events. Blocks: virtual threads only. */
public interface Webhooks {

    Optional<WebhookRow> find(String id);

    /** The file's, then those made by API by age. */
    List<WebhookRow> all();

    /** Newest first. */
    Page<WebhookRow> list(Page.@Nullable Cursor after, int limit);

    Change<WebhookRow> create(Declared.Webhook webhook);

    /**
     * @param edit what the webhook shall be, of what it is; empty: leave it
     */
    Change<WebhookRow> update(
            String id, Function<Declared.Webhook, Optional<Declared.Webhook>> edit);

    /** Its deliveries go with it. */
    Change<WebhookRow> delete(String id);
}
