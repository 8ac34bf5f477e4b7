package dev.roomline.sip.transaction;

/**
 * Who uses a transaction: it sends for it, and is told what comes of it.
 *
 * @param <M> what is handed up: a response in a client, an ACK in a server
 */
public interface TransactionUser<M> {
    /** Send these bytes on the transaction's road. */
    void transmit(byte[] message);

    /** Sends bytes again that were sent before. */
    default void transmitAgain(byte[] message) {
        transmit(message);
    }

    /** A response, or an ACK that hits an accepted INVITE. */
    void received(M message, long nowNanos);

    /** INVITE client: build the ACK for this 300–699 (§17.1.1.3) and send it. */
    void acknowledge(M response);

    /** Nobody answered (client), or nobody acknowledged (INVITE server). */
    void timedOut(long nowNanos);

    /** The transport could not carry a message. */
    void unsendable(long nowNanos);

    /** Forget the transaction; only why it ended may still be told. */
    void terminated(long nowNanos);
}
