package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import java.util.Arrays;
import java.util.List;

/** What a phone plays of what it is sent, and how rough it sounds. */
final class Played {
    private Played() {}

    /**
     * @param from the first packet that it plays
     * @return at the codec's rate of {@link AudioDecoder}; gaps in time are silence
     */
    static short[] by(Caller phone, AudioCodec codec, int from, Codecs codecs) {
        return of(phone.packets.subList(from, phone.packets.size()), codec, codecs);
    }

    /** The same of packets; comfort noise that is as silent as silence is nothing. */
    static short[] of(List<Caller.Packet> packets, AudioCodec codec, Codecs codecs) {
        try (AudioDecoder decoder = codecs.openDecoder(codec)) {
            int rate = decoder.sampleRate();
            int origin = packets.getFirst().timestamp();
            int ticks = packets.getLast().timestamp() - origin;
            int end = (int) ((long) ticks * rate / codec.clockRate());
            short[] heard = new short[end + rate];
            for (Caller.Packet each : packets) {
                if (each.payloadType() == Caller.COMFORT_NOISE && each.payload()[0] == 127) {
                    continue;
                }
                int ahead = each.timestamp() - origin;
                int place = (int) ((long) ahead * rate / codec.clockRate());
                decoder.decode(each.payload(), 0, each.payload().length, heard, place);
            }
            return Arrays.copyOf(heard, end);
        }
    }

    /** Largest second difference: a cut tone has one of the size of its amplitude. */
    static double roughness(short[] pcm, int from, int to) {
        double worst = 0;
        for (int i = Math.max(2, from); i < to; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }
}
