package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Call records (CDRs). Blocks: virtual threads only. */
public interface Calls {

    /** Inserts it, or replaces all but its id and start. Committed when it returns. */
    void put(CallRow call);

    /**
     * The same, and its trace beside it.
     *
     * @param trace JSON; replaces what was there
     */
    void put(CallRow ended, String trace);

    Optional<CallRow> find(String id);

    /** The trace that was put for this call; empty where none is kept. */
    Optional<String> trace(String callId);

    /** Newest first. */
    Page<CallRow> list(Filter filter, Page.@Nullable Cursor after, int limit);

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
