package dev.roomline.bridge.call;

import dev.roomline.bridge.ask.CodeDialogue;
import dev.roomline.bridge.ask.DialogueInput;
import dev.roomline.bridge.ask.DialogueInput.Judgement;
import dev.roomline.bridge.ask.DialogueOutbox;
import dev.roomline.bridge.ask.Prompt;
import dev.roomline.bridge.call.Doorkeeper.Judge;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.signal.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the dialogue with a caller who is asked for a room: gives it time and keys, and does what it
 * says. Owner: the signalling loop.
 */
final class Asking implements DialogueOutbox {
    private static final short[] SILENCE = new short[0];

    private final CodeDialogue dialogue;
    private final Signal signal;
    private final Line line;
    private Judge judge;
    private @Nullable CallEnd refused;
    private Signal.@Nullable Later due;
    private boolean begun;
    private boolean over;

    /** The call whose caller is asked. */
    interface Line {
        void play(short[] samples);

        /**
         * @return empty when it sits in the room, else why not; on the signalling loop
         */
        CompletionStage<Optional<CallEnd>> enter(Admission terms);

        /** All was said. */
        void part(Parting why, CallEnd end);

        /** The caller is in the room. */
        void entered();

        /** Runs a step; a bug ends this call alone. */
        void guarded(Runnable step);
    }

    Asking(Prompt question, Judge judge, Signal signal, Line line) {
        this.dialogue = new CodeDialogue(question);
        this.judge = judge;
        this.signal = signal;
        this.line = line;
    }

    /** Sound flows; a second time without effect. */
    void begin() {
        if (!begun) {
            begun = true;
            feed(new DialogueInput.Begin());
        }
    }

    void pressed(char key) {
        if (begun) {
            feed(new DialogueInput.Pressed(key));
        }
    }

    /** The call has ended. */
    void stop() {
        over = true;
        disarm();
    }

    private void feed(DialogueInput input) {
        if (!over) {
            dialogue.handle(input, signal.nanoTime(), this);
            arm();
        }
    }

    private void arm() {
        disarm();
        long next = dialogue.nextDeadlineNanos();
        if (!over && next != Long.MAX_VALUE) {
            Duration left = Duration.ofNanos(Math.max(0, next - signal.nanoTime()));
            due =
                    signal.after(
                            left,
                            () -> line.guarded(() -> feed(new DialogueInput.DeadlineReached())));
        }
    }

    private void disarm() {
        if (due != null) {
            due.cancel();
            due = null;
        }
    }

    @Override
    public void say(Prompt prompt) {
        line.play(prompt.samples());
    }

    @Override
    public void hush() {
        line.play(SILENCE);
    }

    @Override
    public void judge(String digits) {
        later(judge.look(digits), this::screened);
    }

    private void screened(@Nullable Screening screening) {
        switch (screening) {
            case null -> hopeless(CallEnd.storeAway());
            case Screening.Admitted(Admission terms) ->
                    later(
                            line.enter(terms),
                            refusal -> {
                                if (refusal == null) {
                                    hopeless(CallEnd.fault("The caller's media was lost."));
                                } else if (refusal.isPresent()) {
                                    hopeless(refusal.get());
                                } else {
                                    feed(new DialogueInput.Judged(new Judgement.Right()));
                                    line.entered();
                                }
                            });
            case Screening.Asked further -> {
                judge = further.judge();
                feed(new DialogueInput.Judged(new Judgement.Further(further.question())));
            }
            case Screening.Refused(CallEnd why, Caller _) -> refused(why);
            case Screening.TurnedAway(CallEnd why) -> hopeless(why);
            case Screening.Challenged _ ->
                    hopeless(CallEnd.fault("A caller who was let in was challenged."));
        }
    }

    /**
     * What does not exist and what is not allowed are told alike: nobody learns which codes are.
     */
    private void refused(CallEnd why) {
        switch (why.reason()) {
            case UNKNOWN_ROOM, NOT_ALLOWED -> {
                refused = why;
                feed(new DialogueInput.Judged(new Judgement.Wrong()));
            }
            case ROOM_FULL -> {
                refused = why;
                feed(new DialogueInput.Judged(new Judgement.Hopeless(Prompt.FULL)));
            }
            default -> hopeless(why);
        }
    }

    private void hopeless(CallEnd why) {
        refused = why;
        feed(new DialogueInput.Judged(new Judgement.Hopeless(Prompt.UNAVAILABLE)));
    }

    @Override
    public void part(Parting why) {
        CallEnd last = refused;
        line.part(
                why,
                switch (why) {
                    case SILENT ->
                            CallEnd.of(EndReason.UNKNOWN_ROOM, "The caller entered no room code.");
                    case WRONG ->
                            CallEnd.of(
                                    EndReason.UNKNOWN_ROOM,
                                    "What the caller entered was wrong three times.");
                    case HOPELESS ->
                            last == null ? CallEnd.fault("A dialogue had no reason.") : last;
                });
    }

    /** On the loop, guarded; null where the stage failed. */
    private <T> void later(CompletionStage<T> stage, Consumer<@Nullable T> then) {
        signal.whenKnown(stage, (value, _) -> line.guarded(() -> then.accept(value)));
    }
}
