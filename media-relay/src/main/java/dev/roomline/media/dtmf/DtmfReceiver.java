package dev.roomline.media.dtmf;

/**
 * Makes digits of telephone-event packets (RFC 4733 §2.5.2): one per event, however often its parts
 * are sent. Owner: the media loop of the leg.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class DtmfReceiver {
    /**
     * @param clockRate of the telephone-event payload type in Hz, 8000 or 48000
     */
    public DtmfReceiver(int clockRate, DtmfListener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes one telephone-event payload.
     *
     * @return false if it is malformed or no DTMF event
     */
    public boolean handle(
            int ssrc,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Ends an event whose end packets were lost; to be called when the deadline has passed. */
    public void advance(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** When {@link #advance} is due; {@link Long#MAX_VALUE} while no event is open. */
    public long nextDeadlineNanos() {
        throw new UnsupportedOperationException();
    }

    /** Whether an event is open: the leg's sound is replaced by silence meanwhile. */
    public boolean isActive() {
        throw new UnsupportedOperationException();
    }
}
