package dev.roomline.bridge.trace;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.sip.endpoint.SipEffect;
import java.util.HashMap;
import java.util.Map;

/**
 * Which trace each SIP message belongs to, by Call-ID. A call's first messages are seen before
 * there is a call, and its last ones after it: bounded numbers of traces wait for them. Who was
 * challenged comes back with the same Call-ID; that trace waits apart, so that calls which are over
 * do not push it out. Owner: the signalling loop.
 */
public final class Ladders {
    static final int OVER = 256;
    static final int CHALLENGED = 4096;
    private static final long OCTETS = 8L << 20;

    private final Signal signal;
    private final Map<String, CallTrace> live = new HashMap<>();
    private final WaitingTraces over = new WaitingTraces(OVER, OCTETS);
    private final WaitingTraces challenged = new WaitingTraces(CHALLENGED, OCTETS);

    public Ladders(Signal signal) {
        this.signal = signal;
    }

    public void seen(SipEffect.MessageSeen message) {
        CallTrace trace = live.get(message.callId());
        if (trace != null) {
            write(trace, message);
        } else if (!challenged.write(message.callId(), t -> write(t, message))
                && !over.write(message.callId(), t -> write(t, message))) {
            CallTrace first = new CallTrace(signal.now());
            write(first, message);
            over.put(message.callId(), first);
        }
    }

    private void write(CallTrace trace, SipEffect.MessageSeen message) {
        trace.seen(signal.now(), message.incoming(), message.flow(), message.bytes());
    }

    /** The trace of a call that begins, with the messages that led to it. */
    public CallTrace open(String callId) {
        if (live.containsKey(callId)) {
            return new CallTrace(signal.now());
        }
        CallTrace known = challenged.remove(callId);
        if (known == null) {
            known = over.remove(callId);
        }
        CallTrace trace = known == null ? new CallTrace(signal.now()) : known;
        live.put(callId, trace);
        return trace;
    }

    /** A call that has a trace goes by this Call-ID too. */
    public void join(String callId, CallTrace trace) {
        live.putIfAbsent(callId, trace);
    }

    /** The call is over; what is still said about it is kept for a while. */
    public void close(String callId, CallTrace trace) {
        if (live.remove(callId, trace)) {
            over.put(callId, trace);
        }
    }

    /** The caller was challenged, and is expected back under the same Call-ID. */
    public void await(String callId, CallTrace trace) {
        if (live.remove(callId, trace)) {
            challenged.put(callId, trace);
        }
    }
}
