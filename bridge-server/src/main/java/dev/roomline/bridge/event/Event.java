package dev.roomline.bridge.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One happening with its number and time. Thread-safe. */
public final class Event {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final long sequence;
    private final String id;
    private final Instant at;
    private final Happening what;

    /** Written by whoever needs it first: most events are read by nobody. */
    private volatile @Nullable String json;

    public Event(long sequence, String id, Instant at, Happening what) {
        this.sequence = sequence;
        this.id = id;
        this.at = at;
        this.what = what;
    }

    /** From 1 on, without gaps, within one run of the server. */
    public long sequence() {
        return sequence;
    }

    /** {@code evt_…}, of all runs. */
    public String id() {
        return id;
    }

    public Instant at() {
        return at;
    }

    public Happening what() {
        return what;
    }

    public EventType type() {
        return what.type();
    }

    /**
     * Whose events keep their order on their way through a webhook: the call's, else the room's;
     * empty: nobody's.
     */
    public String subject() {
        if (what.call() != null) {
            return what.call();
        }
        return what.room() == null ? "" : what.room();
    }

    /** {@code {id, type, at, room?, call?, participant?, data}} on one line. */
    public String json() {
        String text = json;
        if (text == null) {
            text = write();
            json = text;
        }
        return text;
    }

    private String write() {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", id);
        view.put("type", type().label());
        view.put("at", at.truncatedTo(ChronoUnit.MILLIS).toString());
        putIfPresent(view, "room", what.room());
        putIfPresent(view, "call", what.call());
        putIfPresent(view, "participant", what.participant());
        view.put("data", what.data());
        return JSON.writeValueAsString(view);
    }

    private static void putIfPresent(
            Map<String, @Nullable Object> view, String name, @Nullable String value) {
        if (value != null) {
            view.put(name, value);
        }
    }
}
