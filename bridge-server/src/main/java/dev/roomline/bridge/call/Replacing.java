package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.SipEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller that is to take the place of another call (RFC 3891): so a telephone is transferred to
 * the room in which the one that transfers it is. It must be let in by itself, and into that room;
 * knowing the other call's names is not enough. Owner: the signalling loop.
 */
final class Replacing {
    private final SipEvent.Replaced what;
    private final @Nullable Call call;

    /**
     * @param call of that dialog; null: there is none
     */
    Replacing(SipEvent.Replaced what, @Nullable Call call) {
        this.what = what;
        this.call = call;
    }

    /**
     * Why it may not.
     *
     * @param room into which the caller was let; null: it is to be asked for one
     */
    Optional<CallEnd> refusal(@Nullable String room) {
        Call other = answered();
        if (other == null) {
            return Optional.of(
                    CallEnd.of(EndReason.NOT_ALLOWED, "The call to be replaced is not here.")
                            .answered(481));
        }
        if (what.earlyOnly()) {
            return Optional.of(
                    CallEnd.of(EndReason.NOT_ALLOWED, "The call to be replaced is answered.")
                            .answered(486));
        }
        Caller who = other.caller();
        boolean sameRoom = who != null && room != null && room.equals(who.room());
        return sameRoom
                ? Optional.empty()
                : Optional.of(
                        CallEnd.of(
                                EndReason.NOT_ALLOWED,
                                "The call to be replaced is in another room."));
    }

    /** Null where it is not here; an early dialog that we did not begin is as none (§3). */
    private @Nullable Call answered() {
        return call != null && call.endedAt() == null && what.confirmed() ? call : null;
    }

    /**
     * The call that ends once the new one is answered, so that limits count one of the two; null:
     * none does. Whoever wants the same place too comes to a limit, which counts the new one.
     */
    @Nullable Call leaving() {
        return what.earlyOnly() ? null : answered();
    }

    /** It is answered: the other's place is taken. */
    void done() {
        Call other = call;
        if (other != null) {
            other.onGuarded(
                    new CallEvent.HangUp(
                            CallEnd.of(
                                    EndReason.HANGUP_API,
                                    "Another telephone took the call's place (Replaces).")));
        }
    }
}
