package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Passthrough;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A call as records, the queue and the report of its end show it. */
final class CallView {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OK = 200;

    private CallView() {}

    /**
     * @param order null where it was not ordered here
     */
    static Map<String, @Nullable Object> of(CallRow row, Passthrough.@Nullable Call order) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("call_id", row.id());
        view.put("queue_id", order == null ? null : order.id());
        view.put("room_name", order == null ? row.room() : order.roomName());
        String trunk = row.trunk() == null && order != null ? order.trunk() : row.trunk();
        view.put("trunk_id", trunk == null ? null : Aliases.st12(trunk));
        view.put("to_number", row.to());
        view.put("from_number", row.from());
        view.put("call_status", CallStatus.of(row).label());
        view.put("sip_status_code", sipStatus(row));
        view.put("started_at", Indus.time(row.startedAt()));
        view.put("answered_at", Indus.time(row.answeredAt()));
        view.put("ended_at", Indus.time(row.endedAt()));
        view.put("call_duration", seconds(row));
        view.put("call_end_reason", row.endReason());
        view.put("call_end_detail", row.endText());
        view.put("metadata", order == null ? null : metadata(order));
        return view;
    }

    /** Whoever answered said 200 before all else. */
    private static @Nullable Integer sipStatus(CallRow row) {
        if (row.answeredAt() != null) {
            return OK;
        }
        return row.endSipStatus() == 0 ? null : row.endSipStatus();
    }

    private static @Nullable Long seconds(CallRow row) {
        Instant answered = row.answeredAt();
        Instant ended = row.endedAt();
        if (ended == null) {
            return null;
        }
        return answered == null ? 0L : Duration.between(answered, ended).toSeconds();
    }

    static @Nullable Object metadata(Passthrough.Call order) {
        return order.metadata().isEmpty() ? null : JSON.readTree(order.metadata());
    }
}
