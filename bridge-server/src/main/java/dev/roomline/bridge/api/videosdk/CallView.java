package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Notes;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A call as the dialect shows it, from its record and what its client said of it. */
final class CallView {
    /** Notes of calls: {@code {"metadata": {…}, "ruleId"}}. */
    static final String NOTE = "videosdk.call";

    static final String METADATA = "metadata";
    static final String RULE = "ruleId";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Notes notes;
    private final Peers peers;

    CallView(Notes notes, Peers peers) {
        this.notes = notes;
        this.peers = peers;
    }

    Map<String, @Nullable Object> of(CallRow row) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("callId", row.id());
        view.put("status", CallStatus.of(row).orElse("failed"));
        view.put("roomId", row.room() == null ? null : Aliases.dashed12(row.room()));
        view.put("sipCallTo", row.to());
        view.put("sipCallFrom", row.from());
        view.put("gatewayId", gateway(row));
        view.put(METADATA, note(row).getOrDefault(METADATA, Map.of()));
        view.put("timelog", CallStatus.timelog(row, rangAt(row)));
        return view;
    }

    private Map<String, Object> note(CallRow row) {
        return notes.find(NOTE, row.id()).orElse(Map.of());
    }

    /**
     * With what a client asks of a call that it did not place itself; where it is fetched, the
     * dialect's own clients look for {@code id}, {@code from} and {@code to}.
     */
    Map<String, @Nullable Object> whole(CallRow row, @Nullable String sessionId) {
        Map<String, @Nullable Object> view = of(row);
        view.put("id", row.id());
        view.put("from", row.from());
        view.put("to", row.to());
        view.put(RULE, note(row).get(RULE));
        view.put("type", row.direction());
        view.put("participantId", participant(row));
        view.put("sessionId", sessionId);
        view.put("start", VideoSdk.time(row.startedAt()));
        Instant ended = row.endedAt();
        view.put("end", ended == null ? null : VideoSdk.time(ended));
        return view;
    }

    static String participant(CallRow row) {
        return Sessions.name(Objects.requireNonNullElse(row.participant(), ""), row.userId());
    }

    private @Nullable String gateway(CallRow row) {
        String trunk = row.trunk();
        String account = row.account();
        if (trunk != null) {
            return Aliases.word21(trunk);
        }
        return account == null ? null : peers.aliasOfAccount(account).orElse(null);
    }

    private static @Nullable Instant rangAt(CallRow row) {
        try {
            return Optional.of(JSON.readTree(row.detail()).path("rang_at"))
                    .filter(at -> at.isString())
                    .map(at -> Instant.parse(at.asString()))
                    .orElse(null);
        } catch (JacksonException | DateTimeParseException e) {
            return null;
        }
    }
}
