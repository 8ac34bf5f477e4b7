package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which calls there are, under every name by which one is asked for, from the first message until
 * the store has all of it. Owner: the signalling loop; the two counts may be read from any thread.
 */
final class CallTable {
    private static final Duration SLOW = Duration.ofMillis(500);

    private final Map<String, Call> living = new LinkedHashMap<>();

    /** Ended, their last row on its way into the store: who asks is answered from here. */
    private final Map<String, Call> settling = new LinkedHashMap<>();

    /** Ended, their last messages not stored yet. */
    private final Map<String, Call> traced = new LinkedHashMap<>();

    private final Map<DialogId, Call> byDialog = new HashMap<>();
    private final Map<RequestId, InboundCall> byRequest = new HashMap<>();
    private final AtomicInteger liveCount = new AtomicInteger();
    private final AtomicInteger unsettledCount = new AtomicInteger();

    void add(InboundCall call) {
        living.put(call.id, call);
        byDialog.put(call.dialog(), call);
        byRequest.put(call.request, call);
    }

    void add(PlacedCall call) {
        living.put(call.id, call);
    }

    /** An INVITE of this call has its dialog. */
    void dialog(DialogId dialog, PlacedCall call) {
        byDialog.put(dialog, call);
    }

    void admitted() {
        liveCount.incrementAndGet();
    }

    /** It has its end, and its last row is being stored. */
    void ended(Call call) {
        settling.put(call.id, call);
        unsettledCount.incrementAndGet();
        traced.put(call.id, call);
    }

    /** The store has its last row, or it was given up. */
    void settled(Call call) {
        if (settling.remove(call.id) != null) {
            unsettledCount.decrementAndGet();
        }
    }

    /** The store has all that it will get of it. */
    void stored(Call call) {
        traced.remove(call.id);
    }

    /**
     * Nothing more will come of it.
     *
     * @return false if that was known
     */
    boolean over(Call call) {
        if (living.remove(call.id) == null) {
            return false;
        }
        call.dialogs().forEach(byDialog::remove);
        if (call instanceof InboundCall inbound) {
            byRequest.remove(inbound.request);
        }
        if (call.isAdmitted()) {
            liveCount.decrementAndGet();
        }
        return true;
    }

    @Nullable Call of(@Nullable DialogId dialog) {
        return byDialog.get(dialog);
    }

    /** Whose INVITE it was. */
    @Nullable Call of(RequestId invite) {
        return byRequest.get(invite);
    }

    /** Past the door, and not over. */
    @Nullable Call admitted(String id) {
        Call call = living.get(id);
        return call != null && call.isAdmitted() ? call : null;
    }

    /** Past the door, until the store has its last row. */
    @Nullable Call unsettled(String id) {
        Call call = admitted(id);
        return call != null ? call : settling.get(id);
    }

    /** Past the door, until the store has its last messages. */
    @Nullable Call traced(String id) {
        Call call = admitted(id);
        return call != null ? call : traced.get(id);
    }

    /** All past the door, until the store has their last rows. */
    Collection<Call> unsettled() {
        Map<String, Call> known = new LinkedHashMap<>(settling);
        living.values().stream().filter(Call::isAdmitted).forEach(call -> known.put(call.id, call));
        return known.values();
    }

    /** All that are not over, those at the door among them. */
    List<Call> living() {
        return new ArrayList<>(living.values());
    }

    int screeningCount() {
        return living.size() - liveCount.get();
    }

    int liveCount() {
        return liveCount.get();
    }

    int unsettledCount() {
        return unsettledCount.get();
    }

    long callsOfTrunk(String trunk) {
        return living.values().stream()
                .filter(Call::isAdmitted)
                .filter(call -> call.caller() != null && trunk.equals(call.caller().trunk()))
                .count();
    }

    Census census(Instant now) {
        int[] counts = new int[4];
        int slow = 0;
        Instant slowBefore = now.minus(SLOW);
        for (Call call : living.values()) {
            int kind =
                    switch (call.state()) {
                        case SCREENING -> 0;
                        case SEATING, STORING, RECORDING, QUEUED, OFFERING, DIALING, EARLY_OFFER ->
                                1;
                        case CONFIRMING,
                                OFFERED,
                                ANSWERING,
                                CONNECTING,
                                TALKING,
                                REOFFERING,
                                REOFFERED,
                                PROPOSING,
                                PROPOSED,
                                REANSWERING ->
                                2;
                        case HANGING_UP, ENDED -> 3;
                    };
            counts[kind]++;
            // whoever we call may take the time to answer that people take
            boolean ours = kind < 2 && call instanceof InboundCall;
            slow += ours && call.startedAt.isBefore(slowBefore) ? 1 : 0;
        }
        return new Census(counts[0], counts[1], counts[2], counts[3], slow);
    }
}
