package dev.roomline.sip.peering;

import dev.roomline.sip.endpoint.ClientCommand;

/** What a {@link Registration} or a {@link Ping} wants done, in order. */
public interface PeeringOutbox {

    /** For the endpoint. */
    void send(ClientCommand.Send command);

    /**
     * The state is another, or its reason is.
     *
     * @param reason a few words for the operator; empty when there is nothing to say
     */
    void changed(State state, String reason);

    /** What a peer is to us. */
    enum State {
        /** Not asked yet, or stopped. */
        UNKNOWN,
        /** Registered, or answering. */
        UP,
        /** Not registered though wanted, or not answering. */
        DOWN
    }
}
