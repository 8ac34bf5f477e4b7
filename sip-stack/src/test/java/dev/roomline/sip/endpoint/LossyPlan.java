package dev.roomline.sip.endpoint;

/** What a call over a wire that loses is to become. */
enum LossyPlan {
    CALLER_HANGS_UP,
    CALLEE_HANGS_UP,
    BOTH_HANG_UP,
    CANCELLED,
    REFUSED,
    /** It lives for five minutes, refreshed. */
    REFRESHED,
    REFERRED,
    BOTH_REINVITE,
    BOTH_UPDATE;

    static LossyPlan of(long number) {
        return values()[(int) (number % values().length)];
    }
}
