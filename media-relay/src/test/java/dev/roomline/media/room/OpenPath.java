package dev.roomline.media.room;

import dev.roomline.media.leg.BrowserPath;
import dev.roomline.media.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A path to a browser in virtual time that is open and keeps every packet. */
final class OpenPath implements BrowserPath {
    final List<Caller.Packet> packets = new ArrayList<>();
    private final VirtualRoom at;

    /** A bug of ours strikes whenever it is sent something. */
    boolean broken;

    boolean closed;

    OpenPath(VirtualRoom at) {
        this.at = at;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public int sendRtp(byte[] bytes, int length) {
        failIfBroken();
        RtpPacket view = new RtpPacket();
        if (view.wrap(bytes, 0, length) == null) {
            int from = view.payloadOffset();
            packets.add(
                    new Caller.Packet(
                            view.sequence(),
                            view.timestamp(),
                            view.marker(),
                            view.payloadType(),
                            Arrays.copyOfRange(bytes, from, from + view.payloadLength()),
                            at.nowNanos()));
        }
        return length;
    }

    @Override
    public void resend(byte[] sealed, int offset, int length) {}

    @Override
    public void sendRtcp(byte[] bytes, int length) {
        failIfBroken();
    }

    private void failIfBroken() {
        if (broken) {
            throw new IllegalStateException("a bug of ours");
        }
    }

    @Override
    public void maintain(long nowNanos) {}

    @Override
    public void close() {
        closed = true;
    }
}
