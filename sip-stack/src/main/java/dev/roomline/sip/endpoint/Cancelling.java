package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.transaction.TimerQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The CANCELs of one call: one for each INVITE of it that has a provisional answer and no final one
 * (RFC 3261 §9.1). What they are answered does not matter; what the INVITE is answered does, and
 * 64·T1 later it is given up. Owner: the signalling loop.
 */
final class Cancelling implements Attempt.Owner {
    private final Core core;
    private final OutboundCall call;
    private final Map<Attempt, TimerQueue.Timer> sent = new HashMap<>(2);
    private List<HeaderField> headers = List.of();

    Cancelling(Core core, OutboundCall call) {
        this.core = core;
        this.call = call;
    }

    void want(List<HeaderField> headers) {
        this.headers = headers;
    }

    /** Once for each INVITE. */
    void send(Attempt invite, long nowNanos) {
        if (sent.containsKey(invite) || invite.concluded) {
            return;
        }
        sent.put(
                invite,
                core.timers.schedule(
                        nowNanos + core.settings.timers().patienceNanos(),
                        now -> {
                            if (!invite.concluded) {
                                call.cancelUnconfirmed(invite, now);
                            }
                        }));
        invite.cancelling(this, headers).start(nowNanos);
    }

    void stop() {
        sent.values().forEach(TimerQueue.Timer::cancel);
    }

    @Override
    public void received(Attempt attempt, ParsedResponse response, long nowNanos) {
        // the INVITE's own answer follows, or it is given up
    }

    @Override
    public void lost(Attempt attempt, Tried.Why why, long nowNanos) {
        // as above
    }
}
