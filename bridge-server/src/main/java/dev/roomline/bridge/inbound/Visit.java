package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.SipRequest;
import java.util.concurrent.CompletableFuture;

/** One caller on its way through the door. Owner: the signalling loop. */
record Visit(
        SipRequest invite,
        Flow flow,
        CallTrace trace,
        Signal signal,
        CompletableFuture<Screening> outcome) {

    void turnAway(CallEnd end) {
        outcome.complete(new Screening.TurnedAway(end));
    }

    void refuse(CallEnd end, Caller caller) {
        outcome.complete(new Screening.Refused(end, caller));
    }

    void decided(String about, String text) {
        trace.decided(signal.now(), about, text);
    }
}
