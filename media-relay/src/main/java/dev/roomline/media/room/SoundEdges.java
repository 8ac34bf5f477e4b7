package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.leg.SoundPacket;
import java.util.Arrays;

/**
 * How a sound of G.711 begins and ends in a slot where it does so in the midst of a loud moment,
 * because the slot changed hands: it rises within 2.5 ms, and it falls within 5, as what came last
 * goes on mirrored at its end, in value and slope. Whatever begins or ends quietly stays as it is.
 * Other codecs know no such edges: their decoders go from one packet to another's by themselves.
 * Owner: the room.
 */
final class SoundEdges {
    private static final int RISING_OCTETS = 20;
    private static final int FALLING_OCTETS = 40;
    private static final int FRAME_OCTETS = 160;

    /** −42 dBov: a step from or to less is not heard beside a telephone's noise. */
    private static final int LOUD = 256;

    /** In how many octets at the edge a moment must be quiet throughout to be left alone. */
    private static final int LOOKED_AT = 8;

    private final byte[] tail = new byte[FALLING_OCTETS];
    private int kept;
    private byte[] risen = new byte[FRAME_OCTETS];
    private final byte[] fallen = new byte[FRAME_OCTETS];
    private final SoundPacket edge = new SoundPacket();

    private static boolean hasEdges(AudioCodec codec) {
        return switch (codec) {
            case PCMU, PCMA -> true;
            case G722, OPUS -> false;
        };
    }

    /** What has been sent, since it may be the last. */
    void keep(SoundPacket sound) {
        kept = 0;
        if (hasEdges(sound.codec())) {
            kept = Math.min(FALLING_OCTETS, sound.length());
            int from = sound.offset() + sound.length() - kept;
            System.arraycopy(sound.octets(), from, tail, 0, kept);
        }
    }

    /** A sound's first packet, risen where it begins loud; good until the next call. */
    SoundPacket beginning(SoundPacket sound) {
        AudioCodec codec = sound.codec();
        if (!hasEdges(codec)
                || isQuiet(codec, sound.octets(), sound.offset(), sound.length(), false)) {
            return sound;
        }
        if (risen.length < sound.length()) {
            risen = new byte[sound.length()];
        }
        System.arraycopy(sound.octets(), sound.offset(), risen, 0, sound.length());
        int rising = Math.min(RISING_OCTETS, sound.length());
        for (int i = 0; i < rising; i++) {
            double weight = 0.5 - 0.5 * Math.cos(Math.PI * (i + 0.5) / rising);
            risen[i] = encode(codec, weight * G711.decode(codec, risen[i]));
        }
        return edge.set(
                codec,
                sound.sequence(),
                sound.timestamp(),
                sound.levelDbov(),
                risen,
                0,
                sound.length());
    }

    /** 20 ms that end what was kept last; null where silence does it. Good until the next call. */
    SoundPacket ending(AudioCodec codec, SoundPacket silence) {
        if (kept == 0 || !hasEdges(codec) || isQuiet(codec, tail, 0, kept, true)) {
            return silence;
        }
        int last = G711.decode(codec, tail[kept - 1]);
        for (int i = 0; i < kept - 1; i++) {
            double weight = 0.5 + 0.5 * Math.cos(Math.PI * (i + 0.5) / (kept - 1));
            int mirrored = 2 * last - G711.decode(codec, tail[kept - 2 - i]);
            fallen[i] = encode(codec, weight * mirrored);
        }
        Arrays.fill(fallen, kept - 1, FRAME_OCTETS, encode(codec, 0));
        kept = 0;
        return edge.set(codec, 0, 0, silence.levelDbov(), fallen, 0, FRAME_OCTETS);
    }

    private static boolean isQuiet(
            AudioCodec codec, byte[] octets, int offset, int length, boolean atEnd) {
        int looked = Math.min(LOOKED_AT, length);
        int from = atEnd ? offset + length - looked : offset;
        for (int i = from; i < from + looked; i++) {
            if (Math.abs(G711.decode(codec, octets[i])) > LOUD) {
                return false;
            }
        }
        return true;
    }

    private static byte encode(AudioCodec codec, double sample) {
        int rounded = Math.clamp(Math.round(sample), Short.MIN_VALUE, Short.MAX_VALUE);
        return codec == AudioCodec.PCMU ? G711.encodeMu(rounded) : G711.encodeA(rounded);
    }
}
