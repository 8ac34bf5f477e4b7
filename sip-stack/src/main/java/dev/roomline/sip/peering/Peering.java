package dev.roomline.sip.peering;

/** A standing relation to a peer, as a machine over the endpoint. Owner: the signalling loop. */
public sealed interface Peering permits Registration, Ping {

    void handle(PeeringInput input, long nowNanos, PeeringOutbox outbox);

    /** {@link Long#MAX_VALUE} where nothing is due. */
    long nextDeadlineNanos();
}
