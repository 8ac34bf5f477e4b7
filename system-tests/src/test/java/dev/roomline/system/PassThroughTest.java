package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Phones' packets go to Chromium as they came: what it plays, on good paths and on bad ones. */
final class PassThroughTest {
    private static final double PHONE_HERTZ = 437;
    private static final double BROWSER_HERTZ = 1009;

    /** What each codec alone leaves of a tone; Opus behind it leaves less. */
    private static final Map<Codec, Double> SNR_DB =
            Map.of(Codec.PCMU, 33.0, Codec.PCMA, 33.0, Codec.G722, 30.0, Codec.OPUS, 25.0);

    private static final String CODE = BridgeProcess.ROOM_CODE;

    /** One loop, so that the WebRTC port is known. */
    @RegisterExtension
    static final BridgeProcess bridge = BridgeProcess.named("pass-through").set("media.loops=1");

    @RegisterExtension
    static final BridgeProcess encoding =
            BridgeProcess.named("pass-through-never").set("media.passthrough=never");

    @SuppressWarnings("NullAway.Init")
    private static Chromium chromium;

    @BeforeAll
    static void launchBrowser() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Codec.class,
            names = {"PCMU", "PCMA", "G722", "OPUS"})
    void aBrowserPlaysAPhonesOwnPackets(Codec codec) {
        try (RoomPage grace = RoomPage.open(chromium, bridge, BROWSER_HERTZ).join("Grace");
                Baresip ada = phone(bridge, codec)) {
            AudioMeasure.Tones heard = Ears.whenHeard(grace::listen, PHONE_HERTZ, BROWSER_HERTZ);
            JsonNode played = grace.ear().played();
            System.out.printf("%s: %s, %s, path %s%n", codec, heard, played, path(bridge));

            assertThat(played.get("codec").asString())
                    .isEqualToIgnoringCase("audio/" + codec.name());
            // the browser plays Opus itself: what it says goes to the phone as it comes, too
            assertThat(path(bridge)).contains(" → level → room ").doesNotContain("decode");
            assertThat(heard.levelDbfs(PHONE_HERTZ)).isCloseTo(Baresip.TONE_DBFS, within(2.0));
            assertThat(heard.snrDb()).isGreaterThan(SNR_DB.get(codec));
            ada.hangUp();
            grace.leave();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Codec.class,
            names = {"PCMU", "PCMA", "OPUS"})
    void aPhoneHearsAnothersOwnPackets(Codec codec) {
        try (Baresip ada = phone(bridge, codec);
                Baresip bob =
                        Baresip.start(Baresip.Phone.of(bridge, codec, BROWSER_HERTZ))
                                .call(bridge.sipUri(CODE))) {
            AudioMeasure.Tones heard = Ears.whenHeard(bob::listen, PHONE_HERTZ, BROWSER_HERTZ);
            AudioMeasure.Tones back = Ears.whenHeard(ada::listen, BROWSER_HERTZ, PHONE_HERTZ);
            System.out.printf("%s: %s, %s, %s%n", codec, heard, back, paths(bridge));

            assertThat(paths(bridge)).hasSize(2).noneMatch(path -> path.contains("decode"));
            assertThat(heard.levelDbfs(PHONE_HERTZ)).isCloseTo(Baresip.TONE_DBFS, within(2.0));
            assertThat(heard.snrDb()).isGreaterThan(SNR_DB.get(codec));
            assertThat(back.snrDb()).isGreaterThan(SNR_DB.get(codec));
            ada.hangUp();
            bob.hangUp();
        }
    }

    @Test
    void whereTheOperatorForbidsItABrowserHearsOpus() {
        try (RoomPage grace = RoomPage.open(chromium, encoding, BROWSER_HERTZ).join("Grace");
                Baresip ada = phone(encoding, Codec.PCMU)) {
            Ears.whenHeard(grace::listen, PHONE_HERTZ, BROWSER_HERTZ);

            assertThat(grace.ear().played().get("codec").asString()).isEqualTo("audio/opus");
            assertThat(path(encoding)).contains("decode");
            ada.hangUp();
            grace.leave();
        }
    }

    @Test
    void whatIsLostOnTheWayIsSentAgainAndAtTheWorstAsOpus() {
        try (LossyUdpPath network = new LossyUdpPath(bridge.webrtcPort());
                Talker ada = new Talker();
                RoomPage grace = over(network)) {
            ada.begins();
            Ears.whenHeard(grace::listen, PHONE_HERTZ, BROWSER_HERTZ);
            network.losing(0.1, 0);
            // the first two seconds tell how much is lost
            grace.listen(3);
            JsonNode before = grace.ear().played();
            grace.listen(6);
            JsonNode after = grace.ear().played();
            double concealed = PageEar.concealedShare(before, after);
            System.out.printf("10 %% lost: concealed %.4f, %s, %s%n", concealed, before, after);
            assertThat(after.get("codec").asString()).isEqualTo("audio/PCMU");
            assertThat(concealed).isLessThan(0.03);

            network.losing(0.45, 0);
            await("Opus with its redundancy")
                    .atMost(Duration.ofSeconds(25))
                    .pollInterval(Duration.ofMillis(300))
                    .pollInSameThread()
                    .until(() -> grace.ear().played().get("codec").asString().equals("audio/opus"));
            assertThat(path(bridge)).contains("decode");
            network.losing(0, 0);
            Ears.whenHeard(grace::listen, PHONE_HERTZ, BROWSER_HERTZ);
            grace.leave();
        }
    }

    /** A phone that says its tone for 1.6 s and then nothing for 0.8. */
    private static final class Talker implements AutoCloseable {
        private static final int SPEECH = 80;
        private static final int TURN = 120;
        private final RtpPhone phone = new RtpPhone(bridge);
        private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        private int sequence;

        void begins() {
            phone.call(CODE);
            var _ = pace.scheduleAtFixedRate(this::speak, 0, 20, TimeUnit.MILLISECONDS);
        }

        private void speak() {
            sequence++;
            double hertz = sequence % TURN < SPEECH ? PHONE_HERTZ : 0;
            RtpPhone.send(phone.rtp(), RtpPhone.frame(1, sequence, hertz), phone.mediaPort());
        }

        @Override
        public void close() {
            pace.shutdownNow();
            phone.hangUp();
            phone.close();
        }
    }

    private static Baresip phone(BridgeProcess at, Codec codec) {
        return Baresip.start(Baresip.Phone.of(at, codec, PHONE_HERTZ)).call(at.sipUri(CODE));
    }

    /** The room page in a browser that reaches the server's media by this way. */
    private static RoomPage over(LossyUdpPath network) {
        Page page = chromium.pageWithTone(BROWSER_HERTZ);
        page.addInitScript(PageEar.scriptOver(network));
        return RoomPage.open(page, bridge.url("/join/" + CODE).toString()).join("Grace");
    }

    private static List<String> paths(BridgeProcess at) {
        List<String> paths = new ArrayList<>();
        at.get("/v1/calls?state=answered")
                .get("items")
                .forEach(call -> paths.add(call.get("path").asString()));
        return paths;
    }

    /** Of the one call that is up. */
    private static String path(BridgeProcess at) {
        return at.get("/v1/calls?state=answered").get("items").get(0).get("path").asString();
    }
}
