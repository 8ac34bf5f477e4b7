package dev.roomline.media.leg;

import static dev.roomline.media.leg.NetworkTalk.AMPLITUDE;
import static dev.roomline.media.leg.NetworkTalk.CLICK;
import static dev.roomline.media.leg.NetworkTalk.HERTZ;
import static dev.roomline.media.leg.NetworkTalk.SPEECH;
import static dev.roomline.media.leg.NetworkTalk.TONE;
import static dev.roomline.media.leg.NetworkTalk.print;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import org.junit.jupiter.api.Test;

/** What losses and pauses leave of speech, through the real {@link Ear} in virtual time. */
class SpeechOverNetworksTest {
    @Test
    void opusFecBringsBackMostOfWhatSpeechLoses() {
        for (double loss : new double[] {0.05, 0.15}) {
            Sender phone = new Sender(8);
            phone.codec = AudioCodec.OPUS;
            phone.loss = loss;

            Heard heard = Listening.to(phone.say(SPEECH));

            print("speech with FEC, loss " + loss, heard);
            JitterReport report = heard.report();
            assertThat(report.recoveredSamples()).isGreaterThan(report.lost() * 320 * 6 / 10);
            assertThat(report.concealedShare()).isLessThan(0.3 * loss + 0.01);
        }
    }

    @Test
    void whatIsMadeUpForSpeechIsNoRougherThanSpeech() {
        for (AudioCodec codec : AudioCodec.values()) {
            Sender phone = new Sender(8);
            phone.codec = codec;
            phone.opus = OpusSettings.voice(16_000, 5);
            Heard clean = Listening.to(phone.say(SPEECH));
            Sender lossy = new Sender(8);
            lossy.codec = codec;
            lossy.opus = OpusSettings.voice(16_000, 5);
            lossy.loss = 0.15;

            Heard heard = Listening.to(lossy.say(SPEECH));

            double own = Heard.roughness(clean.pcm(), 0, clean.pcm().length);
            double made = Heard.roughness(heard.pcm(), 0, heard.pcm().length);
            System.out.printf("%s at 15 %% loss: roughness %.2f of the clean%n", codec, made / own);
            assertThat(made).isLessThan(1.3 * own);
        }
    }

    @Test
    void aPauseWithoutAWordIsNeitherLossNorNoise() {
        for (boolean noise : new boolean[] {false, true}) {
            Sender phone = new Sender(8);
            phone.dtx = true;
            phone.comfortNoise = noise;
            short[] said = Voices.withPauses(TONE, 1.0, 20);

            Heard heard = Listening.to(phone.say(said));

            print("G.711 that pauses" + (noise ? " with CN" : ""), heard);
            assertThat(heard.report().lost()).isZero();
            assertThat(heard.report().concealedShare()).isLessThan(0.015);
            // its own noise is at −64 dBov; nothing louder is played into the pauses
            for (int second = 3; second < 18; second += 2) {
                int at = second * 16_000 + 3_200;
                assertThat(Level.dbov(heard.pcm(), at, 9_600)).isLessThan(-51);
            }
            assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 0.2)).isZero();
        }
    }

    @Test
    void opusDtxPausesAndBeginsAgainWithoutAClick() {
        Sender phone = new Sender(8);
        phone.codec = AudioCodec.OPUS;
        phone.opus = new OpusSettings(16_000, 5, 24_000, false, 0, true);

        Heard heard = Listening.to(phone.say(Voices.withPauses(SPEECH, 1.5, 3)));

        print("Opus DTX", heard);
        assertThat(heard.report().lost()).isZero();
        assertThat(heard.report().concealedShare()).isLessThan(0.02);
        assertThat(heard.playouts()).contains(Playout.COMFORT_NOISE);
        assertThat(Heard.roughness(heard.pcm(), 0, heard.pcm().length))
                .isLessThan(1.2 * Heard.roughness(SPEECH, 0, SPEECH.length));
    }
}
