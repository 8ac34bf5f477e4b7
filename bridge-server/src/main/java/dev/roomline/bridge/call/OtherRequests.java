package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that set no call up: OPTIONS, INFO, UPDATE without an offer. Owner: the
 * signalling loop.
 */
final class OtherRequests {
    private static final HeaderField RETRY_AFTER =
            new HeaderField("Retry-After", Long.toString(CallEnd.RETRY_AFTER.toSeconds()));

    /** Others are served inside a call. */
    private static final HeaderField OUTSIDE =
            new HeaderField("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER");

    private static final HeaderField ACCEPT_SDP = new HeaderField("Accept", "application/sdp");
    private static final HeaderField ACCEPT_DTMF =
            new HeaderField("Accept", "application/dtmf-relay, application/dtmf");

    private final SipPort sip;
    private final BooleanSupplier draining;

    OtherRequests(SipPort sip, BooleanSupplier draining) {
        this.sip = sip;
        this.draining = draining;
    }

    /**
     * OPTIONS asks whether calls are taken (RFC 3261 §11.2); nothing of a room is told.
     *
     * @return false if the method is not served here: answered 405
     */
    boolean outsideDialog(RequestId request, SipRequest message) {
        boolean served = message.method().equals("OPTIONS");
        if (!served) {
            respond(request, 405, message.method() + " is not served", OUTSIDE);
        } else if (draining.getAsBoolean()) {
            respond(request, 503, null, RETRY_AFTER);
        } else {
            respond(request, 200, null, ACCEPT_SDP);
        }
        return served;
    }

    void insideDialog(RequestId request, Call call, SipRequest message) {
        Body body = message.body();
        switch (message.method()) {
            case "INFO" -> inform(request, call, body);
            // without an offer: where requests go, and how long the session lives, is the core's
            case "UPDATE" -> respond(request, 200, null);
            case "OPTIONS" -> respond(request, 200, null, ACCEPT_SDP);
            case "REFER" -> call.talk.referred(request, message);
            case "NOTIFY" -> call.talk.notified(request, message);
            default -> respond(request, 405, null);
        }
    }

    private void inform(RequestId request, Call call, @Nullable Body body) {
        if (body == null) {
            respond(request, 200, null);
        } else if (InfoDigit.isServed(body)) {
            Optional<InfoDigit> digit = InfoDigit.read(body);
            digit.ifPresent(d -> call.talk.informed(d, body.contentType()));
            respond(request, digit.isPresent() ? 200 : 400, null);
        } else {
            respond(request, 415, null, ACCEPT_DTMF);
        }
    }

    private void respond(
            RequestId request, int status, @Nullable String phrase, HeaderField... headers) {
        sip.command(new SipCommand.Respond(request, status, phrase, List.of(headers), null));
    }
}
