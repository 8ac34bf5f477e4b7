package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.TraceSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The live side of calls as HTTP sees it. Thread-safe: each method posts to the signalling loop. A
 * live call's row is the same record that the store keeps, with what is known up to now.
 */
public interface LiveCalls {

    CompletionStage<List<CallRow>> list();

    CompletionStage<Optional<CallRow>> get(String callId);

    /** A call that lives, or whose last messages are not stored yet, with its trace. */
    CompletionStage<Optional<Traced>> trace(String callId);

    /**
     * Places a call; it goes on whether anybody waits for it or not.
     *
     * @return its name, at once
     */
    Placing place(CallOrder order);

    /**
     * Lists an order that cannot be placed, since its room or trunk is not there: as a call that
     * was refused. Each stage of it ends with that.
     */
    Placing refuse(CallOrder order, CallEnd why);

    /**
     * How far a placed call has come: each stage ends empty when that is reached, or with how the
     * call ended before; fails where the loop takes no more tasks.
     *
     * @param recorded its record is stored: it can be found from now on
     * @param sent its first INVITE is on its way
     * @param ringing the far end rings, or has answered
     */
    record Placing(
            String callId,
            CompletionStage<Optional<CallEnd>> recorded,
            CompletionStage<Optional<CallEnd>> sent,
            CompletionStage<Optional<CallEnd>> ringing,
            CompletionStage<Optional<CallEnd>> answered) {}

    record Traced(CallRow row, TraceSnapshot trace) {}

    /** What became of keys that were to be pressed. */
    enum Pressing {
        DONE,
        NO_SUCH_CALL,
        /** It is not answered yet, or over. */
        NOT_TALKING,
        /** Too many keys wait. */
        NOT_TAKEN
    }

    /**
     * Presses keys on the far end of an answered call.
     *
     * @param digits of {@code 0-9 * # A-D}, and {@code w} for half a second of waiting
     */
    CompletionStage<Pressing> press(String callId, String digits, int toneMillis, int gapMillis);

    /** What became of the order to transfer a call. */
    sealed interface Transferring {
        record NoSuchCall() implements Transferring {}

        /** It is not answered yet, or over. */
        record NotTalking() implements Transferring {}

        /** It is being transferred already. */
        record UnderWay() implements Transferring {}

        /** It may not be sent there. */
        record Refused(CallEnd why) implements Transferring {}

        /**
         * @param taken how it stands once the far end has said whether it tries
         * @param over how it ended
         */
        record Begun(CompletionStage<Transfer> taken, CompletionStage<Transfer> over)
                implements Transferring {}
    }

    /**
     * Asks the far end of an answered call to call somebody else instead (REFER). If that one
     * answers, this call is hung up; else it goes on.
     *
     * @param to a number, {@code tel:} or {@code sip:}
     */
    CompletionStage<Transferring> transfer(String callId, String to);

    /**
     * Has the far end of an answered call take our place in another one (REFER with Replaces): the
     * two far ends are connected, and both calls end.
     */
    CompletionStage<Transferring> connect(String callId, String otherId);

    /** What became of the order to bring a call into another room. */
    enum Moving {
        DONE,
        NO_SUCH_CALL,
        /** It is not answered yet, in no room, on its way already, or over. */
        NOT_TALKING,
        FULL
    }

    /**
     * Brings an answered call into another room; its sound goes on.
     *
     * @param userId as the room is to know it; empty: as before
     */
    CompletionStage<Moving> move(String callId, RoomRow to, String userId);

    /**
     * Hangs up with {@code hangup_api}; refuses a caller that is not answered yet, and gives up
     * whom we call with {@code cancelled}. False if no such call lives.
     */
    CompletionStage<Boolean> hangUp(String callId);
}
