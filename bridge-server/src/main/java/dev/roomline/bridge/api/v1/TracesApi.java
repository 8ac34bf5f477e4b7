package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Accept;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.trace.TraceJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /v1/calls/{id}/trace}: why a call became what it became, as JSON or as a ladder to read.
 * Virtual threads.
 */
public final class TracesApi {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String AS_JSON = "application/json";
    private static final String AS_TEXT = "text/plain";
    private static final String AS_PCAP = "application/vnd.tcpdump.pcap";

    private final Calls calls;
    private final LiveCalls live;
    private final TraceJson traces;

    public TracesApi(Calls calls, LiveCalls live, TraceJson traces) {
        this.calls = calls;
        this.live = live;
        this.traces = traces;
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        Optional<String> type =
                Accept.best(ask.header("accept").orElse(""), List.of(AS_JSON, AS_TEXT, AS_PCAP));
        if (type.isEmpty()) {
            return Answer.problem(
                    406,
                    "A trace is served as "
                            + AS_JSON
                            + ", "
                            + AS_TEXT
                            + " (a ladder) or "
                            + AS_PCAP
                            + ".");
        }
        String id = ask.path("call");
        Optional<Map<String, Object>> trace =
                Await.on(live.trace(id)).map(this::living).or(() -> stored(id));
        if (trace.isEmpty()) {
            return Answer.problem(
                    404,
                    calls.find(id).isPresent()
                            ? "No trace of this call is kept; see calls.trace and calls.trace_keep."
                            : "There is no such call.");
        }
        if (type.get().equals(AS_PCAP)) {
            byte[] capture = TracePcap.of(JSON.valueToTree(trace.get()));
            return new Answer(200, AS_PCAP, capture, Map.of());
        }
        return type.get().equals(AS_TEXT)
                ? Answer.text(
                        200,
                        AS_TEXT + "; charset=utf-8",
                        TraceText.of(JSON.valueToTree(trace.get())))
                : Answer.json(200, trace.get());
    }

    private Map<String, Object> living(LiveCalls.Traced traced) {
        return view(
                traced.row(),
                TraceJson.decisions(traced.trace().decisions()),
                JSON.valueToTree(traces.view(traced.trace())));
    }

    private Optional<Map<String, Object>> stored(String id) {
        Optional<CallRow> row = calls.find(id);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        JsonNode decisions = Views.detail(row.get()).get("decisions");
        JsonNode kept = calls.trace(id).<JsonNode>map(JSON::readTree).orElse(null);
        if (decisions == null && kept == null) {
            return Optional.empty();
        }
        return Optional.of(view(row.get(), decisions == null ? List.of() : decisions, kept));
    }

    /**
     * @param kept messages and what was left out; null where only the decisions are kept
     */
    private static Map<String, Object> view(
            CallRow row, Object decisions, @Nullable JsonNode kept) {
        JsonNode detail = Views.detail(row);
        Map<String, Object> media = new LinkedHashMap<>();
        media.put("codecs", detail.get("codecs"));
        media.put("encryption", detail.get("encryption"));
        media.put("path", detail.get("path"));
        media.put("quality", detail.get("quality"));
        media.put("black_box", kept == null ? null : kept.get("black_box"));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("call", head(row));
        view.put("end", row.endReason() == null ? null : Views.end(row));
        view.put("kept", kept == null ? "decisions" : "all");
        view.put("decisions", decisions);
        view.put("messages", kept == null ? List.of() : kept.path("messages"));
        view.put("left_out", kept == null ? null : kept.get("left_out"));
        view.put("media", media);
        return view;
    }

    private static Map<String, Object> head(CallRow row) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("id", row.id());
        head.put("direction", row.direction());
        head.put("state", row.state());
        Views.putIfPresent(head, "room", row.room());
        Views.putIfPresent(head, "trunk", row.trunk());
        Views.putIfPresent(head, "account", row.account());
        head.put("from", row.from());
        head.put("to", row.to());
        head.put("sip_call_id", row.sipCallId());
        head.put("started_at", TraceJson.time(row.startedAt()));
        time(head, "answered_at", row.answeredAt());
        time(head, "ended_at", row.endedAt());
        return head;
    }

    private static void time(Map<String, Object> head, String name, @Nullable Instant at) {
        if (at != null) {
            head.put(name, TraceJson.time(at));
        }
    }
}
