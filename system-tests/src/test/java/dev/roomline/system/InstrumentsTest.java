package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
                                        Codec.PCMU, 437, "Ada", "ada", "secret", echoPort))) {
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
    void sippFailsWhenNobodyAnswers() {
        SippRunner.Result result =
                SippRunner.scenario("options.xml", FreePorts.one())
                        .limit(Duration.ofSeconds(1))
                        .run();

        assertThat(result.exit()).isNotZero();
        assertThat(result.messages()).contains("OPTIONS sip:");
    }
}
