package dev.roomline.bridge.metrics;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.refer.Referral;
import dev.roomline.sip.registrar.RegistrarOutbox;

/**
 * What the product counts as it happens. Any thread; never blocks. Labels are closed sets: a value
 * outside of them is counted as {@code other}.
 */
public interface Counters {

    /**
     * @param method as received; an unknown one is counted as {@code other}
     */
    default void sipRequest(String method) {}

    /** A request that was refused before or instead of becoming a call. */
    default void sipRefusal(EndReason reason) {}

    /** A message that the SIP core refused before the application saw it. */
    default void messageRefused(SipEvent.Refusal reason) {}

    /** A REGISTER of an account was answered. */
    default void register(RegistrarOutbox.Answer outcome) {}

    /** A phone is registered no more. */
    default void phoneGone(RegistrarOutbox.Unbound why) {}

    /** How many phones are registered now. */
    default void phonesRegistered(int now) {}

    /** A caller who was asked for a room: {@code entered}, or why not. */
    default void callerAsked(String outcome) {}

    /** A transfer of a call has ended. */
    default void transferred(Referral.Phase end, Referral.Cause cause) {}

    default void callStarted(String direction) {}

    default void callEnded(String direction, EndReason reason, EndReason.Culprit culprit) {}

    /**
     * @param seconds from the INVITE to our 200
     */
    default void callAnswered(String direction, double seconds) {}

    /** An answered call is over. */
    default void callQuality(CallQuality quality) {}

    /** A browser or program has left its room. */
    default void browserQuality(CallQuality quality) {}

    /** A browser or program came into a room. */
    default void joined() {}

    /** A browser or program was not let in. */
    default void joinRefused(JoinRefusal reason) {}

    /** The store did something, or failed to. */
    default void stored(boolean writing, double seconds, boolean failed) {}

    /** A reader of events was too slow and was cut off. */
    default void eventReaderCut() {}

    /** Events that were gone before they were written down for webhooks. */
    default void webhookEventsLost(long count) {}

    /**
     * @param outcome {@code delivered}, {@code failed} (it is tried again) or {@code given_up}
     */
    default void webhookDelivery(String outcome) {}

    /**
     * @param seconds until a webhook answered, or did not
     */
    default void webhookAnswered(double seconds) {}

    /**
     * An application was asked where a call to one of its numbers goes.
     *
     * @param outcome {@code room}, {@code reject} or {@code failed}
     * @param seconds that the caller waited for it
     */
    default void routeAsked(String outcome, double seconds) {}

    /**
     * @param state {@code up|down|unknown}
     */
    default void trunkChanged(String state) {}

    /** A registrar bound us, or did not. */
    default void trunkRegistration(boolean bound) {}

    /**
     * A call went on to its next trunk, or to an account's next telephone.
     *
     * @param failed how the one before had ended it
     */
    default void passedOn(EndReason failed) {}

    /**
     * A SIP message on its way to a Homer server.
     *
     * @param outcome {@code sent}, {@code queue_full} or {@code unsent}
     */
    default void hepPacket(String outcome) {}

    /** A bug: an exception that was caught at an owner's edge. */
    default void fault(String where) {}

    /** Counts nothing. */
    Counters NONE = new Counters() {};
}
