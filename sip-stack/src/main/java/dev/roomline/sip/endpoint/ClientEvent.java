package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipResponse;
import java.util.List;

/** What becomes of a {@link ClientCommand}, on the signalling loop. */
public sealed interface ClientEvent extends SipEvent {

    /**
     * The call has its names: under {@code dialog} its messages are seen from now on, and under the
     * same it goes on when it is answered.
     */
    record Placed(CallHandle call, DialogId dialog, String callId) implements ClientEvent {}

    /**
     * A provisional response above 100. Over UDP an unreliable one may come twice; a reliable one
     * is told once and in order, and has been acknowledged (RFC 3262).
     *
     * @param tag names the early dialog: several when the call forked; empty if it had none
     * @param flow the road that it came by
     * @param answerWanted the body is an offer: give {@link ClientCommand.Prack}
     */
    record Progressed(
            CallHandle call,
            int status,
            String tag,
            SipResponse response,
            Flow flow,
            boolean reliable,
            boolean answerWanted)
            implements ClientEvent {}

    /** A second callee answered; the core has acknowledged that and hung up. The call goes on. */
    record ForkEnded(CallHandle call, String tag) implements ClientEvent {}

    /** How a placed call stops being one that is placed: exactly one of these for each. */
    sealed interface Ending extends ClientEvent {
        CallHandle call();
    }

    /**
     * Answered, by the first 2xx. From now on the call is the confirmed {@code dialog}, whose end
     * is told by {@link SipEvent.DialogEnded}.
     *
     * @param tag the early dialog that it was, if it was one
     * @param flow the road of the answer
     * @param answerWanted the body is an offer: give {@link ClientCommand.Acknowledge}. Else the
     *     core has acknowledged
     * @param tried targets that were tried before
     */
    record Answered(
            CallHandle call,
            DialogId dialog,
            String tag,
            SipResponse response,
            Flow flow,
            boolean answerWanted,
            List<Tried> tried)
            implements Ending {
        public Answered {
            tried = List.copyOf(tried);
        }
    }

    /** A final response 400–699 that nothing more can be made of here: 422 and 491 included. */
    record Refused(CallHandle call, SipResponse response, List<Tried> tried) implements Ending {
        public Refused {
            tried = List.copyOf(tried);
        }
    }

    /**
     * 3xx. Not followed here: whether the contacts may be called is for the application to say.
     *
     * @param contacts the most preferred first
     */
    record Redirected(CallHandle call, SipResponse response, List<ContactList.Entry> contacts)
            implements Ending {
        public Redirected {
            contacts = List.copyOf(contacts);
        }
    }

    /** A challenge that was not or not successfully answered. */
    record NotAuthorized(CallHandle call, SipResponse response, ChallengeFailure why, String realm)
            implements Ending {}

    /** No target gave any final answer. */
    record Unreachable(CallHandle call, List<Tried> tried) implements Ending {
        public Unreachable {
            tried = List.copyOf(tried);
        }
    }

    /** Given up as wanted. */
    record Cancelled(CallHandle call, CancelEnd how) implements Ending {}

    /** The outcome of a {@link ClientCommand.Send}. */
    sealed interface Outcome {
        /**
         * @param contact the URI of the Contact that the request carried; empty if it had none
         */
        record Response(SipResponse response, Target from, String contact) implements Outcome {}

        record NotAuthorized(SipResponse response, ChallengeFailure why, String realm)
                implements Outcome {}

        record Unreachable(List<Tried> tried) implements Outcome {
            public Unreachable {
                tried = List.copyOf(tried);
            }
        }
    }

    /**
     * @param lastCseq that was used: the next of the series counts on from it
     */
    record Concluded(RequestHandle request, long lastCseq, Outcome outcome)
            implements ClientEvent {}

    /** Why a challenge stayed unanswered. */
    enum ChallengeFailure {
        /** Nobody was named who could answer. */
        NO_IDENTITY,
        /** The realm is not our peer's: it must not see an answer. */
        FOREIGN_REALM,
        /** Answered twice, refused twice. */
        WRONG_CREDENTIALS,
        /** A scheme, hash or qop that is not served, or a challenge that cannot be read. */
        UNSUPPORTED
    }

    /** What a cancelled call came to. */
    enum CancelEnd {
        /** Nothing had been sent. */
        NEVER_SENT,
        /** A final response other than 2xx came: usually 487. */
        CONFIRMED,
        /** The callee answered first; the core acknowledged and hung up. */
        ANSWERED_MEANWHILE,
        /** Nobody said anything final within 64·T1. */
        UNCONFIRMED
    }
}
