package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.leg.SoundPacket;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a loud sound ends that another takes the slot of. */
class SoundEdgesTest {
    private static final int LOUD = 8_000;
    private static final int FALLING = 40;

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA"})
    void what_was_loud_to_the_end_falls_within_5_ms(AudioCodec codec) {
        byte[] loud = new byte[160];
        Arrays.fill(loud, G711.encode(codec, LOUD));
        SoundEdges edges = new SoundEdges();
        edges.keep(new SoundPacket().set(codec, 1, 0, -12, loud, 0, loud.length));
        SoundPacket end = edges.ending(codec, new SoundPacket().setSilence(codec));

        int before = G711.decode(codec, loud[159]);
        for (int i = 0; i < end.length(); i++) {
            int sample = G711.decode(codec, end.octets()[end.offset() + i]);
            assertThat(before - sample).as("octet %s", i).isBetween(0, LOUD / 10);
            before = sample;
        }
        assertThat(end.length()).isEqualTo(160);
        int fallen = G711.decode(codec, end.octets()[end.offset() + FALLING]);
        assertThat(fallen).isBetween(-8, 8);
    }
}
