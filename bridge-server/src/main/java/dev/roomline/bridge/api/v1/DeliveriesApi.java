package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.api.Query;
import dev.roomline.bridge.store.Deliveries;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.webhook.Format;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/webhooks/{id}/deliveries} and {@code …/test}. Virtual threads. */
public final class DeliveriesApi {
    private final Store store;
    private final Map<String, Format> formats;
    private final Runnable wake;
    private final InstantSource clock;

    /**
     * @param formats by the name that a webhook has in {@code format}
     * @param wake told that something is to be delivered
     */
    public DeliveriesApi(
            Store store, Map<String, Format> formats, Runnable wake, InstantSource clock) {
        this.store = store;
        this.formats = Map.copyOf(formats);
        this.wake = wake;
        this.clock = clock;
    }

    public Answer list(Ask ask) {
        Query query = new Query(ask);
        Paging paging = Paging.of(query);
        List<Answer.Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        String id = ask.path("id");
        return store.webhooks().find(id).isEmpty()
                ? unknown()
                : Paging.answer(
                        store.deliveries().list(id, paging.after(), paging.limit()),
                        DeliveriesApi::view);
    }

    /** An event of no meaning, to see whether it arrives. */
    public Answer test(Ask ask) {
        String id = ask.path("id");
        Optional<WebhookRow> to = store.webhooks().find(id);
        if (to.isEmpty()) {
            return unknown();
        }
        String event = Names.id("evt");
        Format.Message test =
                formats.getOrDefault(to.get().webhook().format(), Format.STANDARD)
                        .test(event, clock.instant());
        List<DeliveryRow> rows =
                store.deliveries()
                        .add(
                                List.of(id),
                                new Deliveries.Event(
                                        event, test.type(), test.subject(), test.body()));
        wake.run();
        return Answer.json(202, view(rows.getFirst()));
    }

    public Answer redeliver(Ask ask) {
        String id = ask.path("id");
        Optional<DeliveryRow> again = store.deliveries().again(id, ask.path("delivery"));
        if (again.isEmpty()) {
            return store.webhooks().find(id).isEmpty()
                    ? unknown()
                    : Answer.problem(404, "There is no such delivery of this webhook.");
        }
        wake.run();
        return Answer.json(202, view(again.get()));
    }

    private static Answer unknown() {
        return Answer.problem(404, "There is no such webhook.");
    }

    private static Map<String, Object> view(DeliveryRow row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row.id());
        view.put("event", row.eventId());
        view.put("type", row.eventType());
        view.put("state", row.state());
        view.put("attempts", row.attempts());
        if (row.state().equals("waiting")) {
            view.put("next_try_at", Views.time(row.nextTryAt()));
        }
        view.put("last_status", row.lastStatus() == 0 ? null : row.lastStatus());
        view.put("last_error", row.lastError().isEmpty() ? null : row.lastError());
        view.put("created_at", Views.time(row.createdAt()));
        Instant ended = row.endedAt();
        if (ended != null) {
            view.put("ended_at", Views.time(ended));
        }
        return view;
    }
}
