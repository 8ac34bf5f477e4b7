package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Resource;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.entry.WebhookEntries;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.WebhookRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/sip/webhooks}: the webhooks of this format, those of others are none of VideoSDK's
 * clients' business. And the key that their signatures are verified with. Virtual threads.
 */
public final class WebhookResource implements Resource {
    private static final String NOUN = "Webhook";
    private static final String FORMAT = "videosdk";
    private static final int URL = 2048;
    private static final int EVENTS = 32;

    private final WebhookEntries webhooks;
    private final WebhookKey key;

    public WebhookResource(WebhookEntries webhooks, WebhookKey key) {
        this.webhooks = webhooks;
        this.key = key;
    }

    /** Anybody may verify. */
    public Answer publicKey(Ask ask) {
        return Answer.json(200, Map.of("publicKey", key.pem()));
    }

    /** {@code {"url", "events"}}, both required. */
    @Override
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Map<String, Object> fields = fields(body);
                    if (!fields.containsKey("url")) {
                        body.fault("url is required");
                    }
                    if (!fields.containsKey("events")) {
                        body.fault("events is required");
                    }
                    if (body.fault().isPresent()) {
                        return VideoSdk.invalid(body.fault().get());
                    }
                    fields.put("format", FORMAT);
                    return answer(webhooks.create(fields), made -> view(made.row()), 201);
                });
    }

    private static Map<String, Object> fields(Loose body) {
        Map<String, Object> fields = new LinkedHashMap<>();
        body.text("url", URL).ifPresent(url -> fields.put("url", url));
        body.texts("events", EVENTS).ifPresent(events -> fields.put("events", events));
        if (fields.get("events") instanceof List<?> events && events.isEmpty()) {
            body.fault("events is required: one event at least");
        }
        return fields;
    }

    private static <T> Answer answer(
            Result<T> result, Function<T, Map<String, Object>> view, int status) {
        return VideoSdk.answer(
                NOUN, Map.of(), result, value -> Answer.json(status, view.apply(value)));
    }

    @Override
    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        return PageNumbers.read(ask, this::list);
    }

    private Answer list(PageNumbers page) {
        List<WebhookRow> all = ours();
        int first = Math.min(all.size(), (page.page() - 1) * page.perPage());
        int last = Math.min(all.size(), first + page.perPage());
        return Answer.json(
                200, page.view(all.size(), all.subList(first, last), WebhookResource::view));
    }

    /** Newest first. */
    private List<WebhookRow> ours() {
        List<WebhookRow> ours = new ArrayList<>();
        Page.@Nullable Cursor after = null;
        do {
            Page<WebhookRow> page = webhooks.list(after, 100);
            page.items().stream().filter(WebhookResource::isOurs).forEach(ours::add);
            after = page.next().orElse(null);
        } while (after != null);
        return ours;
    }

    private static boolean isOurs(WebhookRow row) {
        return row.webhook().format().equals(FORMAT);
    }

    private Optional<WebhookRow> asked(Ask ask) {
        return webhooks.find(ask.path("webhook")).filter(WebhookResource::isOurs);
    }

    @Override
    public Answer get(Ask ask) {
        return asked(ask)
                .map(row -> Answer.json(200, view(row)))
                .orElseGet(() -> VideoSdk.unknown(NOUN));
    }

    /** What is named is changed. */
    @Override
    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        Optional<WebhookRow> row = asked(ask);
        return row.isEmpty()
                ? VideoSdk.unknown(NOUN)
                : Loose.read(
                        ask,
                        body -> {
                            Map<String, Object> fields = fields(body);
                            return body.fault().isPresent()
                                    ? VideoSdk.invalid(body.fault().get())
                                    : answer(
                                            webhooks.update(row.get().id(), fields),
                                            WebhookResource::view,
                                            200);
                        });
    }

    @Override
    public Answer delete(Ask ask) {
        return asked(ask)
                .map(
                        row ->
                                answer(
                                        webhooks.delete(row.id()),
                                        _ -> Map.of("message", "Webhook deleted successfully"),
                                        200))
                .orElseGet(() -> VideoSdk.unknown(NOUN));
    }

    /** No time of the last change is kept. */
    private static Map<String, Object> view(WebhookRow row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row.id());
        view.put("url", row.webhook().url());
        view.put("events", row.webhook().events());
        view.put("createdAt", VideoSdk.time(row.createdAt()));
        view.put("updatedAt", VideoSdk.time(row.createdAt()));
        return view;
    }
}
