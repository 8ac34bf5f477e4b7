package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.Reinvited;
import dev.roomline.bridge.call.CallEvent.ReofferReady;
import dev.roomline.bridge.call.CallEvent.ReofferRefused;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A re-INVITE (or UPDATE) and its answer: one at a time (RFC 3261 §14.2, RFC 3264 §8). Owner: the
 * signalling loop.
 */
final class Renegotiation {
    private final SipPort sip;
    private @Nullable RequestId pending;

    Renegotiation(SipPort sip) {
        this.sip = sip;
    }

    void begin(CallEvent event, CallMedia media, Consumer<CallEvent> then) {
        if (event instanceof Reinvited(RequestId reinvite, byte[] offer, var source)) {
            pending = reinvite;
            media.reoffer(
                    offer,
                    source,
                    sdp -> then.accept(new ReofferReady(offer == null, sdp)),
                    why -> then.accept(new ReofferRefused(why)));
        }
    }

    void answer(CallEvent event) {
        RequestId reinvite = pending;
        pending = null;
        if (event instanceof ReofferReady ready && reinvite != null) {
            Body sdp = new Body("application/sdp", ready.sdp());
            sip.command(new SipCommand.Respond(reinvite, 200, null, List.of(), sdp));
        }
    }

    void refuse(CallEvent event, State state) {
        if (event instanceof Reinvited(RequestId reinvite, byte[] _, var _)) {
            // one is under way: 491; once we said BYE there is nothing to renegotiate
            respond(reinvite, state == State.HANGING_UP ? 481 : 491, List.of());
            return;
        }
        RequestId reinvite = pending;
        pending = null;
        if (reinvite == null) {
            return;
        }
        if (event instanceof ReofferRefused(CallEnd why)) {
            respond(reinvite, why.refusalStatus(), why.headers());
        } else {
            // §15.1.2: what is pending is answered before the dialog goes
            respond(reinvite, 487, List.of());
        }
    }

    private void respond(RequestId to, int status, List<HeaderField> headers) {
        sip.command(new SipCommand.Respond(to, status, null, headers, null));
    }
}
