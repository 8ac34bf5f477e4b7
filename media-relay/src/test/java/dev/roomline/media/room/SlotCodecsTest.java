package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.MediaClock;
import dev.roomline.media.leg.SoundPacket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Phones in slots, as their own packets and as Opus: which goes, and when that may change. */
class SlotCodecsTest extends TwoSlots {
    /** A phone whose PCMU this browser plays, and which can be had as Opus too. */
    private final class Phone {
        private final int id;
        private final SourceClock clock = new SourceClock();
        private final SourceClock encodedClock = new SourceClock();
        private long sequence = 1_000;
        private long timestamp = 6 * 77_777L;
        private long encodedSequence;
        private AudioCodec wish = AudioCodec.PCMU;

        Phone(int id) {
            this.id = id;
        }

        /** Both of its packets of 20 ms; the codec that went. */
        AudioCodec says() {
            int before = speech;
            long now = nowMillis * MILLI;
            clock.onPacket(timestamp, now);
            SoundPacket own = packet(AudioCodec.PCMU, ++sequence, timestamp, 160);
            timestamp += 960;
            slots.offer(id, clock, AudioCodec.PCMU, wish, -30, own, now);
            if (slots.codecFor(id, AudioCodec.PCMU, wish, now) == AudioCodec.OPUS) {
                long ticks = MediaClock.ticks(now);
                encodedClock.onPacket(ticks, now);
                SoundPacket encoded = packet(AudioCodec.OPUS, ++encodedSequence, ticks, 60);
                slots.offer(id, encodedClock, AudioCodec.PCMU, wish, -30, encoded, now);
            }
            assertThat(speech - before).as("one of the two goes").isEqualTo(1);
            return last().codec();
        }

        void says(int packets) {
            for (int i = 0; i < packets; i++) {
                says();
                tick();
            }
        }

        void pauses(long millis) {
            slots.pause(id, nowMillis * MILLI);
            sequence += millis / 20;
            timestamp += 48 * millis;
            nowMillis += millis;
        }
    }

    private static SoundPacket packet(AudioCodec codec, long sequence, long timestamp, int octets) {
        byte[] payload = codec == AudioCodec.OPUS ? OPUS_OF_20_MILLIS : new byte[octets];
        return new SoundPacket().set(codec, sequence, timestamp, -30, payload, 0, payload.length);
    }

    @Test
    void a_phones_packets_go_as_they_come_and_end_with_silence_of_their_codec() {
        Phone a = new Phone(1);
        a.says(3);
        a.pauses(20);

        assertThat(sent).extracting(Sent::codec).containsOnly(AudioCodec.PCMU);
        assertThat(sent).extracting(Sent::sequence).containsExactly(101, 102, 103, 104, 105);
        assertThat(sent).extracting(Sent::length).containsOnly(160);
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).timestamp() - sent.get(i - 1).timestamp()).isEqualTo(960);
        }
    }

    @Test
    void the_codec_of_a_sound_that_goes_on_never_changes() {
        Phone a = new Phone(1);
        a.says(3);
        a.wish = AudioCodec.OPUS;
        a.says(200);

        assertThat(sent).extracting(Sent::codec).containsOnly(AudioCodec.PCMU);
    }

    @Test
    void after_a_short_pause_another_codec_goes_into_another_slot() {
        Phone a = new Phone(1);
        a.says(3);
        a.wish = AudioCodec.OPUS;
        a.pauses(300);
        a.says(3);

        assertThat(last().codec()).isEqualTo(AudioCodec.OPUS);
        assertThat(last().slot()).isEqualTo(1);
        assertThat(slots.carries()).containsExactly(0, 1);
    }

    @Test
    void after_a_short_pause_the_codec_stays_where_no_other_slot_is_free() {
        Phone a = new Phone(1);
        Speaker b = new Speaker(2, 5, 0);
        b.says();
        a.says(3);
        a.wish = AudioCodec.OPUS;
        a.pauses(300);

        assertThat(a.says()).isEqualTo(AudioCodec.PCMU);
    }

    @Test
    @Tag("RFC7160§4.1")
    void after_half_a_second_the_same_slot_takes_another_codec() {
        Phone a = new Phone(1);
        Speaker b = new Speaker(2, 5, 0);
        b.says();
        a.says(3);
        int slot = last().slot();
        a.wish = AudioCodec.OPUS;
        a.pauses(500);

        assertThat(a.says()).isEqualTo(AudioCodec.OPUS);
        assertThat(last().slot()).isEqualTo(slot);
        assertThat(last().marker()).isTrue();
    }

    @Test
    void a_louder_speaker_takes_no_slot_whose_codec_it_has_not() {
        Phone a = new Phone(1);
        Phone b = new Phone(2);
        a.says();
        b.says();

        assertThat(new Speaker(3, 5, 0).says(0, -5)).isEqualTo(SlotForwarder.Verdict.NO_SLOT);
    }

    @Test
    void a_clock_that_jumps_within_a_sound_is_mapped_anew() {
        Phone a = new Phone(1);
        a.says(3);
        long before = last().timestamp();
        a.timestamp += 48_000L * 100;
        a.says(1);

        assertThat(last().marker()).isTrue();
        assertThat(last().timestamp() - before).isBetween(3 * 960L, 4 * 960L);
    }

    @Test
    void no_number_is_used_twice_while_codecs_come_and_go() {
        Phone a = new Phone(1);
        Phone b = new Phone(2);
        Random random = new Random(4);
        for (int i = 0; i < 3_000; i++) {
            Phone phone = random.nextBoolean() ? a : b;
            if (random.nextInt(20) == 0) {
                phone.wish = random.nextBoolean() ? AudioCodec.OPUS : AudioCodec.PCMU;
            }
            if (random.nextInt(10) == 0) {
                phone.pauses(20L * random.nextInt(40));
            }
            phone.says(1);
        }

        Set<String> numbers = new HashSet<>();
        Sent[] latest = new Sent[2];
        for (Sent packet : sent) {
            assertThat(numbers.add(packet.slot() + "/" + packet.sequence())).isTrue();
            Sent before = latest[packet.slot()];
            if (before != null) {
                assertThat(packet.timestamp()).isGreaterThan(before.timestamp());
                if (before.codec() != packet.codec()) {
                    assertThat(packet.atMillis() - before.atMillis())
                            .as("rest before another codec")
                            .isGreaterThanOrEqualTo(500);
                }
            }
            latest[packet.slot()] = packet;
        }
    }
}
