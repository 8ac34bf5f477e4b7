package dev.roomline.bridge.call;

import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** What a call's row says beyond its columns, as JSON that the API shows as it stands. */
final class CallDetail {
    private static final JsonMapper JSON = JsonMapper.shared();

    private CallDetail() {}

    /** The decisions alone. */
    static String json(CallTrace trace) {
        return json(Optional.empty(), trace.decisions(), List.of());
    }

    static String json(Optional<LegReport> report, CallTrace trace, boolean withLadder) {
        return json(report, trace.decisions(), withLadder ? trace.ladder() : List.of());
    }

    static String json(
            Optional<LegReport> report, List<CallTrace.Decision> made, List<CallTrace.Rung> rungs) {
        Map<String, Object> detail = new LinkedHashMap<>();
        report.ifPresent(
                leg -> {
                    detail.put(
                            "codecs",
                            Map.of("sent", leg.codecSent(), "received", leg.codecReceived()));
                    detail.put("path", leg.path());
                    detail.put("quality", quality(leg));
                });
        List<Object> decisions = new ArrayList<>();
        for (CallTrace.Decision decision : made) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("after_ms", decision.afterMillis());
            row.put("about", decision.about());
            row.put("text", decision.text());
            decisions.add(row);
        }
        detail.put("decisions", decisions);
        if (!rungs.isEmpty()) {
            detail.put("ladder", ladder(rungs));
        }
        return JSON.writeValueAsString(detail);
    }

    private static List<Object> ladder(List<CallTrace.Rung> rungs) {
        List<Object> ladder = new ArrayList<>();
        for (CallTrace.Rung rung : rungs) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("after_ms", rung.afterMillis());
            row.put("direction", rung.incoming() ? "received" : "sent");
            row.put("peer", rung.peer());
            row.put("message", rung.text());
            ladder.add(row);
        }
        return ladder;
    }

    private static Map<String, Object> quality(LegReport leg) {
        Map<String, Object> received = direction(leg.received());
        received.put("concealed", leg.concealedShare());
        Map<String, Object> quality = new LinkedHashMap<>();
        quality.put("sent", direction(leg.sent()));
        quality.put("received", received);
        if (leg.rttMillis() >= 0) {
            quality.put("rtt_ms", leg.rttMillis());
        }
        return quality;
    }

    private static Map<String, Object> direction(Direction direction) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("packets", direction.packets());
        row.put("loss", direction.lossShare());
        if (direction.jitterMillis() >= 0) {
            row.put("jitter_ms", direction.jitterMillis());
        }
        return row;
    }
}
