package dev.roomline.bridge.trace;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.sip.endpoint.SipEffect;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which trace each SIP message belongs to, by Call-ID. A call's first messages are seen before
 * there is a call, and its last ones after it: a bounded number of traces waits for them. Owner:
 * the signalling loop.
 */
public final class Ladders {
    static final int WAITING = 256;

    private final Signal signal;
    private final Map<String, CallTrace> live = new HashMap<>();
    private final Map<String, CallTrace> waiting =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, CallTrace> eldest) {
                    return size() > WAITING;
                }
            };

    public Ladders(Signal signal) {
        this.signal = signal;
    }

    public void seen(SipEffect.MessageSeen message) {
        CallTrace trace = live.get(message.callId());
        if (trace == null) {
            trace = waiting.computeIfAbsent(message.callId(), _ -> new CallTrace(signal.now()));
        }
        trace.seen(signal.now(), message.incoming(), message.flow(), message.bytes());
    }

    /** The trace of a call that begins, with the messages that led to it. */
    public CallTrace open(String callId) {
        if (live.containsKey(callId)) {
            return new CallTrace(signal.now());
        }
        CallTrace known = waiting.remove(callId);
        CallTrace trace = known == null ? new CallTrace(signal.now()) : known;
        live.put(callId, trace);
        return trace;
    }

    /** The call is over; what is still said about it is kept for a while. */
    public void close(String callId, CallTrace trace) {
        if (live.remove(callId, trace)) {
            waiting.put(callId, trace);
        }
    }
}
