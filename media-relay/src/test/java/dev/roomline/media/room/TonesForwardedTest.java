package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as tones of a phone whose packets go on as they come: hardly anything of them is heard. */
class TonesForwardedTest {
    private static final int KEY_MILLIS = 100;

    /** A packet's last 6 ms are too short to tell, and 2 ms fade; a piece is 2 ms. */
    private static final int MOST_HEARD_MILLIS = 10;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private int samples;

    /** A hum at 300 Hz, and from a sample on a key. */
    private void speak(AudioCodec codec, int ptimeMillis, int keyAt) {
        Caller ada = Caller.withoutEvents(1, codec, ptimeMillis, at);
        samples = 0;
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % ptimeMillis == 3) {
                        byte[] packet = new byte[8 * ptimeMillis];
                        for (int i = 0; i < packet.length; i++, samples++) {
                            packet[i] = G711.encode(codec, (int) sound(keyAt));
                        }
                        ada.says(packet, packet.length);
                    }
                });
    }

    private double sound(int keyAt) {
        boolean down = samples >= keyAt && samples < keyAt + 8 * KEY_MILLIS;
        double t = 2 * Math.PI * samples / 8_000;
        return down ? 6_000 * (Math.sin(770 * t) + Math.sin(1_336 * t)) : 1_000 * Math.sin(300 * t);
    }

    private static int beepMillis(List<Caller.Packet> packets, AudioCodec codec) {
        int beep = 0;
        for (Caller.Packet each : packets) {
            for (int i = 0; i < each.payload().length; i += 16) {
                double loud = G711.meanSquare(codec, each.payload(), i, 16);
                beep += loud > 2_500 * 2_500 ? 2 : 0;
            }
        }
        return beep;
    }

    /** Wherever in a packet it begins. */
    @ParameterizedTest
    @CsvSource({"PCMU,20", "PCMA,20", "PCMU,10", "PCMU,30", "PCMU,60"})
    void of_a_key_no_more_is_heard_than_what_is_too_short_to_tell(AudioCodec codec, int ptime) {
        int most = 0;
        int all = 0;
        for (int begins = 0; begins < 160; begins += 12) {
            at.everybody.clear();
            at.room.remove(1);
            at.room.remove(2);
            speak(codec, ptime, 8 * 480 + begins);
            Caller grace = new Caller(2, codec, 20, at);
            at.pass(400);
            int from = grace.packets.size();
            at.pass(700);
            int beep = beepMillis(grace.packets.subList(from, grace.packets.size()), codec);
            most = Math.max(most, beep);
            all += beep;
        }
        System.out.printf(
                "%s, %d ms: of a key of 100 ms at most %d ms, on average %.1f%n",
                codec, ptime, most, all / 14.0);

        assertThat(most).isLessThanOrEqualTo(MOST_HEARD_MILLIS);
        assertThat(at.told).contains("digit 5 of 1");
    }

    @Test
    void where_it_is_mixed_nothing_of_it_is_heard_either() {
        for (int begins = 0; begins < 160; begins += 40) {
            at.everybody.clear();
            at.room.remove(1);
            at.room.remove(2);
            speak(AudioCodec.PCMU, 20, 8 * 480 + begins);
            Caller grace = new Caller(2, AudioCodec.PCMA, 20, at);
            at.pass(400);
            int from = grace.packets.size();
            at.pass(700);
            assertThat(
                            beepMillis(
                                    grace.packets.subList(from, grace.packets.size()),
                                    AudioCodec.PCMA))
                    .isLessThanOrEqualTo(MOST_HEARD_MILLIS);
        }
    }

    /** A whistle of two tones is no key: what is not sure by then is heard. */
    @Test
    void who_goes_on_after_a_key_is_heard_again() {
        speak(AudioCodec.PCMU, 20, 8 * 300);
        Caller grace = new Caller(2, AudioCodec.PCMU, 20, at);
        at.pass(1_000);
        byte[] heard = grace.octets(grace.packets.size() - 5);

        assertThat(G711.meanSquare(AudioCodec.PCMU, heard, 0, heard.length))
                .isBetween(400_000.0, 600_000.0);
        assertThat(grace.packets.getLast().atNanos() / VirtualRoom.MILLI % 20).isEqualTo(3);
    }
}
