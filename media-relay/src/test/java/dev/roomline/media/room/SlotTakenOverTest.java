package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.SoundPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * More speak than a browser has slots: the one slot changes hands in the midst of tones. Decoded as
 * the browser does, packet after packet, who is cut off falls without a click.
 */
class SlotTakenOverTest {
    private static final long MILLI = 1_000_000L;

    private final Codecs codecs = Codecs.load();
    private final List<Caller.Packet> packets = new ArrayList<>();
    private final SlotForwarder slots = new SlotForwarder(new int[] {100}, this::send);
    private long nowMillis = 10_000;

    private void send(
            int slot, boolean marker, int sequence, long timestamp, int source, SoundPacket sound) {
        byte[] payload =
                Arrays.copyOfRange(sound.octets(), sound.offset(), sound.offset() + sound.length());
        int clock = 48_000 / sound.codec().clockRate();
        packets.add(
                new Caller.Packet(
                        sequence,
                        (int) (timestamp / clock),
                        marker,
                        0,
                        payload,
                        nowMillis * MILLI));
    }

    /** Says a tone without end. */
    private final class Singer {
        private final int id;
        private final AudioCodec codec;
        private final int dbov;
        private final AudioEncoder encoder;
        private final Tone tone;
        private final short[] pcm;
        private final byte[] payload = new byte[1_275];
        private final SourceClock clock = new SourceClock();
        private long sequence = 500;
        private long timestamp = 96_000;

        Singer(int id, AudioCodec codec, double hertz, int dbov) {
            this.id = id;
            this.codec = codec;
            this.dbov = dbov;
            encoder =
                    switch (codec) {
                        case PCMU, PCMA -> codecs.openG711Encoder(codec);
                        case G722 -> codecs.openG722Encoder();
                        case OPUS -> codecs.openOpusEncoder(OpusSettings.voice(16_000, 5));
                    };
            pcm = new short[encoder.sampleRate() / 50];
            tone = new Tone(hertz, encoder.sampleRate(), dbov);
        }

        SlotForwarder.Verdict says() {
            tone.generate(pcm, 0, pcm.length);
            int length = encoder.encode(pcm, 0, pcm.length, payload, 0);
            sequence++;
            timestamp += 960;
            long now = nowMillis * MILLI;
            clock.onPacket(timestamp, now);
            SoundPacket sound =
                    new SoundPacket().set(codec, sequence, timestamp, dbov, payload, 0, length);
            return slots.offer(id, clock, codec, codec, dbov, sound, now);
        }
    }

    /**
     * How much rougher than the louder tone itself its beginning may be. In G.722 and Opus a packet
     * cannot be made to rise without another encoder, so who takes a slot in the midst of a loud
     * moment is as sudden there as the packets are.
     */
    private static double suddenness(AudioCodec codec) {
        return switch (codec) {
            case PCMU, PCMA -> 1.2;
            case OPUS -> 4;
            case G722 -> 8;
        };
    }

    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void a_louder_speaker_takes_the_slot_and_nobody_is_cut_off_with_a_click(AudioCodec codec) {
        Singer ada = new Singer(1, codec, 437, -27);
        Singer grace = new Singer(2, codec, 603, -20);
        for (int i = 0; i < 50; i++) {
            assertThat(ada.says()).isEqualTo(SlotForwarder.Verdict.SENT);
            nowMillis += 20;
        }
        int joint = packets.size();
        for (int i = 0; i < 50; i++) {
            assertThat(grace.says()).isEqualTo(SlotForwarder.Verdict.SENT);
            assertThat(ada.says()).isEqualTo(SlotForwarder.Verdict.NO_SLOT);
            nowMillis += 20;
        }
        short[] heard = Played.of(packets, codec, codecs);
        int frame = heard.length / (packets.size() - 1);
        double before = Played.roughness(heard, 10 * frame, (joint - 1) * frame);
        double ends = Played.roughness(heard, (joint - 1) * frame, (joint + 1) * frame);
        double begins = Played.roughness(heard, (joint + 1) * frame, (joint + 6) * frame);
        double after = Played.roughness(heard, (joint + 10) * frame, heard.length);
        System.out.printf(
                "%s: largest second difference before %.0f, where one ends %.0f, the other begins"
                        + " %.0f, after %.0f%n",
                codec, before, ends, begins, after);
        double steady = Math.max(before, after);
        assertThat(ends).isLessThan(1.2 * steady);
        assertThat(begins).isLessThan(suddenness(codec) * steady);
    }
}
