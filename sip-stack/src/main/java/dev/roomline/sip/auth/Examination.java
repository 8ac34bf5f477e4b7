package dev.roomline.sip.auth;

/** The first step's result: decided at once, or an account must be looked up. */
public sealed interface Examination {

    /** No account is needed to answer. Never {@link Verdict.Accepted}. */
    record Decided(Verdict verdict) implements Examination {}

    /** Look this account up, then call {@link DigestGuard#verify}, found or not. */
    record LookUp(String username, Attempt attempt) implements Examination {}
}
