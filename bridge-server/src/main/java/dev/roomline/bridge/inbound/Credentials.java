package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.sip.auth.AuthOutcome;
import dev.roomline.sip.auth.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What became of a caller's credentials, in words. Those who call read none that tell accounts
 * apart.
 */
final class Credentials {
    private Credentials() {}

    /** For the trace, which operators read. */
    static String words(AuthOutcome outcome, @Nullable AccountRow account) {
        return switch (outcome) {
            case ACCEPTED ->
                    "accepted" + (account == null ? "" : " as account " + account.username());
            case NO_CREDENTIALS -> "no credentials: challenged";
            case STALE_NONCE -> "a nonce that is too old: challenged anew";
            case FOREIGN_NONCE -> "a nonce that was not given to this source: challenged anew";
            case REPLAYED -> "credentials that were used before: challenged anew";
            case WRONG_RESPONSE -> "wrong password for a known account: challenged anew";
            case UNKNOWN_USER -> "unknown account: challenged anew";
            case MALFORMED -> "credentials that cannot be read: challenged anew";
            case UNSUPPORTED -> "an algorithm or qop that was not offered: challenged anew";
            case TOO_MANY_FAILURES -> "the third failure of this call: refused";
            case BACKED_OFF -> "the source failed too often of late: refused unseen";
        };
    }

    /** For the list of refusals; empty where nothing was wrong but what time brings. */
    static String failure(AuthOutcome outcome) {
        return switch (outcome) {
            case ACCEPTED, NO_CREDENTIALS, STALE_NONCE -> "";
            case FOREIGN_NONCE,
                    REPLAYED,
                    WRONG_RESPONSE,
                    UNKNOWN_USER,
                    MALFORMED,
                    UNSUPPORTED,
                    TOO_MANY_FAILURES,
                    BACKED_OFF ->
                    words(outcome, null);
        };
    }

    /** For the caller too: it tells of the source, never of an account. */
    static String refusal(Verdict.Refused refused) {
        if (refused.outcome() != AuthOutcome.BACKED_OFF) {
            return EndReason.UNAUTHENTICATED.sentence();
        }
        return refused.answer().headers().stream()
                .filter(header -> header.name().equals("Retry-After"))
                .map(header -> header.value() + " s")
                .findFirst()
                .map(
                        wait ->
                                "Too many wrong credentials came from this source; for "
                                        + wait
                                        + " none are looked at.")
                .orElse(EndReason.UNAUTHENTICATED.sentence());
    }
}
