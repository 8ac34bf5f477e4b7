package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.dialog.SessionTimer;
import dev.roomline.sip.dialog.Unacknowledged;
import dev.roomline.sip.message.HeaderField;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dialog with what is going on in it. Owner: the signalling loop. */
final class LiveDialog {
    final DialogId id;

    /** Another one when a 2xx confirms a call that we place. */
    Dialog dialog;

    /**
     * The road of the INVITE, of the latest accepted target refresh, or the stream on which the
     * peer was heard since; set by {@link Core} alone.
     */
    Flow flow;

    /** Where its INVITE came from, or the answer to ours: that moves with no request. */
    final InetAddress source;

    /** The peer's INVITE that has no final answer yet. */
    @Nullable InboundRequest peerInvite;

    /** {@code RAck} of a reliable provisional response whose PRACK the 2xx did not wait for. */
    @Nullable String overtaken;

    /** Other requests of the peer that the application has not answered. */
    final List<InboundRequest> unanswered = new ArrayList<>(2);

    /** Our 2xx that has no ACK yet. */
    @Nullable Unacknowledged unacknowledged;

    /** An offer of ours has no answer: our INVITE's, or that of our 2xx, which its ACK answers. */
    boolean offerUnanswered;

    /** The peer's offer in an answer to our INVITE has none: our PRACK or ACK is to bring it. */
    boolean answerOwed;

    /** Our INVITE that has no final answer yet. */
    @Nullable OutboundRequest ownInvite;

    /** Our UPDATE that has no final answer yet (RFC 3311 §5.1: one at a time). */
    @Nullable OutboundRequest ownUpdate;

    /** The peer's UPDATE that has no final answer yet. */
    @Nullable InboundRequest peerUpdate;

    /** Its session timer; null while there was none. */
    @Nullable SessionTimer session;

    /** CSeq of the peer's request that said last where requests go. */
    long targetCseq;

    /** How often our refresh was refused since the last that was not. */
    int refreshFailures;

    /** The peer's Allow names UPDATE. */
    boolean takesUpdate;

    /** Headers of a BYE that waits for the ACK (§15); null if none is wanted. */
    @Nullable List<HeaderField> byeWanted;

    /** Answers challenges inside the dialog; null where nobody does: in calls of phones. */
    @Nullable DialogCredentials credentials;

    /** The ACK of the peer's 2xx that waits for the application's answer; null if none does. */
    @Nullable OwedAck owedAck;

    /**
     * Whose certificate the peer must show at an address that it gave us: whose our INVITE's TLS
     * was checked for, or that of the trunk that called; empty: that address's own.
     */
    String peerName = "";

    boolean byeSent;
    boolean endTold;

    /** An ACK that must leave before a BYE does. */
    interface OwedAck {
        void acknowledge(long nowNanos);
    }

    LiveDialog(DialogId id, Dialog dialog, Flow flow) {
        this.id = id;
        this.dialog = dialog;
        this.flow = flow;
        this.source = flow.remote().getAddress();
    }

    /** §13.2.2.4: the 2xx came, which answers the INVITE's offer; what is pending stays so. */
    void confirm(Dialog confirmed, Flow road) {
        confirmed.continues(dialog);
        dialog = confirmed;
        flow = road;
        offerUnanswered = false;
    }

    boolean confirmed() {
        return dialog.state() == Dialog.State.CONFIRMED;
    }

    /** An INVITE or UPDATE is under way, in either direction. */
    boolean isExchanging() {
        return ownInvite != null
                || peerInvite != null
                || ownUpdate != null
                || peerUpdate != null
                || unacknowledged != null;
    }

    /** This request of the peer has its answer, or nobody waits for one any more. */
    void noLongerOwed(InboundRequest request) {
        unanswered.remove(request);
        if (peerUpdate == request) {
            peerUpdate = null;
        }
    }

    void stopSession() {
        if (session != null) {
            session.stop();
        }
    }

    void stopWaitingForAck() {
        if (unacknowledged != null) {
            unacknowledged.stop();
            unacknowledged = null;
        }
        offerUnanswered = false;
    }
}
