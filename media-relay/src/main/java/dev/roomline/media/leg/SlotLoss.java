package dev.roomline.media.leg;

/**
 * What a browser loses of its slots, and what is done about it beyond resending what it asks for:
 * first each packet goes twice, the copy with the next packet unless that brings one itself (Opus
 * with in-band FEC); where even that is not enough, phones' G.711 and G.722 come as Opus with its
 * redundancy. What comes as Opus is not encoded anew: its sender is told of the loss, and may add
 * FEC ({@link LegRtcp#listenersLose}). Judged every two seconds by what it asks for again (RFC 4585
 * §6.2.1), or by its reports where it never asks: Firefox agrees to and does not. Sans-IO. Owner:
 * the loop.
 */
final class SlotLoss {
    private static final long WINDOW_NANOS = 2_000_000_000L;
    private static final int LEAST_PACKETS = 25;

    /** From here on every packet goes twice … */
    private static final double COPIED_SHARE = 0.03;

    /** … and from here on, in spite of it, for so many windows, Opus is sent. */
    private static final double REDUNDANT_SHARE = 0.06;

    private static final int REDUNDANT_WINDOWS = 2;

    /** After so many windows less is tried; twice as many when that was too early. */
    private static final int FIRST_PATIENCE = 5;

    private static final int LONGEST_PATIENCE = 40;
    private static final int TOO_EARLY_WINDOWS = 2;

    private enum Remedy {
        NONE,
        COPIES,
        REDUNDANCY
    }

    private Remedy remedy = Remedy.NONE;
    private long windowEndNanos = Long.MIN_VALUE;
    private int sent;
    private int asked;
    private boolean asks;
    private int badWindows;
    private int windows;
    private int patience = FIRST_PATIENCE;
    private boolean triedLess;

    void onSent() {
        sent++;
    }

    /** The browser asks for a packet that it lost. */
    void onNack() {
        asked++;
        asks = true;
    }

    /** Where redundancy is wanted they go on for all that does not bring it. */
    boolean wantsCopies() {
        return remedy != Remedy.NONE;
    }

    boolean wantsRedundancy() {
        return remedy == Remedy.REDUNDANCY;
    }

    /**
     * Lets time pass.
     *
     * @param reportedShare of all that was on its way lately, as its reports tell, 0 to 1
     */
    void settle(double reportedShare, long nowNanos) {
        if (nowNanos < windowEndNanos) {
            return;
        }
        boolean first = windowEndNanos == Long.MIN_VALUE;
        windowEndNanos = nowNanos + WINDOW_NANOS;
        if (!first && sent >= LEAST_PACKETS) {
            judge(asks ? (double) asked / sent : missing(reportedShare));
        }
        sent = 0;
        asked = 0;
    }

    /** Where each packet goes twice both must be lost. */
    private double missing(double lostShare) {
        return remedy == Remedy.COPIES ? lostShare * lostShare : lostShare;
    }

    private void judge(double share) {
        windows++;
        switch (remedy) {
            case NONE -> {
                if (share >= COPIED_SHARE) {
                    boolean tooEarly = triedLess && windows <= TOO_EARLY_WINDOWS;
                    patience = tooEarly ? Math.min(2 * patience, LONGEST_PATIENCE) : FIRST_PATIENCE;
                    turn(Remedy.COPIES);
                }
            }
            case COPIES -> {
                badWindows = share >= REDUNDANT_SHARE ? badWindows + 1 : 0;
                if (badWindows >= REDUNDANT_WINDOWS) {
                    turn(Remedy.REDUNDANCY);
                } else if (windows >= patience && share < COPIED_SHARE) {
                    triedLess = true;
                    turn(Remedy.NONE);
                }
            }
            case REDUNDANCY -> {
                if (windows >= patience && share < REDUNDANT_SHARE) {
                    turn(Remedy.COPIES);
                }
            }
        }
    }

    private void turn(Remedy next) {
        remedy = next;
        windows = 0;
        badWindows = 0;
    }
}
