package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Call records (CDRs). Blocks: virtual threads only. */
public interface Calls {

    /**
     * A call's row and, where it has ended and that is kept, its trace.
     *
     * @param trace JSON; null leaves what is there
     */
    record Entry(CallRow row, @Nullable String trace) {}

    /**
     * Inserts each, or replaces all but its id and start, in one transaction: all are committed
     * when it returns, none if it throws.
     */
    void putAll(List<Entry> entries);

    /** One alone. */
    default void put(CallRow call) {
        putAll(List.of(new Entry(call, null)));
    }

    /**
     * One alone, with its trace.
     *
     * @param trace JSON; replaces what was there
     */
    default void put(CallRow ended, String trace) {
        putAll(List.of(new Entry(ended, trace)));
    }

    Optional<CallRow> find(String id);

    /** The trace that was put for this call; empty where none is kept. */
    Optional<String> trace(String callId);

    /** Newest first. */
    Page<CallRow> list(Filter filter, Page.@Nullable Cursor after, int limit);

    /** Calls that we placed, newest first. */
    Slice placed(Placed which, int offset, int limit);

    /**
     * @param total how many there are, of which {@code rows} are some
     */
    record Slice(List<CallRow> rows, long total) {
        public Slice {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Which of the calls that we placed.
     *
     * @param to numbers as records have them; empty: all
     * @param progress how far they have come
     * @param reasons labels of the end table, where {@code progress} is {@code ENDED}
     */
    record Placed(Set<String> to, Progress progress, Set<String> reasons) {
        public Placed {
            to = Set.copyOf(to);
            reasons = Set.copyOf(reasons);
        }

        /** How far a call has come. */
        public enum Progress {
            ANY,
            SETTING_UP,
            TALKING,
            ENDED
        }
    }

    /** How many a list without end would have. */
    long count(Filter filter);

    /** What is not ended, the oldest first. */
    List<CallRow> open();

    /**
     * What was open when the process last died becomes ended, {@code server_crashed}. Once, at
     * start, before any call is taken.
     *
     * @return how many there were
     */
    int endCrashed(Instant now);

    /** Forgets calls that ended before {@code limit}, and their traces; returns how many. */
    int deleteEndedBefore(Instant limit);

    /** Forgets traces of calls that ended before {@code limit}; returns how many. */
    int deleteTracesEndedBefore(Instant limit);

    /** Null components do not filter; {@code since} is inclusive, {@code until} exclusive. */
    record Filter(
            @Nullable String room,
            @Nullable String trunk,
            @Nullable String state,
            @Nullable String culprit,
            @Nullable String direction,
            @Nullable Instant since,
            @Nullable Instant until) {
        public static final Filter ALL = new Filter(null, null, null, null, null, null, null);
    }
}
