package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;

/** One that speaks at its pace, and what is counted of it. */
abstract class SteadyPhone extends OnePhone {
    static final int SSRC = 99;

    int sequence = 10;

    int timestamp = 1_000;

    static PhoneMedia media(AudioCodec codec, Direction direction) {
        int type = codec.staticPayloadType() < 0 ? 96 : codec.staticPayloadType();
        int clock = codec == AudioCodec.OPUS ? 48_000 : 8_000;
        return media(codec, type, direction, new TelephoneEvent(101, 101, clock));
    }

    void agree(Direction direction) {
        leg.agreed(media(AudioCodec.PCMU, direction), now());
        leg.join();
        leg.release();
    }

    void receives(int type, int ssrc, int number, int clock, byte[] payload) {
        receives(type, false, ssrc, number, clock, payload);
    }

    /** 20 ms of sound, at its pace. */
    void speaks(int ssrc) {
        receives(0, ssrc, sequence++ & 0xFFFF, timestamp, new byte[160]);
        timestamp += 160;
        nowMillis += 20;
    }

    LegStatus.Flow received() {
        return leg.status("room", now()).received();
    }
}
