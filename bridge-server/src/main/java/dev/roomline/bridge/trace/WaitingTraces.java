package dev.roomline.bridge.trace;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Traces without a call, by Call-ID. Bounded by number and by octets: who was longest not heard of
 * is forgotten first. Owner: the signalling loop.
 */
final class WaitingTraces {
    private final int most;
    private final long mostOctets;
    private final Map<String, CallTrace> traces = new LinkedHashMap<>(16, 0.75f, true);
    private long octets;

    WaitingTraces(int most, long mostOctets) {
        this.most = most;
        this.mostOctets = mostOctets;
    }

    void put(String callId, CallTrace trace) {
        remove(callId);
        traces.put(callId, trace);
        octets += trace.octets();
        forget();
    }

    @Nullable CallTrace remove(String callId) {
        CallTrace trace = traces.remove(callId);
        if (trace != null) {
            octets -= trace.octets();
        }
        return trace;
    }

    /** Writes into the trace that waits under this Call-ID; false if there is none. */
    boolean write(String callId, Consumer<CallTrace> writing) {
        CallTrace trace = traces.get(callId);
        if (trace == null) {
            return false;
        }
        octets -= trace.octets();
        writing.accept(trace);
        octets += trace.octets();
        forget();
        return true;
    }

    private void forget() {
        Iterator<CallTrace> eldest = traces.values().iterator();
        while (eldest.hasNext() && (traces.size() > most || octets > mostOctets)) {
            octets -= eldest.next().octets();
            eldest.remove();
        }
    }
}
