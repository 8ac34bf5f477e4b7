package dev.roomline.sip.auth;

/** What is to be done with a request, and why. */
public sealed interface Verdict {

    AuthOutcome outcome();

    /** Let it in as this account. */
    record Accepted(String username) implements Verdict {
        @Override
        public AuthOutcome outcome() {
            return AuthOutcome.ACCEPTED;
        }
    }

    /** Ask again with a fresh nonce. The text is the same whatever the fault was. */
    record Challenged(AuthOutcome outcome, AuthAnswer answer) implements Verdict {}

    /** Refuse it for good. */
    record Refused(AuthOutcome outcome, AuthAnswer answer) implements Verdict {}
}
