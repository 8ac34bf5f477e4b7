package dev.roomline.media.leg;

import dev.roomline.media.dtmf.DtmfListener;
import dev.roomline.media.dtmf.DtmfReceiver;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.TelephoneEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a phone presses, told as telephone events of the format agreed (RFC 4733). Owner:
 * the leg's media loop.
 */
final class IncomingKeys {
    private final DtmfListener listener;
    private @Nullable TelephoneEvent format;

    /** Null where no format is agreed. */
    private @Nullable DtmfReceiver receiver;

    IncomingKeys(DtmfListener listener) {
        this.listener = listener;
    }

    /** Null: none is agreed. A key that is pressed goes on where the format stays. */
    void listen(@Nullable TelephoneEvent agreed) {
        if (!Objects.equals(agreed, format)) {
            receiver = agreed == null ? null : new DtmfReceiver(agreed.clockRate(), listener);
            format = agreed;
        }
    }

    /**
     * @return false if it is malformed
     */
    boolean handle(RtpPacket packet, long nowNanos) {
        DtmfReceiver keys = receiver;
        return keys == null
                || keys.handle(
                        packet.ssrc(),
                        packet.timestamp(),
                        packet.marker(),
                        packet.buffer(),
                        packet.payloadOffset(),
                        packet.payloadLength(),
                        nowNanos);
    }

    boolean isPressed() {
        return receiver != null && receiver.isActive();
    }

    void advance(long nowNanos) {
        if (receiver != null && nowNanos >= receiver.nextDeadlineNanos()) {
            receiver.advance(nowNanos);
        }
    }
}
