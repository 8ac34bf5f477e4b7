package dev.roomline.bridge.metrics;

import dev.roomline.bridge.call.EndReason;

/**
 * What the product counts as it happens. Any thread; never blocks. Labels are closed sets: a value
 * outside of them is counted as {@code other}.
 */
public interface Counters {

    /**
     * @param method as received; an unknown one is counted as {@code other}
     */
    void sipRequest(String method);

    /** A request that was refused before or instead of becoming a call. */
    void sipRefusal(EndReason reason);

    void callStarted(String direction);

    void callEnded(String direction, EndReason reason, EndReason.Culprit culprit);

    /**
     * @param seconds from the INVITE to our 200
     */
    void callAnswered(String direction, double seconds);

    /** A posted message that a full queue refused, by the queue's name (a constant in code). */
    void queueRefusal(String queue);

    /** A bug: an exception that was caught at an owner's edge. */
    void fault(String where);

    /** Counts nothing. */
    Counters NONE =
            new Counters() {
                @Override
                public void sipRequest(String method) {}

                @Override
                public void sipRefusal(EndReason reason) {}

                @Override
                public void callStarted(String direction) {}

                @Override
                public void callEnded(
                        String direction, EndReason reason, EndReason.Culprit culprit) {}

                @Override
                public void callAnswered(String direction, double seconds) {}

                @Override
                public void queueRefusal(String queue) {}

                @Override
                public void fault(String where) {}
            };
}
