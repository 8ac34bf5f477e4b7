package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.room.LegSound;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.Refusals;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The objects of {@code /v1}, field by field as docs/openapi.yaml describes them. */
final class Views {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Views() {}

    static Map<String, Object> room(RoomRow row, LiveRooms.@Nullable Live live) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row.id());
        view.put("name", row.name());
        view.put("codes", row.codes().stream().map(Views::code).toList());
        view.put("max_participants", row.maxParticipants());
        view.put("participants", live == null ? 0 : live.participants());
        if (live != null) {
            view.put("live_since", time(live.since()));
        }
        view.put("created_at", time(row.createdAt()));
        return view;
    }

    static Map<String, Object> code(RoomRow.CodeRow row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("code", row.code());
        view.put("role", row.role());
        view.put("enabled", row.enabled());
        return view;
    }

    static Map<String, Object> participant(ParticipantView p) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", p.id());
        view.put("room", p.room());
        view.put("name", p.name());
        view.put("user_id", p.userId());
        view.put("kind", p.kind());
        view.put("role", p.role());
        view.put("state", p.state());
        view.put("muted", p.muted());
        view.put("talking", p.talking());
        view.put("joined_at", time(p.joinedAt()));
        putIfPresent(view, "call", p.call());
        view.put("attributes", p.attributes());
        LegReport report = p.report();
        if (report != null) {
            view.put("quality", LegSound.words(report));
        }
        return view;
    }

    static Map<String, Object> call(CallRow row) {
        JsonNode detail = detail(row);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row.id());
        view.put("direction", row.direction());
        view.put("state", row.state());
        putIfPresent(view, "room", row.room());
        putIfPresent(view, "participant", row.participant());
        putIfPresent(view, "trunk", row.trunk());
        putIfPresent(view, "account", row.account());
        view.put("from", row.from());
        view.put("to", row.to());
        putIfPresent(view, "name", row.name());
        putIfPresent(view, "user_id", row.userId());
        view.put("started_at", time(row.startedAt()));
        Instant answered = row.answeredAt();
        if (answered != null) {
            view.put("answered_at", time(answered));
        }
        Instant ended = row.endedAt();
        if (ended != null) {
            view.put("ended_at", time(ended));
        }
        view.put("codecs", detail.get("codecs"));
        view.put("encryption", detail.get("encryption"));
        view.put("path", detail.get("path"));
        view.put("quality", detail.get("quality"));
        JsonNode transfers = detail.path("transfers");
        if (!transfers.isEmpty()) {
            view.put("transfer", transfers.get(transfers.size() - 1));
        }
        view.put("end", row.endReason() == null ? null : end(row));
        view.put("source", row.direction().equals("inbound") ? "sip" : "api");
        return view;
    }

    static Map<String, Object> end(CallRow row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("culprit", Objects.requireNonNullElse(row.endCulprit(), "unknown"));
        view.put("reason", row.endReason());
        view.put("sip_status", row.endSipStatus() == 0 ? null : row.endSipStatus());
        view.put("text", Objects.requireNonNullElse(row.endText(), ""));
        return view;
    }

    static JsonNode detail(CallRow row) {
        try {
            return JSON.readTree(row.detail());
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    static Map<String, Object> refusal(Refusals.Refusal refusal) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("source", refusal.source());
        view.put("transport", refusal.transport());
        view.put("method", refusal.method());
        view.put("reason", refusal.reason());
        view.put("detail", refusal.detail());
        view.put("count", refusal.count());
        view.put("first_at", time(refusal.first()));
        view.put("last_at", time(refusal.last()));
        return view;
    }

    static void putIfPresent(Map<String, Object> view, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            view.put(name, value);
        }
    }

    /** RFC 3339 in UTC, milliseconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
