package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.SipRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One caller on its way through the door. Owner: the signalling loop.
 *
 * @param leaving whose call goes as soon as this one is answered; null: nobody's
 * @param name that an application gave it; empty: none did
 * @param userId the same
 * @param counted it is a call already, which limits count: its caller was asked
 */
record Visit(
        SipRequest invite,
        Flow flow,
        CallTrace trace,
        @Nullable Caller leaving,
        Signal signal,
        CompletableFuture<Screening> outcome,
        String name,
        String userId,
        boolean counted) {
    Visit(
            SipRequest invite,
            Flow flow,
            CallTrace trace,
            @Nullable Caller leaving,
            Signal signal,
            CompletableFuture<Screening> outcome) {
        this(invite, flow, trace, leaving, signal, outcome, "", "", false);
    }

    /** The same, as the application calls it. */
    Visit named(String given, String givenUserId) {
        return new Visit(
                invite, flow, trace, leaving, signal, outcome, given, givenUserId, counted);
    }

    /** The same caller, who has answered a question. */
    Visit again() {
        return new Visit(
                invite,
                flow,
                trace,
                leaving,
                signal,
                new CompletableFuture<>(),
                name,
                userId,
                true);
    }

    void turnAway(CallEnd end) {
        outcome.complete(new Screening.TurnedAway(end));
    }

    void refuse(CallEnd end, Caller caller) {
        outcome.complete(new Screening.Refused(end, caller));
    }

    /** The caller means no room that it may know of. */
    void refuseUnknown(Caller caller, String why) {
        decided("room", why);
        refuse(CallEnd.of(EndReason.UNKNOWN_ROOM), caller);
    }

    /** The store does not say what must be known. */
    void refuseUnread(Caller caller, String why) {
        decided("store", why);
        refuse(CallEnd.storeAway(), caller);
    }

    void decided(String about, String text) {
        trace.decided(signal.now(), about, text);
    }
}
