package dev.roomline.bridge.call;

import dev.roomline.sip.refer.Referral.Cause;
import dev.roomline.sip.refer.Referral.Phase;
import java.time.Instant;
import java.util.Locale;

/**
 * How far the transfer of a call has come: one step of it. Immutable.
 *
 * @param to to whom, as it was ordered
 * @param sipStatus what the far end told of it last, or refused it with; 0 where it told nothing
 * @param text one sentence for people, without numbers
 */
public record Transfer(
        String to, Phase phase, Cause cause, int sipStatus, String text, Instant at) {

    /** {@code requested|accepted|trying|ringing|transferred|failed|unknown}. */
    public String state() {
        return phase == Phase.SENT ? "requested" : phase.name().toLowerCase(Locale.ROOT);
    }

    public boolean failed() {
        return phase == Phase.FAILED;
    }

    /** A transfer that failed, as a row of the table of endings; its call has not ended. */
    public CallEnd failure() {
        EndReason reason =
                switch (sipStatus) {
                    case 486, 600 -> EndReason.BUSY;
                    case 603, 607, 608 -> EndReason.DECLINED;
                    case 408, 480, 487 ->
                            cause == Cause.REFUSED ? EndReason.CARRIER_FAILED : EndReason.NO_ANSWER;
                    case 404, 410, 484, 604 -> EndReason.NOT_FOUND;
                    case 401, 402, 403, 407 -> EndReason.FORBIDDEN_BY_CARRIER;
                    default -> EndReason.CARRIER_FAILED;
                };
        return CallEnd.of(reason, text).answered(sipStatus);
    }
}
