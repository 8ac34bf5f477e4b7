package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.CallOutcome;
import dev.roomline.bridge.store.CallRow;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a call stands, in VideoSDK's words: its column of the table of endings, and its timelog. */
final class CallStatus {
    static final String MISSED = "missed";
    static final String NOT_ANSWERED = "not-answered";
    static final String SWITCH = "switch-room-";

    private static final JsonMapper JSON = JsonMapper.shared();

    private CallStatus() {}

    /** Empty: what never was a call to VideoSDK. */
    static Optional<String> of(CallRow row) {
        return CallOutcome.of(row).map(CallStatus::ended).orElseGet(() -> Optional.of(now(row)));
    }

    private static String now(CallRow row) {
        return switch (row.state()) {
            case "dialing" -> "initiated";
            case "ringing" -> isInbound(row) ? "incoming" : "ringing";
            default -> "answered";
        };
    }

    static boolean isInbound(CallRow row) {
        return row.direction().equals("inbound");
    }

    private static Optional<String> ended(CallOutcome outcome) {
        return switch (outcome) {
            case TALKED, CUT_OFF -> Optional.of("ended");
            case BUSY, DECLINED -> Optional.of("rejected");
            case NO_ANSWER -> Optional.of(NOT_ANSWERED);
            case GIVEN_UP -> Optional.of(MISSED);
            case NO_SUCH_NUMBER, BARRED, FAILED -> Optional.of("failed");
            case NO_CALL -> Optional.empty();
        };
    }

    /** How a transfer stands; empty where nobody said what became of it. */
    static Optional<String> ofTransfer(String state) {
        return switch (state) {
            case "requested" -> Optional.of("transfer-initiated");
            case "accepted" -> Optional.of("transfer-accepted");
            case "trying" -> Optional.of("transferring");
            case "ringing" -> Optional.of("transfer-ringing");
            case "transferred" -> Optional.of("transferred");
            case "failed" -> Optional.of("transfer-failed");
            default -> Optional.empty();
        };
    }

    /**
     * Through what it has gone, and when.
     *
     * @param rangAt when the far end began to ring; null: it did not, or nobody knows
     */
    static List<Map<String, String>> timelog(CallRow row, @Nullable Instant rangAt) {
        List<Map<String, String>> log = new ArrayList<>();
        add(log, isInbound(row) ? "incoming" : "initiated", row.startedAt());
        add(log, "ringing", rangAt);
        add(log, "answered", row.answeredAt());
        for (JsonNode step : detail(row).path("transfers")) {
            ofTransfer(step.path("state").asString(""))
                    .ifPresent(status -> add(log, status, at(step)));
        }
        for (JsonNode step : detail(row).path("moves")) {
            add(log, SWITCH + step.path("state").asString(""), at(step));
        }
        log.sort(Comparator.comparing(entry -> entry.getOrDefault("timestamp", "")));
        of(row).filter(_ -> row.endReason() != null)
                .ifPresent(status -> add(log, status, row.endedAt()));
        return log;
    }

    private static @Nullable Instant at(JsonNode step) {
        try {
            return Instant.parse(step.path("at").asString(""));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static JsonNode detail(CallRow row) {
        try {
            return JSON.readTree(row.detail());
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    private static void add(List<Map<String, String>> log, String status, @Nullable Instant at) {
        if (at != null) {
            Map<String, String> entry = new LinkedHashMap<>();
            entry.put("status", status);
            entry.put("timestamp", VideoSdk.time(at));
            log.add(entry);
        }
    }
}
