package dev.roomline.bridge.call;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Decides whether a call that somebody wants may be placed, and by which ways. */
@FunctionalInterface
public interface DialPlan {

    /** On the signalling loop. */
    Plan plan(CallOrder order);

    /** What became of an order. */
    sealed interface Plan {
        /**
         * @param to as records show it
         * @param shown whom the room sees
         * @param ways at least one, the best first: each is tried where the one before it failed
         * @param why what was looked at, a sentence each, for the trace
         */
        record Go(String to, String shown, List<Way> ways, List<String> why) implements Plan {
            public Go {
                ways = List.copyOf(ways);
                why = List.copyOf(why);
            }
        }

        /**
         * No way leads there; why, is being looked up.
         *
         * @param end fails where it cannot be found out
         */
        record Unreached(CompletionStage<CallEnd> end) implements Plan {}

        record Refused(CallEnd end, List<String> why) implements Plan {
            public Refused {
                why = List.copyOf(why);
            }
        }
    }
}
