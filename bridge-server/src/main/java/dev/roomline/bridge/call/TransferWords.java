package dev.roomline.bridge.call;

import dev.roomline.sip.refer.Referral.Cause;
import dev.roomline.sip.refer.Referral.Phase;
import dev.roomline.sip.refer.SipFrag;
import org.jspecify.annotations.Nullable;

/** What a step of a transfer is called in trace, record, event and log. Stateless. */
final class TransferWords {
    private TransferWords() {}

    /**
     * @param said what the far end told; null where it told nothing
     */
    static String of(Phase phase, Cause cause, @Nullable SipFrag said) {
        return switch (phase) {
            case SENT -> "The far end is asked to call somebody else (REFER).";
            case ACCEPTED -> "The far end took the REFER; it is to say what becomes of it.";
            case TRYING -> "The far end calls the new party.";
            case RINGING -> "The new party rings" + told(said);
            case TRANSFERRED -> "The new party answered" + told(said) + " This call is hung up.";
            case FAILED ->
                    cause == Cause.REFUSED
                            ? "The far end does not take the REFER" + told(said) + KEPT
                            : "The new party did not answer" + told(said) + KEPT;
            case UNKNOWN -> unknown(cause, said);
        };
    }

    private static final String KEPT = " The call goes on as it was.";

    private static String unknown(Cause cause, @Nullable SipFrag said) {
        return switch (cause) {
            case SILENCE -> "The far end took the REFER and says nothing more of it." + KEPT;
            case STOPPED ->
                    "The far end stopped telling before the new party had answered"
                            + told(said)
                            + KEPT;
            case HUNG_UP -> "The call ended before the far end said what became of the transfer.";
            case NONE, REFUSED, ANSWERED -> "Nobody said what became of the transfer.";
        };
    }

    private static String told(@Nullable SipFrag said) {
        return said == null ? "." : ": " + said.status() + " " + said.phrase() + ".";
    }
}
