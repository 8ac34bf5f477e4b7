package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.util.ArrayList;
import java.util.List;

/** One that takes telephone events; all that its leg tells is in a list. */
abstract class ToldPhone extends OnePhone {
    static final TelephoneEvent EVENTS = new TelephoneEvent(101, 101, 8_000);

    final List<String> told = new ArrayList<>();
    final AudioEncoder pcmu = codecs.openG711Encoder(AudioCodec.PCMU);
    int timestamp = 1_000;
    private int sequence = 10;

    static PhoneMedia media(int ptimeMillis, Direction direction) {
        return media(
                AudioCodec.PCMU,
                0,
                ptimeMillis,
                direction,
                !direction.sends(),
                EVENTS,
                OpusParameters.DEFAULT);
    }

    void agree(int ptimeMillis) {
        leg.agreed(media(ptimeMillis, Direction.SENDRECV), now());
        leg.join();
    }

    void receives(int payloadType, boolean marker, byte[] payload) {
        receives(payloadType, marker, 99, sequence++, timestamp, payload);
    }

    @Override
    public void onConnected(Leg connected) {
        told.add("connected");
    }

    @Override
    public void onDtmf(Leg pressed, char digit, int durationMillis) {
        told.add("dtmf " + digit + " " + durationMillis);
    }

    @Override
    public void onLost(Leg gone, LegLoss loss, String detail) {
        told.add(loss.name());
    }
}
