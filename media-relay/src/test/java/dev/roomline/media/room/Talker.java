package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import java.util.Arrays;
import java.util.Random;

/** Somebody who says noise that is never the same, so that each octet has its place. */
final class Talker {
    private final VirtualRoom at;
    final Caller phone;
    final AudioCodec codec;
    private final Random random;
    private final int phaseMillis;
    private final int ptimeMillis;

    /** What it says in pauses. */
    final byte[] silence;

    /** Everything that it said. */
    byte[] said = new byte[0];

    boolean loud = true;
    boolean sends = true;

    Talker(VirtualRoom at, int id, AudioCodec codec, int ptimeMillis, int phaseMillis) {
        this(at, new Caller(id, codec, ptimeMillis, at), id, codec, ptimeMillis, phaseMillis);
    }

    /** One whose phone agreed to comfort noise. */
    static Talker withComfortNoise(
            VirtualRoom at, int id, AudioCodec codec, int ptimeMillis, int phaseMillis) {
        Caller phone = Caller.withComfortNoise(id, codec, ptimeMillis, at);
        return new Talker(at, phone, id, codec, ptimeMillis, phaseMillis);
    }

    private Talker(
            VirtualRoom at,
            Caller phone,
            int id,
            AudioCodec codec,
            int ptimeMillis,
            int phaseMillis) {
        this.at = at;
        this.phone = phone;
        this.codec = codec;
        this.phaseMillis = phaseMillis;
        this.ptimeMillis = ptimeMillis;
        random = new Random(id);
        silence = new byte[8 * ptimeMillis];
        Arrays.fill(silence, codec == AudioCodec.PCMU ? (byte) 0xFF : (byte) 0xD5);
        at.everybody.add(this::passMilli);
    }

    void passMilli() {
        if (at.nowMillis() % ptimeMillis != phaseMillis || !sends) {
            return;
        }
        byte[] packet = silence;
        if (loud) {
            packet = new byte[8 * ptimeMillis];
            for (int i = 0; i < packet.length; i++) {
                int sample = random.nextInt(200, 6_000);
                packet[i] = G711.encode(codec, random.nextBoolean() ? sample : -sample);
            }
            int before = said.length;
            said = Arrays.copyOf(said, before + packet.length);
            System.arraycopy(packet, 0, said, before, packet.length);
        }
        phone.says(packet, packet.length);
    }

    /** What of a stretch of another's sound was heard here, as one unbroken row of octets. */
    int heardInARow(Talker other, int fromPacket) {
        byte[] heard = phone.octets(fromPacket);
        int place = indexOf(other.said, heard, 0);
        assertThat(place)
                .as("heard as it was said, nothing left out or said twice")
                .isNotNegative();
        return heard.length;
    }

    /** Where a part begins; −1: nowhere. */
    static int indexOf(byte[] all, byte[] part, int from) {
        for (int at = from; at + part.length <= all.length; at++) {
            if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }
}
