package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.entry.Reload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code POST /v1/server/reload}. Virtual threads. */
public final class ReloadApi {
    private final Reload reload;

    public ReloadApi(Reload reload) {
        this.reload = reload;
    }

    public Answer reload(Ask ask) {
        return switch (reload.reload()) {
            case Reload.Outcome.Faulty(List<Fault> faults) ->
                    Answer.invalid(faults.stream().map(ReloadApi::fault).toList());
            case Reload.Outcome.Reloaded reloaded -> {
                Map<String, Object> changed = new LinkedHashMap<>();
                reloaded.changed()
                        .kinds()
                        .forEach(
                                (kind, rows) -> {
                                    Map<String, Object> view = new LinkedHashMap<>();
                                    view.put("added", rows.added());
                                    view.put("changed", rows.changed());
                                    view.put("removed", rows.removed());
                                    changed.put(kind, view);
                                });
                Map<String, Object> view = new LinkedHashMap<>();
                view.put("changed", changed);
                view.put("needs_restart", reloaded.needsRestart());
                view.put("warnings", reloaded.warnings());
                yield Answer.json(200, view);
            }
        };
    }

    /** Into the configuration, not into a body: its keys are the pointer. */
    private static Answer.Fault fault(Fault fault) {
        String where = fault.origin().isEmpty() ? "" : " (" + fault.origin() + ")";
        return new Answer.Fault(fault.key(), "expected " + fault.expectation() + where);
    }
}
