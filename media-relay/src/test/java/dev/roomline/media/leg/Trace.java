package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import java.util.List;

/**
 * What reached us of one stream, in the order of arrival, with what was said.
 *
 * @param said the speaker's sound at 16 kHz from time 0 on; empty where it is not known
 */
@SuppressWarnings("ArrayRecordComponent")
record Trace(AudioCodec codec, List<Packet> packets, short[] said) {
    /** What a packet carries. */
    enum Kind {
        SPEECH,
        COMFORT_NOISE,
        EVENT
    }

    /** One packet as it came. */
    @SuppressWarnings("ArrayRecordComponent")
    record Packet(
            long arrivalNanos,
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            Kind kind,
            byte[] payload) {}
}
