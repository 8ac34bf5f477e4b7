package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The peers without the server between them: what they can hear at best, and that they fail. */
final class InstrumentsTest {

    @Test
    void aPhoneHearsTheToneOfAPhoneThatEchoesIt() {
        int echoPort = FreePorts.one();
        try (SippRunner.Running echo =
                        SippRunner.scenario("echo-uas.xml", 9)
                                .localPort(echoPort)
                                .echoRtp()
                                .start();
                Baresip phone =
                        Baresip.start(
                                new Baresip.Phone(
                                        Codec.PCMU, 437, "Ada", "ada", "secret", echoPort, ""))) {
            phone.call("sip:echo@127.0.0.1:" + echoPort);

            AudioMeasure.Tones heard = AudioMeasure.fit(phone.listen(2), 437, 661);

            assertThat(heard.levelDbfs(437)).isCloseTo(Baresip.TONE_DBFS, within(0.5));
            assertThat(heard.levelDbfs(661)).isLessThan(-62);
            assertThat(heard.snrDb()).isGreaterThan(35);
            phone.hangUp();
            echo.await().assertPassed();
        }
    }

    @Test
    void aPageHearsTheToneOfItsOwnMicrophoneThroughTwoConnections() {
        try (Chromium chromium = Chromium.launch()) {
            Page page = chromium.pageWithTone(523);
            page.route(
                    "http://localhost/",
                    route ->
                            route.fulfill(
                                    new Route.FulfillOptions()
                                            .setContentType("text/html")
                                            .setBody("<body data-ready=true>")));
            RoomPage loop = RoomPage.open(page, "http://localhost/");
            page.evaluate(
                    """
                    async () => {
                      const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
                      near.onicecandidate = ({candidate}) => far.addIceCandidate(candidate);
                      far.onicecandidate = ({candidate}) => near.addIceCandidate(candidate);
                      far.ontrack = ({track}) => {
                        const player = new Audio();
                        player.srcObject = new MediaStream([track]);
                        player.play();
                      };
                      const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
                      near.addTrack(microphone.getTracks()[0]);
                      await near.setLocalDescription();
                      await far.setRemoteDescription(near.localDescription);
                      await far.setLocalDescription();
                      await near.setRemoteDescription(far.localDescription);
                    }""");
            page.waitForCondition(
                    () -> AudioMeasure.fit(loop.listen(0.6), 523).levelDbfs(523) > -20);

            AudioMeasure.Tones heard = AudioMeasure.fit(loop.listen(1.8), 523, 440);

            assertThat(heard.levelDbfs(523)).isCloseTo(RoomPage.TONE_DBFS, within(1.0));
            assertThat(heard.levelDbfs(440)).isLessThan(-55);
            assertThat(heard.snrDb()).isGreaterThan(20);
        }
    }

    @Test
    void sippFailsWhenNobodyAnswers() {
        SippRunner.Result result =
                SippRunner.scenario("options.xml", FreePorts.one())
                        .limit(Duration.ofSeconds(1))
                        .run();

        assertThat(result.exit()).isNotZero();
        assertThat(result.messages()).contains("OPTIONS sip:");
    }
}
