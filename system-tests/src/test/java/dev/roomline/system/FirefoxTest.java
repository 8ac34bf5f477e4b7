package dev.roomline.system;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.roomline.media.codec.AudioCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Phones' packets go to Firefox as they came, on good paths and on bad ones, and what it says goes
 * to phones. Judged by the best quarter of what was heard: who shares a machine is late at times.
 */
final class FirefoxTest {
    private static final double PHONE_HERTZ = 437;
    private static final double FIREFOX_HERTZ = 1009;
    private static final double PHONE_DBFS = -10;
    private static final double STRETCH_SECONDS = 0.6;

    /** What each codec alone leaves of a tone. */
    private static final Map<AudioCodec, Double> SNR_DB =
            Map.of(
                    AudioCodec.PCMU, 33.0,
                    AudioCodec.PCMA, 33.0,
                    AudioCodec.G722, 30.0,
                    AudioCodec.OPUS, 25.0);

    /** One loop, so that the WebRTC port is known. */
    @RegisterExtension
    static final BridgeProcess bridge = BridgeProcess.named("firefox").set("media.loops=1");

    @SuppressWarnings("NullAway.Init")
    private static Firefox firefox;

    @BeforeAll
    static void launchBrowser() {
        firefox = Firefox.launch();
    }

    @AfterAll
    static void closeBrowser() {
        firefox.close();
    }

    @Test
    void itPlaysWhateverCodecThePhoneTurnsToAndIsHeardByThePhone() {
        try (Speaker ada = new Speaker(AudioCodec.PCMU, 5, 0);
                FirefoxRoomPage grace =
                        FirefoxRoomPage.join(
                                firefox, bridge, "Grace", PageEar.script(FIREFOX_HERTZ))) {
            bothHear(AudioCodec.PCMU, ada, grace);
            ada.turnsTo(AudioCodec.PCMA);
            bothHear(AudioCodec.PCMA, ada, grace);
            ada.turnsTo(AudioCodec.G722);
            bothHear(AudioCodec.G722, ada, grace);
            ada.turnsTo(AudioCodec.OPUS);
            bothHear(AudioCodec.OPUS, ada, grace);
            grace.leave();
        }
    }

    private static void bothHear(AudioCodec codec, Speaker ada, FirefoxRoomPage grace) {
        PageEar ear = grace.ear();
        await(codec + " to be played")
                .atMost(Duration.ofSeconds(15))
                .pollInSameThread()
                .until(() -> codecPlayed(ear).equalsIgnoreCase(codec.name()));
        Ears.whenHeard(ear::listen, PHONE_HERTZ, FIREFOX_HERTZ);
        JsonNode before = ear.played();
        AudioMeasure.Tones heard = best(ear.stretches(5), PHONE_HERTZ);
        JsonNode after = ear.played();
        AudioMeasure.Tones back = best(ada.stretches(8), FIREFOX_HERTZ);
        double concealed = PageEar.concealedShare(before, after);
        System.out.printf(
                "%s: %s, concealed %.4f, the phone: %s, path %s%n",
                codec, heard, concealed, back, path());

        assertThat(path()).contains(" → level → room ");
        assertThat(codecPlayed(ear)).isEqualToIgnoringCase(codec.name());
        assertThat(heard.levelDbfs(PHONE_HERTZ)).isCloseTo(PHONE_DBFS, within(1.0));
        assertThat(heard.snrDb()).isGreaterThan(Objects.requireNonNull(SNR_DB.get(codec)));
        assertThat(heard.brokenShare()).isZero();
        assertThat(concealed).isLessThan(0.05);
        assertThat(back.levelDbfs(FIREFOX_HERTZ)).isCloseTo(PageEar.TONE_DBFS, within(2.0));
        assertThat(back.snrDb()).isGreaterThan(20);
        assertThat(back.brokenShare()).isZero();
    }

    @Test
    void whatIsLostOnTheWayIsSentTwiceAndAtTheWorstAsOpusAndThenAsItComesAgain() {
        try (LossyUdpPath network = new LossyUdpPath(bridge.webrtcPort());
                Speaker _ = new Speaker(AudioCodec.PCMU, 1.6, 0.8);
                FirefoxRoomPage grace =
                        FirefoxRoomPage.join(
                                firefox,
                                bridge,
                                "Grace",
                                PageEar.script(FIREFOX_HERTZ),
                                PageEar.scriptOver(network))) {
            PageEar ear = grace.ear();
            Ears.whenHeard(ear::listen, PHONE_HERTZ, FIREFOX_HERTZ);
            assertThat(codecPlayed(ear)).isEqualTo("PCMU");

            network.losing(0.1, 0);
            ear.listen(8);
            JsonNode before = ear.played();
            ear.listen(6);
            JsonNode after = ear.played();
            double concealed = PageEar.concealedShare(before, after);
            System.out.printf("10 %% lost: concealed %.4f, %s, %s%n", concealed, before, after);
            assertThat(codecPlayed(ear)).isEqualTo("PCMU");
            assertThat(concealed).isLessThan(0.05);

            network.losing(0.45, 0);
            awaitCodec(ear, "opus");
            network.losing(0, 0);
            Ears.whenHeard(ear::listen, PHONE_HERTZ, FIREFOX_HERTZ);
            AudioMeasure.Tones opus = best(ear.stretches(14), PHONE_HERTZ);
            awaitCodec(ear, "PCMU");
            AudioMeasure.Tones again = best(ear.stretches(14), PHONE_HERTZ);
            System.out.printf("as Opus: %s, then: %s%n", opus, again);
            for (AudioMeasure.Tones heard : List.of(opus, again)) {
                assertThat(heard.levelDbfs(PHONE_HERTZ)).isCloseTo(PHONE_DBFS, within(1.0));
                assertThat(heard.snrDb()).isGreaterThan(20);
                // a stretch may hold where a word begins or ends
                assertThat(heard.brokenShare()).isLessThan(0.34);
            }
            grace.leave();
        }
    }

    private static void awaitCodec(PageEar ear, String codec) {
        await(codec)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .pollInSameThread()
                .until(() -> codecPlayed(ear).equals(codec));
    }

    /** Of the stream that brought something last. */
    private static String codecPlayed(PageEar ear) {
        return ear.played().get("codec").asString().replace("audio/", "");
    }

    /** Of the one call that is up. */
    private static String path() {
        return bridge.get("/v1/calls?state=answered").get("items").get(0).get("path").asString();
    }

    /** The best quarter of stretches, each without a gap inside. */
    private static AudioMeasure.Tones best(List<Recording> stretches, double hertz) {
        List<Recording> best =
                stretches.stream()
                        .sorted(comparingDouble(each -> -AudioMeasure.fit(each, hertz).snrDb()))
                        .limit(Math.max(1, stretches.size() / 4))
                        .toList();
        double[] samples =
                best.stream().flatMapToDouble(each -> Arrays.stream(each.samples())).toArray();
        return AudioMeasure.fit(new Recording(best.getFirst().rateHz(), samples), hertz);
    }

    /** A phone that says its tone again and again, with a pause behind it or without. */
    private static final class Speaker implements AutoCloseable {
        private final RtpPhone phone = new RtpPhone(bridge);
        private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        private final double toneSeconds;
        private final double pauseSeconds;
        private volatile Voice voice;
        private int version = 1;
        private int sequence;

        private record Voice(AudioCodec codec, List<byte[]> payloads) {
            byte[] packet(int sequence) {
                byte[] payload = payloads.get(sequence % payloads.size());
                return SpokenPackets.packet(codec, sequence, payload);
            }
        }

        Speaker(AudioCodec codec, double toneSeconds, double pauseSeconds) {
            this.toneSeconds = toneSeconds;
            this.pauseSeconds = pauseSeconds;
            voice = voice(codec);
            phone.callUpToAnswer(
                    BridgeProcess.ROOM_CODE,
                    SpokenPackets.offer(codec, phone.rtp().getLocalPort()));
            phone.acknowledge();
            var _ = pace.scheduleAtFixedRate(this::speak, 0, 20, TimeUnit.MILLISECONDS);
        }

        private Voice voice(AudioCodec codec) {
            int rate = SpokenPackets.rateOf(codec);
            Recording tone = Recording.tone(rate, toneSeconds, PHONE_HERTZ, PHONE_DBFS);
            int length = (int) Math.round(rate * (toneSeconds + pauseSeconds));
            Recording said = new Recording(rate, Arrays.copyOf(tone.samples(), length));
            return new Voice(codec, SpokenPackets.payloads(codec, said));
        }

        private void speak() {
            RtpPhone.send(phone.rtp(), voice.packet(sequence++), phone.mediaPort());
        }

        /** Re-INVITEs, and speaks the new codec from its answer on. */
        void turnsTo(AudioCodec codec) {
            Voice next = voice(codec);
            String offer =
                    SpokenPackets.offer(codec, phone.rtp().getLocalPort())
                            .replace("tester 1 1 ", "tester 1 " + ++version + " ");
            assertThat(phone.reinvite(offer).status()).isEqualTo(200);
            voice = next;
        }

        /** What it hears from now on. */
        List<Recording> stretches(int count) {
            RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(200)); // what was before
            Duration limit = Duration.ofMillis((long) (1_000 * STRETCH_SECONDS * (count + 1)));
            List<byte[]> packets = RtpPhone.receiveAll(phone.rtp(), limit);
            Recording heard = SpokenPackets.sound(voice.codec(), packets);
            return IntStream.range(0, count)
                    .mapToDouble(n -> n * STRETCH_SECONDS + 0.2) // a decoder begins
                    .mapToObj(from -> heard.slice(from, from + STRETCH_SECONDS))
                    .toList();
        }

        @Override
        public void close() {
            pace.shutdownNow();
            phone.hangUp();
            phone.close();
        }
    }
}
