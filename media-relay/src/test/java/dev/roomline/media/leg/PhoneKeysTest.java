package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that a phone presses, and keys that it is sent: as telephone events and as tones. */
class PhoneKeysTest extends ToldPhone {
    /** RFC 4733 §2.5.1.3: a long key's segments bear the times at which they begin. */
    @Test
    @Tag("RFC4733§2.5.1.3")
    void a_long_key_is_sent_in_segments() {
        leg.agreed(withEvents(EVENTS), now());
        leg.join();
        leg.release();
        assertThat(leg.press("5", 10_000, 40, false)).isTrue();
        for (int i = 0; i < 510; i++) {
            leg.sendMix(new byte[160], 0, 160, -30);
        }

        List<RtpPacket> keys =
                rtp.stream().map(OnePhone::view).filter(p -> p.payloadType() == 101).toList();
        assertThat(keys).hasSize(502);
        assertThat(keys).filteredOn(RtpPacket::marker).hasSize(1);
        int began = keys.getFirst().timestamp();
        assertThat(keys.stream().mapToInt(p -> p.timestamp() - began).distinct())
                .containsExactly(0, 0xFFFF);
        assertThat(keys.getLast().timestamp() - began).isEqualTo(0xFFFF);
        // and sound goes on where it would have been without the key
        RtpPacket after = view(rtp.get(502));
        assertThat(after.payloadType()).isZero();
        assertThat(after.timestamp() - began).isEqualTo(502 * 160);
    }

    @Test
    @Tag("RFC4733§2.5.1")
    void keys_are_tones_where_no_telephone_events_are_agreed_and_only_where_that_is_wanted() {
        leg.agreed(withEvents(null), now());
        leg.join();
        leg.release();

        assertThat(leg.press("5", 100, 40, false)).isFalse();
        assertThat(leg.dials()).isFalse();
        assertThat(leg.press("5", 100, 40, true)).isTrue();
        assertThat(leg.dials()).isTrue();

        // agreed to meanwhile: what waits goes as events
        leg.agreed(withEvents(EVENTS), now());
        assertThat(leg.dials()).isFalse();
        for (int i = 0; i < 10; i++) {
            leg.sendMix(new byte[160], 0, 160, -30);
        }
        assertThat(rtp).filteredOn(p -> view(p).payloadType() == 101).hasSize(7);
        assertThat(leg.dials()).isFalse();
    }

    private static PhoneMedia withEvents(@Nullable TelephoneEvent events) {
        return media(AudioCodec.PCMU, 0, Direction.SENDRECV, events);
    }

    /**
     * 100 ms of key 5 and 100 ms of silence, as they come; how often it says that a key is down.
     */
    private int pressesFiveByTones() {
        int suppressed = 0;
        short[] pcm = new short[160];
        for (int n = 0; n < 10; n++) {
            for (int i = 0; i < 160; i++) {
                double t = (160 * n + i) / 8_000.0;
                double tones =
                        5_000 * Math.sin(2 * Math.PI * 770 * t)
                                + 5_000 * Math.sin(2 * Math.PI * 1_336 * t);
                pcm[i] = (short) (n < 5 ? tones : 0);
            }
            byte[] payload = new byte[160];
            pcmu.encode(pcm, 0, 160, payload, 0);
            receives(0, false, payload);
            timestamp += 160;
            nowMillis += 20;
            suppressed += leg.pressingKey(now()) ? 1 : 0;
        }
        return suppressed;
    }

    @Test
    void keys_by_tones_are_heard_of_a_phone_that_agreed_to_no_telephone_events() {
        leg.agreed(withEvents(null), now());
        leg.join();

        int suppressed = pressesFiveByTones();

        assertThat(told).filteredOn(each -> each.startsWith("dtmf 5")).hasSize(1);
        // from the second packet of the tones on, and 40 ms beyond them
        assertThat(suppressed).isBetween(5, 7);
        assertThat(leg.pressingKey(now())).isFalse();
    }

    @Test
    void tones_of_a_phone_that_agreed_to_telephone_events_are_sound_and_no_keys() {
        leg.agreed(withEvents(EVENTS), now());
        leg.join();

        assertThat(pressesFiveByTones()).isZero();
        assertThat(told).noneMatch(each -> each.startsWith("dtmf"));
    }

    @Test
    @Tag("RFC4733§2.5.2")
    void a_key_is_told_once_and_not_heard() {
        agree(20);
        Tone tone = new Tone(941, 8_000, -10);
        short[] pcm = new short[160];
        byte[] sound = new byte[160];
        leg.ear().open(Ear.Onset.NEWEST, now());
        List<Short> heard = new ArrayList<>();
        for (int i = 0; i < 50; i++, nowMillis += 20) {
            boolean key = i >= 20 && i < 30;
            if (key) {
                int duration = Math.min(i - 19, 8) * 160;
                boolean end = i >= 27;
                byte[] event = {
                    5, (byte) (end ? 0x8A : 0x0A), (byte) (duration >> 8), (byte) duration
                };
                receives(101, i == 20, event);
            } else {
                tone.generate(pcm, 0, 160);
                pcmu.encode(pcm, 0, 160, sound, 0);
                timestamp = 1_000 + 160 * i;
                receives(0, false, sound);
            }
            leg.ear().pull(now(), leg.pressingKey(now()));
            if (i >= 22 && i < 29) {
                for (short sample : leg.ear().frame()) {
                    heard.add(sample);
                }
            }
        }

        assertThat(told).containsExactly("connected", "dtmf 5 160");
        short[] during = new short[heard.size()];
        for (int i = 0; i < during.length; i++) {
            during[i] = heard.get(i);
        }
        assertThat(Goertzel.dbov(during, 0, during.length, 941, 8_000)).isLessThan(-50);
    }
}
