package dev.roomline.bridge.api;

import java.util.concurrent.TimeoutException;

/** Answers one kind of request. Called on a virtual thread, which may wait. */
@FunctionalInterface
public interface Endpoint {

    /**
     * @throws TimeoutException a loop did not answer in time
     * @throws InterruptedException the client went away
     */
    Answer answer(Ask ask) throws TimeoutException, InterruptedException;
}
