package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trace.TraceSnapshot.Decision;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a call's row says beyond its columns, as JSON that the API shows as it stands. */
final class CallDetail {
    private static final JsonMapper JSON = JsonMapper.shared();

    private CallDetail() {}

    /** What was decided up to now; nothing where no traces are kept. */
    static List<Decision> decisions(CallTrace trace, Trace kept) {
        return kept == Trace.NONE ? List.of() : trace.decisions();
    }

    /**
     * @param course what happened on the way
     */
    static String json(Optional<LegReport> report, Course course, List<Decision> made) {
        Map<String, Object> detail = new LinkedHashMap<>();
        Instant rangAt = course.rangAt();
        if (rangAt != null) {
            detail.put("rang_at", rangAt.toString());
        }
        report.ifPresent(
                leg -> {
                    detail.put(
                            "codecs",
                            Map.of("sent", leg.codecSent(), "received", leg.codecReceived()));
                    detail.put("encryption", leg.encryption());
                    detail.put("path", leg.path());
                    detail.put("quality", quality(leg));
                });
        if (!course.transfers().isEmpty()) {
            detail.put("transfers", course.transfers().stream().map(CallDetail::of).toList());
        }
        if (!course.moves().isEmpty()) {
            detail.put("moves", course.moves().stream().map(CallDetail::of).toList());
        }
        if (!made.isEmpty()) {
            detail.put("decisions", TraceJson.decisions(made));
        }
        return JSON.writeValueAsString(detail);
    }

    private static Map<String, @Nullable Object> of(Transfer step) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("to", step.to());
        row.put("state", step.state());
        row.put("sip_status", step.sipStatus() == 0 ? null : step.sipStatus());
        row.put("text", step.text());
        row.put("at", step.at().truncatedTo(ChronoUnit.MILLIS).toString());
        return row;
    }

    private static Map<String, Object> of(Move step) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("state", step.state());
        row.put("from_room", step.from());
        row.put("to_room", step.to());
        row.put("text", step.text());
        row.put("at", step.at().truncatedTo(ChronoUnit.MILLIS).toString());
        return row;
    }

    private static Map<String, Object> quality(LegReport leg) {
        Map<String, Object> received = direction(leg.received());
        received.put("concealed", known(leg.concealedShare()));
        Map<String, Object> quality = new LinkedHashMap<>();
        quality.put("sent", direction(leg.sent()));
        quality.put("received", received);
        quality.put("rtt_ms", known(leg.rttMillis()));
        return quality;
    }

    private static Map<String, Object> direction(Direction direction) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("packets", direction.packets());
        row.put("loss", known(direction.lossShare()));
        row.put("jitter_ms", known(direction.jitterMillis()));
        row.put("burst_ratio", known(direction.burstRatio()));
        row.put("mos", known(direction.mos()));
        return row;
    }

    /** The media relay says −1 for what it does not know; the API says null. */
    private static @Nullable Double known(double value) {
        return value < 0 ? null : Double.valueOf(value);
    }
}
