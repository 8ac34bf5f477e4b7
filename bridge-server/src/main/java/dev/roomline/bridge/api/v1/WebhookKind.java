package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.entry.WebhookEntries;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.trace.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Webhooks as the API shows them. */
record WebhookKind(WebhookEntries entries) implements Kind<WebhookRow, WebhookEntries.Made> {
    @Override
    public String path() {
        return "/v1/webhooks";
    }

    @Override
    public String noun() {
        return "webhook";
    }

    @Override
    public WebhookRow row(WebhookEntries.Made made) {
        return made.row();
    }

    @Override
    public Map<String, Object> secrets(WebhookEntries.Made made) {
        return Map.of("secret", made.secret().value());
    }

    @Override
    public String id(WebhookRow row) {
        return row.id();
    }

    @Override
    public Function<WebhookRow, Map<String, Object>> view(List<WebhookRow> rows) {
        return row -> {
            Map<String, Object> headers = new LinkedHashMap<>();
            row.webhook().headers().keySet().forEach(n -> headers.put(n, Redaction.HIDDEN));
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("id", row.id());
            view.put("url", row.webhook().url());
            view.put("format", row.webhook().format());
            view.put("events", row.webhook().events());
            view.put("headers", headers);
            view.put("allow_private", row.webhook().allowPrivate());
            view.put("created_at", Views.time(row.createdAt()));
            view.put("source", row.source());
            return view;
        };
    }
}
