package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.lifecycle.ServerState;
import dev.roomline.bridge.metrics.LiveNumbers;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.trace.Refusals;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /v1/server}, {@code /v1/refusals}, {@code /healthz} and {@code /readyz}. */
public final class ServerApi {
    private static final int REFUSALS = 1000;
    private final String version;
    private final Supplier<LiveNumbers> numbers;
    private final ServerState state;
    private final Refusals refusals;
    private final InstantSource clock;

    public ServerApi(
            String version,
            Supplier<LiveNumbers> numbers,
            ServerState state,
            Refusals refusals,
            InstantSource clock) {
        this.version = version;
        this.numbers = numbers;
        this.state = state;
        this.refusals = refusals;
        this.clock = clock;
    }

    public Answer server(Ask ask) {
        LiveNumbers now = numbers.get();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("version", version);
        view.put(
                "uptime_s",
                Math.max(0, Duration.between(state.startedAt(), clock.instant()).toSeconds()));
        view.put("calls", now.calls());
        view.put("participants", now.participants());
        view.put("rooms", now.rooms());
        view.put("loops", now.loops().stream().map(ServerApi::loop).toList());
        view.put("draining", state.draining());
        view.put("overloaded", !state.overloadedBecause().isEmpty());
        view.put("overloaded_because", state.overloadedBecause());
        return Answer.json(200, view);
    }

    private static Map<String, Object> loop(LoopReport report) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("utilisation", report.utilisation());
        view.put("late_ticks", report.lateTicks());
        return view;
    }

    public Answer drain(Ask ask) {
        state.drain();
        return Answer.noContent();
    }

    public Answer resume(Ask ask) {
        state.resume();
        return Answer.noContent();
    }

    /** The ring is bounded, so it is one page. */
    public Answer refusals(Ask ask) {
        List<Refusals.Refusal> all = refusals.list().stream().limit(REFUSALS).toList();
        return Paging.answer(new Page<>(all, Optional.empty()), Views::refusal);
    }

    public Answer alive(Ask ask) {
        return Answer.json(200, Map.of("status", "alive"));
    }

    public Answer ready(Ask ask) {
        Optional<String> because = state.notReadyBecause();
        return because.isEmpty()
                ? Answer.json(200, Map.of("status", "ready"))
                : Answer.problem(503, because.get()).retryAfter(Duration.ofSeconds(5));
    }
}
