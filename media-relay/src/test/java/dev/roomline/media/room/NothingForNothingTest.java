package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
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

    private Caller hums(int id, AudioCodec codec, int phaseMillis, double levelDbov) {
        return Caller.humming(id, codec, 440, phaseMillis, levelDbov, at);
    }

    private void count() {
        int decoded = at.codecs.decodes();
        int encoded = at.codecs.encodes();
        at.pass(1_000 * SECONDS);
        decodes = at.codecs.decodes() - decoded;
        encodes = at.codecs.encodes() - encoded;
    }

    /** A phone tells no level: of its G.722 and Opus it is decoded for, once. */
    private static int decodesForLevel(AudioCodec codec) {
        return codec == AudioCodec.PCMU || codec == AudioCodec.PCMA ? 0 : 1;
    }

    private void assertDecodes(int eachTick) {
        assertThat(decodes).isBetween(eachTick * (TICKS - 1), eachTick * (TICKS + 1));
    }

    /** G.722 is not handed on between phones. */
    @ParameterizedTest
    @CsvSource({"PCMU,0", "PCMA,0", "OPUS,0", "G722,1"})
    void of_two_who_hear_one_another_nobody_is_decoded_twice(AudioCodec codec, int encodesEach) {
        hums(1, codec, 3, -24);
        hums(2, codec, 9, -24);
        at.pass(500);
        count();

        assertDecodes(2 * decodesForLevel(codec));
        assertThat(encodes).isEqualTo(2 * encodesEach * TICKS);
    }

    @ParameterizedTest
    @CsvSource({
        "PCMU,PCMU,0", "PCMU,PCMA,1", "PCMU,G722,1", "PCMU,OPUS,1",
        "PCMA,PCMU,1", "PCMA,PCMA,0", "PCMA,G722,1", "PCMA,OPUS,1",
        "G722,PCMU,1", "G722,PCMA,1", "G722,G722,1", "G722,OPUS,1",
        "OPUS,PCMU,1", "OPUS,PCMA,1", "OPUS,G722,1", "OPUS,OPUS,0"
    })
    void who_speaks_is_decoded_once_whoever_hears_it(
            AudioCodec says, AudioCodec hears, int encodesEachTick) {
        Caller ada = hums(1, says, 3, -24);
        Caller grace = new Caller(2, hears, 20, at);
        at.pass(500);
        count();

        boolean mixed = encodesEachTick > 0;
        int ownSilence = says == AudioCodec.G722 ? TICKS : 0;
        assertThat(ada.leg.ear().isOpen()).isEqualTo(mixed);
        assertThat(grace.packets).hasSizeGreaterThan(TICKS);
        assertDecodes(mixed ? 1 : decodesForLevel(says));
        assertThat(encodes).isEqualTo(encodesEachTick * TICKS + ownSilence);
    }

    @ParameterizedTest
    @EnumSource
    void of_many_who_make_noise_only_those_that_are_mixed_are_played(AudioCodec codec) {
        List<Caller> noisy = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            noisy.add(hums(1 + i, codec, i, -30 + i / 4.0));
        }
        at.pass(1_000);
        count();

        // six, and 14 more share a packet; whoever is mixed hears the others
        assertThat(noisy).filteredOn(each -> each.leg.ear().isOpen()).hasSize(6);
        assertDecodes(6 + 14 * decodesForLevel(codec));
        assertThat(encodes).isEqualTo(7 * TICKS);
    }

    @ParameterizedTest
    @EnumSource
    void all_who_only_listen_share_one_encode(AudioCodec codec) {
        hums(1, codec == AudioCodec.PCMA ? AudioCodec.PCMU : AudioCodec.PCMA, 3, -24);
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

    /** Of G.722 no packet is silence whatever came before: all share an encode of it. */
    @ParameterizedTest
    @CsvSource({"PCMU,0", "PCMA,0", "OPUS,0", "G722,1"})
    void who_is_owed_packets_while_nobody_speaks_gets_cached_ones(
            AudioCodec codec, int encodesEachTick) {
        Caller one = new Caller(1, codec, 20, at);
        new Caller(2, codec, 20, at);
        at.pass(500);
        int heard = one.packets.size();
        count();

        assertThat(decodes).isZero();
        assertThat(encodes).isEqualTo(encodesEachTick * TICKS);
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

    @ParameterizedTest
    @CsvSource({
        "PCMU,false", "PCMA,false", "G722,false", "OPUS,false",
        "PCMU,true", "PCMA,true", "G722,true", "OPUS,true"
    })
    void who_is_muted_or_held_is_not_decoded(AudioCodec codec, boolean held) {
        Caller ada = hums(1, codec, 3, -24);
        new Caller(2, AudioCodec.PCMA, 20, at);
        new Caller(3, codec, 20, at);
        at.pass(500);
        if (held) {
            ada.leg.setHeld(true);
        } else {
            ada.leg.setMuted(true);
        }
        at.pass(200);
        count();
        assertThat(decodes).isZero();
        // silence in G.722, which is no cached one: shared, and one's own on hold
        int silences = codec != AudioCodec.G722 ? 0 : held ? 2 : 1;
        assertThat(encodes).isEqualTo(silences * TICKS);
        assertThat(at.told).endsWith("is quiet 1");

        ada.leg.setHeld(false);
        ada.leg.setMuted(false);
        at.pass(200);
        assertThat(at.told).endsWith("talks 1");
    }

    /** That it speaks is told to applications, also where no phone and no browser hears it. */
    @ParameterizedTest
    @EnumSource
    void who_is_alone_is_decoded_for_no_more_than_whether_it_speaks(AudioCodec codec) {
        hums(1, codec, 3, -24);
        at.pass(500);
        count();

        assertDecodes(decodesForLevel(codec));
        assertThat(encodes).isEqualTo(codec == AudioCodec.G722 ? TICKS : 0);
        assertThat(at.told).containsExactly("talks 1");
    }

    @ParameterizedTest
    @EnumSource
    void a_noisy_line_is_no_speech_when_its_ear_is_opened(AudioCodec codec) {
        hums(1, codec, 3, -52);
        at.pass(15_000);
        assertThat(at.told).containsExactly("talks 1", "is quiet 1");

        new Caller(2, codec == AudioCodec.PCMA ? AudioCodec.PCMU : AudioCodec.PCMA, 20, at);
        at.pass(2_000);
        assertThat(at.told).hasSize(2);
    }
}
