package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.store.Webhooks;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of events. Nobody is shown a secret after it was made, or the value of a header; as
 * with trunks, what is shown in its place leaves it as it is. Blocks: virtual threads only.
 */
public final class WebhookEntries implements Ledger<WebhookRow, WebhookEntries.Made> {
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Webhooks webhooks;
    private final Runnable changed;

    /**
     * @param changed told after each change
     */
    public WebhookEntries(Webhooks webhooks, Runnable changed) {
        this.webhooks = webhooks;
        this.changed = changed;
    }

    /**
     * @param secret signs what is told; shown this once
     */
    public record Made(WebhookRow row, Secret secret) {}

    @Override
    public Page<WebhookRow> list(Page.@Nullable Cursor after, int limit) {
        return webhooks.list(after, limit);
    }

    @Override
    public Optional<WebhookRow> find(String id) {
        return webhooks.find(id);
    }

    /** Without a secret one is made. */
    @Override
    public Result<Made> create(Map<String, ?> fields) {
        Map<String, Object> wanted = new LinkedHashMap<>(Given.of(fields));
        wanted.putIfAbsent("secret", secret());
        return switch (Entries.webhook(wanted)) {
            case Entries.Read.Bad<Webhook>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Webhook>(var webhook) ->
                    told(
                            Result.of(
                                    webhooks.create(webhook),
                                    row -> new Made(row, webhook.secret())));
        };
    }

    /** As the Standard Webhooks write it. */
    private static String secret() {
        byte[] random = new byte[SECRET_BYTES];
        RANDOM.nextBytes(random);
        return "whsec_" + Base64.getEncoder().encodeToString(random);
    }

    @Override
    public Result<WebhookRow> update(String id, Map<String, ?> patch) {
        List<Fault> faults = new ArrayList<>();
        Change<WebhookRow> change =
                webhooks.update(
                        id,
                        was ->
                                switch (Entries.webhook(patched(was, patch))) {
                                    case Entries.Read.Bad<Webhook> bad -> {
                                        faults.clear();
                                        faults.addAll(bad.faults());
                                        yield Optional.empty();
                                    }
                                    case Entries.Read.Good<Webhook> good ->
                                            Optional.of(good.value());
                                });
        return faults.isEmpty()
                ? told(Result.of(change, row -> row))
                : new Result.Invalid<>(faults);
    }

    private static Map<String, Object> patched(Webhook was, Map<String, ?> patch) {
        Map<String, String> headers = new LinkedHashMap<>();
        was.headers().forEach((name, value) -> headers.put(name, value.value()));
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("url", was.url());
        wanted.put("format", was.format());
        wanted.put("secret", was.secret().value());
        wanted.put("events", was.events());
        wanted.put("headers", headers);
        wanted.put("allow_private", was.allowPrivate());
        Given.patch(wanted, patch);
        wanted.computeIfPresent("headers", (_, to) -> TrunkEntries.unhidden(to, headers));
        return wanted;
    }

    @Override
    public Result<WebhookRow> delete(String id) {
        return told(Result.of(webhooks.delete(id), row -> row));
    }

    private <T> Result<T> told(Result<T> result) {
        if (result instanceof Result.Done<T>) {
            changed.run();
        }
        return result;
    }
}
