package dev.roomline.bridge.call;

import dev.roomline.bridge.ask.Prompt;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Decides who may call, and which room is meant. */
public interface Doorkeeper {

    /**
     * Called on the signalling loop; so does the stage end. What was looked at and why it was so
     * decided goes into the trace.
     *
     * @param leaving of the call whose place the caller takes, so that limits count one of the two;
     *     null: of none
     */
    CompletionStage<Screening> screen(
            SipRequest invite, Flow flow, CallTrace trace, @Nullable Caller leaving);

    /**
     * The call for which this room was made is over: its codes die.
     *
     * @return ends when they are dead; then those who are in it are to be told
     */
    default CompletionStage<Void> leftOwnRoom(String roomId) {
        return CompletableFuture.completedStage(null);
    }

    /** Looks at what a caller entered. */
    @FunctionalInterface
    interface Judge {
        /**
         * Called on the signalling loop; so does the stage end: admitted, asked for more, or
         * refused.
         */
        CompletionStage<Screening> look(String digits);
    }

    /** What became of a caller at the door. */
    sealed interface Screening {
        record Admitted(Admission admission) implements Screening {}

        /**
         * Asked for credentials.
         *
         * @param failure what was wrong with those that were sent; empty if there were none
         * @param near why the trunk from whose addresses it comes does not vouch, where it sent
         *     none; else empty
         */
        record Challenged(int status, List<HeaderField> headers, String failure, String near)
                implements Screening {
            public Challenged {
                headers = List.copyOf(headers);
            }
        }

        /**
         * Known and let in; which room is found out by asking, once the call is answered.
         *
         * @param caller in no room yet
         * @param question what is asked first
         * @param judge looks at what is entered
         */
        record Asked(Caller caller, AnswerTerms terms, Prompt question, Judge judge)
                implements Screening {}

        /** Refused before it was known who calls. */
        record TurnedAway(CallEnd end) implements Screening {}

        /** Somebody known, but not let in. */
        record Refused(CallEnd end, Caller caller) implements Screening {}
    }
}
