package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.AnswerTaken;
import dev.roomline.bridge.call.CallEvent.OfferDue;
import dev.roomline.bridge.call.CallEvent.ProposalAnswered;
import dev.roomline.bridge.call.CallEvent.ProposalFailed;
import dev.roomline.bridge.call.CallEvent.ProposalReady;
import dev.roomline.bridge.call.CallEvent.Reinvited;
import dev.roomline.bridge.call.CallEvent.ReofferReady;
import dev.roomline.bridge.call.CallEvent.ReofferRefused;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.sip.dialog.Glare;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent.ResponseReceived;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a call changes what was agreed: the peer's re-INVITEs (and UPDATEs, which may come before it
 * is answered) and ours, one at a time (RFC 3261 §14, RFC 3264 §8). What is prepared holds when its
 * 2xx leaves, or when the answer to an offer of ours is taken; before that nothing has changed.
 * Ours tell the phone that it is held, or refresh the session where it takes no UPDATE. Owner: the
 * signalling loop.
 */
final class Renegotiation {
    private static final int REQUEST_PENDING = 491;
    private static final int MOST_TRIES = 5;

    /** Before an offer is asked for again that could not be made. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Supplier<@Nullable DialogId> dialog;
    private final boolean madeCallId;
    private final SipPort sip;
    private final Signal signal;
    private final CallTrace trace;
    private final Consumer<CallEvent> then;
    private @Nullable RequestId pending;
    private @Nullable Reinvited kept;
    private boolean holdWanted;
    private boolean holdTold;
    private boolean holdOffered;
    private boolean refreshDue;

    /** An offer is being made that refreshes the session, and has not left. */
    private boolean refreshing;

    /** The offer that is out is of our own re-INVITE. */
    private boolean ours;

    private long proposal;
    private int tries;
    private boolean waits;

    /**
     * @param dialog the call's; null while it has none
     * @param madeCallId the call is one that we place: after a glare it waits longer
     * @param then gets what comes of it, on the signalling loop
     */
    Renegotiation(
            Supplier<@Nullable DialogId> dialog,
            boolean madeCallId,
            SipPort sip,
            Signal signal,
            CallTrace trace,
            Consumer<CallEvent> then) {
        this.dialog = dialog;
        this.madeCallId = madeCallId;
        this.sip = sip;
        this.signal = signal;
        this.trace = trace;
        this.then = then;
    }

    // ---- the peer's

    void begin(CallEvent event, CallMedia media) {
        if (event instanceof Reinvited reinvited) {
            byte[] offer = reinvited.offer();
            pending = reinvited.request();
            media.reoffer(
                    offer,
                    reinvited.source(),
                    sdp -> then.accept(new ReofferReady(offer == null, sdp)),
                    why -> then.accept(new ReofferRefused(why)));
        }
    }

    /** It comes while an answer is being applied. */
    void keep(CallEvent event) {
        if (event instanceof Reinvited reinvited) {
            pending = reinvited.request();
            kept = reinvited;
        }
    }

    void drop() {
        pending = null;
        kept = null;
        decided("The phone cancelled its re-INVITE, nothing changed.");
    }

    void answer(CallEvent event, CallMedia media) {
        RequestId reinvite = pending;
        pending = null;
        if (event instanceof ReofferReady ready && reinvite != null) {
            Body sdp = new Body(SessionBody.SDP, ready.sdp());
            sip.command(new SipCommand.Respond(reinvite, 200, null, List.of(), sdp));
            if (ready.weOffer()) {
                ours = false;
                media.commitOffer();
                decided("The phone asked for an offer; ours is in the 200, its ACK must answer.");
            } else {
                media.commitAnswer();
                decided(
                        media.isHeldByPeer()
                                ? "The phone's re-INVITE was answered: it holds the room."
                                : "The phone's re-INVITE was answered.");
            }
        }
    }

    void refuse(CallEvent event, State state) {
        if (event instanceof Reinvited again) {
            // one is under way: 491; once we said BYE there is nothing to renegotiate
            int status = state == State.HANGING_UP ? 481 : REQUEST_PENDING;
            respond(again.request(), status, null, List.of());
            return;
        }
        RequestId reinvite = pending;
        pending = null;
        kept = null;
        if (reinvite == null) {
            return;
        }
        if (event instanceof ReofferRefused(CallEnd why)) {
            int status = why.refusalStatus();
            respond(reinvite, status, status == 400 ? why.text() : null, why.headers());
            decided("The phone's re-INVITE was refused, nothing changed: " + why.text());
        } else {
            // §15.1.2: what is pending is answered before the dialog goes
            respond(reinvite, 487, null, List.of());
        }
    }

    /** Nothing came of what was prepared or offered. */
    void abandon(CallEvent event, CallMedia media) {
        pending = null;
        refreshDue |= refreshing;
        refreshing = false;
        media.abandon();
        if (event instanceof ProposalFailed(String why)) {
            decided(why);
        } else if (event instanceof Reinvited) {
            decided("The phone's re-INVITE goes before ours.");
        } else if (event instanceof CallEvent.Moved) {
            decided("The phone is called at another address: what it offered here is void.");
        } else if (event instanceof CallEvent.Acked) {
            decided("The ACK brought no answer to our offer, nothing changed.");
        } else {
            decided("The phone cancelled its re-INVITE, nothing changed.");
        }
    }

    // ---- ours

    /** The phone is to be held, or not any more; its media is so already. */
    void hold(boolean wanted) {
        holdWanted = wanted;
        tries = 0;
        offerIfDue();
    }

    /** The session lives on only if it is offered again, with nothing in it changed. */
    void refresh() {
        refreshDue = true;
        tries = 0;
        offerIfDue();
    }

    /** What was agreed holds: the re-INVITE that waited for that comes now, else ours. */
    void settled() {
        Reinvited next = kept;
        kept = null;
        if (next == null) {
            offerIfDue();
        } else {
            then.accept(next);
        }
    }

    /** In a state that takes it: what the phone does not know yet is offered. */
    private void offerIfDue() {
        if ((holdWanted != holdTold || refreshDue) && !waits) {
            then.accept(new OfferDue());
        }
    }

    void prepare(CallMedia media) {
        holdOffered = holdWanted;
        refreshing = refreshDue;
        refreshDue = false;
        media.propose(
                sdp -> then.accept(new ProposalReady(sdp)),
                why -> then.accept(unmade("Our re-INVITE could not be made: " + why.text())));
    }

    /** What has not left nobody refuses: a session that is due would only run out. */
    private ProposalFailed unmade(String why) {
        refreshing &= ++tries < MOST_TRIES;
        if (refreshing) {
            waits = true;
            signal.after(PAUSE, this::again);
        }
        return failed(why);
    }

    void propose(CallEvent event, CallMedia media) {
        DialogId in = dialog.get();
        if (event instanceof ProposalReady(byte[] sdp) && in != null) {
            ours = true;
            // from here on the session timer says when it is due again
            refreshing = false;
            media.commitOffer();
            Body body = new Body(SessionBody.SDP, sdp);
            sip.command(new SipCommand.SendInDialog(in, ++proposal, "INVITE", List.of(), body));
        }
    }

    /** The outcome of our re-INVITE. */
    void responded(ResponseReceived response) {
        if (response.tag() != proposal) {
            return;
        }
        Body body = response.body();
        int status = response.status();
        if (status < 300 && SessionBody.of(body) instanceof SessionBody.Description(byte[] sdp)) {
            then.accept(new ProposalAnswered(sdp));
        } else if (status < 300) {
            then.accept(failed("The phone's 2xx to our re-INVITE brought no answer."));
        } else if (status == REQUEST_PENDING && holdOffered == holdTold) {
            then.accept(failed("The phone was re-INVITing us: the session is refreshed later."));
        } else if (status == REQUEST_PENDING && ++tries < MOST_TRIES) {
            waits = true;
            signal.after(glareWait(), this::again);
            then.accept(new ProposalFailed("The phone was re-INVITing us: ours is sent again."));
        } else {
            then.accept(failed("The phone refused our re-INVITE with " + status + "."));
        }
    }

    private Duration glareWait() {
        Random random = new Random(31L * Objects.hashCode(dialog.get()) + tries);
        return Duration.ofMillis(Glare.waitMillis(madeCallId, random));
    }

    private void again() {
        waits = false;
        offerIfDue();
    }

    /** It is not tried again: the media holds whether the phone likes it or not. */
    private ProposalFailed failed(String why) {
        holdTold = holdOffered;
        return new ProposalFailed(why);
    }

    /** The phone answered our offer; an answer that does not suit it leaves all as it was. */
    void take(byte[] answer, CallMedia media) {
        media.answer(
                answer,
                () -> {
                    agreed(media);
                    then.accept(new AnswerTaken());
                },
                this::unsuited);
    }

    private void unsuited(CallEnd why) {
        if (ours) {
            holdTold = holdOffered;
        }
        then.accept(
                new ProposalFailed("The phone's answer does not suit our offer: " + why.text()));
    }

    private void agreed(CallMedia media) {
        boolean refreshed = ours && holdTold == holdOffered;
        if (ours) {
            holdTold = holdOffered;
        }
        if (refreshed) {
            decided("The phone agreed to go on as it was.");
            return;
        }
        decided(
                holdTold
                        ? "The phone agreed to be held."
                        : media.isHeldByPeer()
                                ? "The phone's answer was taken: it holds the room."
                                : "The phone's answer was taken.");
    }

    private void decided(String text) {
        trace.decided(signal.now(), "hold", text);
    }

    private void respond(
            RequestId to, int status, @Nullable String phrase, List<HeaderField> headers) {
        sip.command(new SipCommand.Respond(to, status, phrase, headers, null));
    }
}
