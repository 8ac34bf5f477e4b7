package dev.roomline.bridge.inbound;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks an application where a call to one of its numbers goes. */
@FunctionalInterface
public interface RouteHook {

    /**
     * @param url of the route
     * @return ends within three seconds and a bit, never with an exception; on any thread
     */
    CompletionStage<Reply> ask(String url, Arriving call);

    /**
     * What the application is told.
     *
     * @param from the caller's user part as it was sent
     * @param number as it was dialled
     * @param trunk id; null with an account
     * @param account user name; null with a trunk
     * @param name as the room would show it
     * @param attributes kept headers
     */
    record Arriving(
            String from,
            String number,
            @Nullable String trunk,
            @Nullable String account,
            String name,
            String userId,
            Map<String, String> attributes,
            String sipCallId) {
        public Arriving {
            attributes = Map.copyOf(attributes);
        }
    }

    /** What it said. */
    sealed interface Reply {
        /**
         * @param room a room code, or {@code new}
         * @param name empty: as the call's headers name it
         * @param userId empty: as the call's headers say
         */
        record Room(String room, String name, String userId) implements Reply {}

        /**
         * @param status 400 to 699, for the caller
         */
        record Reject(int status) implements Reply {}

        /**
         * It could not be asked, or what it said makes no sense.
         *
         * @param why one sentence for the trace, without its URL
         */
        record Failed(String why) implements Reply {}
    }
}
