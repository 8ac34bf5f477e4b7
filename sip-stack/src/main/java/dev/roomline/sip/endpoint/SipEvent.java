package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the core tells the application, on the signalling loop, in the order in which it happened.
 */
public sealed interface SipEvent
        permits SipEvent.InviteReceived,
                SipEvent.InviteCancelled,
                SipEvent.AckReceived,
                SipEvent.ReinviteReceived,
                SipEvent.RequestReceived,
                SipEvent.ResponseReceived,
                SipEvent.DialogEnded,
                SipEvent.ProvisionalAcknowledged,
                SipEvent.RefreshDue,
                SipEvent.SessionExpired,
                SipEvent.MessageRefused,
                ClientEvent {

    /**
     * A new call: an INVITE outside any dialog that passed all checks. The core has sent 100.
     * Awaits {@link SipCommand.Respond}.
     *
     * @param replaces null: it is to take no other call's place
     */
    record InviteReceived(
            RequestId request,
            DialogId dialog,
            SipRequest invite,
            Flow flow,
            @Nullable Replaced replaces)
            implements SipEvent {
        public InviteReceived(RequestId request, DialogId dialog, SipRequest invite, Flow flow) {
            this(request, dialog, invite, flow, null);
        }
    }

    /**
     * The dialog whose place an INVITE is to take (RFC 3891).
     *
     * @param dialog null: there is none of these names
     * @param confirmed it is answered
     * @param earlyOnly its place is wanted only before that
     */
    record Replaced(@Nullable DialogId dialog, boolean confirmed, boolean earlyOnly) {}

    /**
     * The caller cancelled an INVITE that had no final response yet, by CANCEL or by a BYE on the
     * early dialog. The core has answered 200 to that and 487 to the INVITE; the dialog is gone, no
     * {@link DialogEnded} follows. Of a re-INVITE ({@code request} tells) the dialog lives on as it
     * was.
     *
     * @param cancel the CANCEL, or the BYE
     */
    record InviteCancelled(RequestId request, DialogId dialog, SipRequest cancel)
            implements SipEvent {}

    /**
     * The ACK of our 2xx came (once per 2xx). {@code body} is the answer to an offer that our 2xx
     * carried.
     */
    record AckReceived(DialogId dialog, @Nullable Body body) implements SipEvent {}

    /**
     * A re-INVITE inside a confirmed dialog, or an UPDATE with an offer (RFC 3311), which may come
     * before a call that we place is answered: its From tag is that of {@link
     * ClientEvent.Progressed}. Glare and CSeq order are already checked. Awaits {@link
     * SipCommand.Respond}.
     */
    record ReinviteReceived(RequestId request, DialogId dialog, SipRequest invite, Flow flow)
            implements SipEvent {}

    /**
     * Any other request that the application must answer: OPTIONS, REGISTER (outside a dialog),
     * INFO and the like, UPDATE without an offer (inside one). Awaits {@link SipCommand.Respond}.
     *
     * @param dialog null outside a dialog
     */
    record RequestReceived(
            RequestId request, @Nullable DialogId dialog, SipRequest message, Flow flow)
            implements SipEvent {}

    /**
     * The outcome of a {@link SipCommand.SendInDialog}: its final response, or 408 when none came,
     * or 503 when it could not be sent. A 422 has been answered by another try (RFC 4028 §7.3).
     */
    record ResponseReceived(
            DialogId dialog, long tag, int status, String reasonPhrase, @Nullable Body body)
            implements SipEvent {}

    /**
     * A dialog that the application knew of is over. Told exactly once for each confirmed dialog.
     */
    record DialogEnded(DialogId dialog, Cause cause, @Nullable SipRequest bye)
            implements SipEvent {}

    /**
     * The PRACK of a provisional response that carried our offer (RFC 3262 §5); the core has
     * answered it.
     *
     * @param body the answer
     */
    record ProvisionalAcknowledged(DialogId dialog, @Nullable Body body) implements SipEvent {}

    /**
     * The session must be refreshed (RFC 4028 §10) and the peer takes no UPDATE: awaits a re-INVITE
     * by {@link SipCommand.SendInDialog} with the session as it is. Told again where that fails.
     */
    record RefreshDue(DialogId dialog) implements SipEvent {}

    /** Nobody refreshed the session in time (RFC 4028 §10): awaits {@link SipCommand.Bye}. */
    record SessionExpired(DialogId dialog) implements SipEvent {}

    /**
     * Something refused before it reached the application: for {@code GET /v1/refusals} and
     * metrics.
     */
    record MessageRefused(Flow flow, String method, Refusal reason, String detail)
            implements SipEvent {}

    /** Why a dialog ended. */
    enum Cause {
        /** The peer sent BYE; the core answered 200. */
        BYE_RECEIVED,
        /** Our BYE was answered, or nobody answered it in time: either way the dialog is over. */
        BYE_SENT,
        /** No ACK for our 2xx within 64·T1; the core sent BYE (RFC 3261 §13.3.1.4). */
        ACK_TIMEOUT,
        /**
         * No PRACK for a reliable provisional response within 64·T1; the core answered 504 (RFC
         * 3262 §3).
         */
        PRACK_TIMEOUT,
        /**
         * A request of ours inside the dialog was answered 481 or 408, or not at all (RFC 3261
         * §12.2.1.2).
         */
        PEER_LOST,
        /** The transport that the dialog depends on could not be used. */
        TRANSPORT_LOST
    }

    /** Closed set of reasons: a metric label. */
    enum Refusal {
        MALFORMED,
        TOO_LARGE,
        UNKNOWN_METHOD,
        METHOD_NOT_ALLOWED,
        UNSUPPORTED_SCHEME,
        UNSUPPORTED_EXTENSION,
        /** 422: the session would live for less than 90 s (RFC 4028 §9). */
        INTERVAL_TOO_SMALL,
        MERGED,
        NO_DIALOG,
        NO_TRANSACTION,
        LOOP,
        OVERLOADED,
        UNSUPPORTED_VERSION,
        STRAY_RESPONSE,
        /** A peer connected and no TLS came to be. */
        TLS_FAILED
    }
}
