package dev.roomline.media.leg;

/** What a browser is reached by. Owner: the leg's media loop. */
public interface BrowserPath extends AutoCloseable {
    /** Media flows. */
    boolean isOpen();

    /**
     * Protects an RTP packet in place and sends it; there must be room behind it.
     *
     * @return octets as sent, 0 if it could not be
     */
    int sendRtp(byte[] bytes, int length);

    /** Sends again what {@link #sendRtp} has sealed. */
    void resend(byte[] sealed, int offset, int length);

    /** Protects a compound in place and sends it. */
    void sendRtcp(byte[] bytes, int length);

    /** Asks for what time alone brings about; ten times a second. */
    void maintain(long nowNanos);

    /** Tells the browser that it is over, and frees what is secret. */
    @Override
    void close();
}
