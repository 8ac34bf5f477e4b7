package dev.roomline.bridge.ask;

import dev.roomline.bridge.ask.DialogueInput.Judgement;
import dev.roomline.bridge.ask.DialogueOutbox.Parting;

/**
 * Asks a caller for digits until they are right. A key ends what is being said; {@code #} or a
 * pause ends what is entered, {@code *} begins it anew. Three tries, then goodbye. Sans-IO; owner:
 * the signalling loop.
 *
 * <pre>
 *  ASKING ─ keys, # or a pause ─ JUDGING ─┬─ right ── OVER
 *    ▲  └─ nothing in time ─┐             ├─ something else too ── ASKING
 *    └───── try again ◀─────┴─ wrong ─────┤
 *                                         └─ three times, or hopeless ── PARTING ── OVER
 * </pre>
 */
public final class CodeDialogue {
    static final int TRIES = 3;
    static final long FIRST_KEY_MILLIS = 10_000;
    static final long NEXT_KEY_MILLIS = 5_000;
    static final int MOST_DIGITS = 32;

    /** Between the last word and the end of the call. */
    private static final long BREATH_MILLIS = 300;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private enum State {
        ASKING,
        JUDGING,
        PARTING,
        OVER
    }

    private final StringBuilder digits = new StringBuilder();
    private State state = State.ASKING;
    private Prompt question;
    private Parting parting = Parting.SILENT;
    private int failures;
    private boolean speaking;
    private long deadlineNanos = Long.MAX_VALUE;

    /**
     * @param question what is asked first
     */
    public CodeDialogue(Prompt question) {
        this.question = question;
    }

    public void handle(DialogueInput input, long nowNanos, DialogueOutbox outbox) {
        switch (input) {
            case DialogueInput.Begin _ -> ask(question, nowNanos, outbox);
            case DialogueInput.Pressed(char key) -> {
                if (state == State.ASKING) {
                    pressed(key, nowNanos, outbox);
                }
            }
            case DialogueInput.Judged(Judgement judgement) -> {
                if (state == State.JUDGING) {
                    judged(judgement, nowNanos, outbox);
                }
            }
            case DialogueInput.DeadlineReached _ -> {
                if (nowNanos - deadlineNanos >= 0) {
                    deadline(nowNanos, outbox);
                }
            }
        }
    }

    /** {@link Long#MAX_VALUE} while it waits for nothing but an answer. */
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** What is asked for now. */
    public Prompt question() {
        return question;
    }

    private void ask(Prompt prompt, long nowNanos, DialogueOutbox outbox) {
        state = State.ASKING;
        digits.setLength(0);
        say(prompt, outbox);
        wait(prompt.millis() + FIRST_KEY_MILLIS, nowNanos);
    }

    private void pressed(char key, long nowNanos, DialogueOutbox outbox) {
        hush(outbox);
        wait(digits.isEmpty() ? FIRST_KEY_MILLIS : NEXT_KEY_MILLIS, nowNanos);
        if (key == '#') {
            if (!digits.isEmpty()) {
                judge(outbox);
            }
        } else if (key == '*') {
            digits.setLength(0);
        } else if (key >= '0' && key <= '9' && digits.length() < MOST_DIGITS) {
            digits.append(key);
            wait(NEXT_KEY_MILLIS, nowNanos);
        }
    }

    private void judge(DialogueOutbox outbox) {
        state = State.JUDGING;
        deadlineNanos = Long.MAX_VALUE;
        outbox.judge(digits.toString());
    }

    private void judged(Judgement judgement, long nowNanos, DialogueOutbox outbox) {
        switch (judgement) {
            case Judgement.Right _ -> {
                state = State.OVER;
                hush(outbox);
            }
            case Judgement.Further(Prompt next) -> {
                question = next;
                failures = 0;
                ask(next, nowNanos, outbox);
            }
            case Judgement.Wrong _ -> {
                parting = Parting.WRONG;
                failed(Prompt.WRONG, nowNanos, outbox);
            }
            case Judgement.Hopeless(Prompt why) -> {
                parting = Parting.HOPELESS;
                part(why, nowNanos, outbox);
            }
        }
    }

    private void deadline(long nowNanos, DialogueOutbox outbox) {
        deadlineNanos = Long.MAX_VALUE;
        switch (state) {
            case ASKING -> {
                if (digits.isEmpty()) {
                    failed(Prompt.NOTHING, nowNanos, outbox);
                } else {
                    judge(outbox);
                }
            }
            case PARTING -> {
                state = State.OVER;
                outbox.part(parting);
            }
            case JUDGING, OVER -> {}
        }
    }

    private void failed(Prompt why, long nowNanos, DialogueOutbox outbox) {
        failures++;
        if (failures >= TRIES) {
            part(Prompt.GOODBYE, nowNanos, outbox);
        } else {
            ask(why, nowNanos, outbox);
        }
    }

    private void part(Prompt last, long nowNanos, DialogueOutbox outbox) {
        state = State.PARTING;
        say(last, outbox);
        wait(last.millis() + BREATH_MILLIS, nowNanos);
    }

    private void say(Prompt prompt, DialogueOutbox outbox) {
        speaking = true;
        outbox.say(prompt);
    }

    private void hush(DialogueOutbox outbox) {
        if (speaking) {
            speaking = false;
            outbox.hush();
        }
    }

    private void wait(long millis, long nowNanos) {
        deadlineNanos = nowNanos + millis * NANOS_PER_MILLI;
    }
}
