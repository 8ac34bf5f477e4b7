package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every decode and encode of a room counted: none is made that nobody hears. */
class NothingForNothingTest {
    private static final int SECONDS = 4;
    private static final int TICKS = 50 * SECONDS;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private int decodes;
    private int encodes;

    /** Hums by G.711. */
    private Caller hums(int id, AudioCodec codec, int phaseMillis, int loud) {
        Caller phone = new Caller(id, codec, 20, at);
        byte[] packet = new byte[160];
        for (int i = 0; i < 160; i++) {
            packet[i] = G711.encode(codec, i / 4 % 2 == 0 ? loud : -loud);
        }
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 20 == phaseMillis) {
                        phone.says(packet, 160);
                    }
                });
        return phone;
    }

    private void count() {
        int decoded = at.codecs.decodes();
        int encoded = at.codecs.encodes();
        at.pass(1_000 * SECONDS);
        decodes = at.codecs.decodes() - decoded;
        encodes = at.codecs.encodes() - encoded;
    }

    @Test
    void of_two_who_hear_one_anothers_packets_nobody_is_decoded_or_encoded() {
        hums(1, AudioCodec.PCMU, 3, 2_000);
        hums(2, AudioCodec.PCMU, 9, 2_000);
        at.pass(500);
        count();

        assertThat(decodes).isZero();
        assertThat(encodes).isZero();
    }

    /** A phone tells no level: of its Opus it is decoded for, once. */
    @ParameterizedTest
    @CsvSource({"OPUS,0", "PCMU,1"})
    void opus_is_decoded_once_whoever_hears_it(AudioCodec hears, int encodesEachTick) {
        Hum ada = new Hum(at, 1, 440, 3);
        Caller grace = new Caller(2, hears, 20, at);
        at.pass(500);
        count();

        assertThat(ada.phone.leg.ear().isOpen()).isEqualTo(hears == AudioCodec.PCMU);
        assertThat(grace.packets).hasSizeGreaterThan(TICKS);
        assertThat(decodes).isBetween(TICKS - 1, TICKS + 1);
        assertThat(encodes).isEqualTo(encodesEachTick * TICKS);
    }

    @Test
    void of_many_who_make_noise_only_those_that_are_mixed_are_decoded() {
        for (int i = 0; i < 20; i++) {
            hums(1 + i, AudioCodec.PCMU, i, 1_000 + 100 * i);
        }
        at.pass(1_000);
        count();

        // six, and 14 more share a packet; whoever is mixed hears the others
        assertThat(decodes).isBetween(6 * TICKS - 6, 6 * TICKS + 6);
        assertThat(encodes).isEqualTo(7 * TICKS);
    }

    @ParameterizedTest
    @EnumSource
    void all_who_only_listen_share_one_encode(AudioCodec codec) {
        hums(1, codec == AudioCodec.PCMA ? AudioCodec.PCMU : AudioCodec.PCMA, 3, 2_000);
        List<Caller> listeners = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            listeners.add(new Caller(2 + i, codec, 20, at));
        }
        at.pass(1_000);
        int heard = listeners.getLast().packets.size();
        count();

        assertThat(encodes).isEqualTo(TICKS);
        assertThat(decodes).isBetween(TICKS - 1, TICKS + 1);
        assertThat(listeners.getLast().packets.size() - heard).isEqualTo(TICKS);
    }

    /** The mixed one's frame is a copy that was made once. */
    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA", "OPUS"})
    void who_is_owed_packets_while_nobody_speaks_gets_cached_ones(AudioCodec codec) {
        Caller one = new Caller(1, codec, 20, at);
        new Caller(2, codec, 20, at);
        at.pass(500);
        int heard = one.packets.size();
        count();

        assertThat(decodes).isZero();
        assertThat(encodes).isZero();
        assertThat(one.packets.size() - heard).isEqualTo(TICKS);
    }

    @Test
    void a_browser_that_hears_nobody_is_sent_nothing_and_costs_no_tick() {
        MixedBrowser grace = new MixedBrowser(2, at);
        at.pass(2_000);
        int ticks = at.ticks;
        count();

        assertThat(at.ticks).isEqualTo(ticks);
        assertThat(grace.path.packets).isEmpty();
        at.pass(100 - (int) (at.nowMillis() % 100));
        at.room.announce(new short[8_000]);
        at.pass(60);
        assertThat(grace.path.packets).as("a recording begins at once").isNotEmpty();
    }

    @Test
    void who_is_muted_or_held_is_not_decoded() {
        Caller ada = hums(1, AudioCodec.PCMU, 3, 2_000);
        new Caller(2, AudioCodec.PCMA, 20, at);
        at.pass(500);
        ada.leg.setMuted(true);
        at.pass(200);
        count();
        assertThat(decodes).isZero();
        assertThat(encodes).isZero();
    }
}
