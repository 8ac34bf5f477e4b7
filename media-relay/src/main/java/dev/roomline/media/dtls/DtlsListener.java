package dev.roomline.media.dtls;

/**
 * What a DTLS association tells its owner. Called on the association's virtual thread: an
 * implementation must only post to its loop.
 */
public interface DtlsListener {

    /** Send this to the selected address. The array is the receiver's to keep. */
    void onDatagram(byte[] datagram);

    /** The handshake ended. Told exactly once. */
    void onOutcome(DtlsOutcome outcome);

    /** After it was established the peer said close_notify, or a fatal alert. At most once. */
    void onClosed();
}
