package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;

/**
 * The volume of G.711 that is handed on as it came: a look-up for each octet, and a ramp over the
 * first packet after a change. Owner: the leg's media loop.
 */
final class TableGain {
    private static final byte[] NOTHING = new byte[0];

    private double factor = 1;
    private double wanted = 1;

    /** Made when the volume changes; the law that it is of. */
    private byte[] table = NOTHING;

    private AudioCodec law = AudioCodec.PCMU;
    private byte[] scaled = NOTHING;

    /** 1 leaves it as it is; the next packet moves there. */
    void set(double next) {
        wanted = next;
    }

    /** Nothing sounds from which to move there; what was mute rises all the same. */
    void jump() {
        if (factor != wanted && factor != 0) {
            factor = wanted;
            table = NOTHING;
        }
    }

    /** Whether packets may go without being touched. */
    boolean isUnity() {
        return factor == 1 && wanted == 1;
    }

    /** Whether a mute has faded it out wholly. */
    boolean isMuted() {
        return factor == 0 && wanted == 0;
    }

    /** Whether the next packet would be faded out. */
    boolean isToBeMuted() {
        return wanted == 0;
    }

    /** Level in dB that it adds; at most −127 for silence. */
    int decibels() {
        return wanted <= 0 ? -127 : (int) Math.round(20 * Math.log10(wanted));
    }

    /** The payload at the volume; it lies at 0, and is good until the next call. */
    byte[] apply(AudioCodec codec, byte[] payload, int offset, int length) {
        if (scaled.length < length) {
            scaled = new byte[Workbench.PACKET_OCTETS];
        }
        if (factor != wanted) {
            ramp(codec, payload, offset, length);
            return scaled;
        }
        if (table.length == 0 || law != codec) {
            law = codec;
            table = G711.gainTable(codec, factor);
        }
        System.arraycopy(payload, offset, scaled, 0, length);
        G711.apply(table, scaled, 0, length);
        return scaled;
    }

    private void ramp(AudioCodec codec, byte[] payload, int offset, int length) {
        double step = (wanted - factor) / length;
        for (int i = 0; i < length; i++) {
            double sample = G711.decode(codec, payload[offset + i]) * (factor + step * (i + 1));
            int whole = (int) Math.clamp(Math.rint(sample), Short.MIN_VALUE, Short.MAX_VALUE);
            scaled[i] = G711.encode(codec, whole);
        }
        factor = wanted;
        table = NOTHING;
    }
}
