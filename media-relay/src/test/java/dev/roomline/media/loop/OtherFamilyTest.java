package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Phones whose sound goes over another address family than their signalling. */
class OtherFamilyTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, IN IP6 ::1, '127.0.0.1 ::1'",
        "127.0.0.1, IN IP6 ::1, '0.0.0.0 ::'",
        "::1, IN IP4 127.0.0.1, '127.0.0.1 ::1'",
        "::1, IN IP4 127.0.0.1, '0.0.0.0 ::'",
    })
    void areAnsweredOverTheFamilyOfTheirSound(String signalling, String sound, String bound)
            throws Exception {
        Outcome outcome = offered(signalling, signalling, sound, bound.split(" "));
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        String answer = new String(((Outcome.Accepted) outcome).sdp(), StandardCharsets.UTF_8);
        assertThat(answer)
                .contains("\r\nc=" + sound + "\r\n")
                .containsPattern("\r\no=.* " + sound + "\r\n");
    }

    @Test
    void areRefusedWhereNothingOfThatFamilyIsBound() throws Exception {
        assertThat(offered("127.0.0.1", "127.0.0.1", "IN IP6 ::1", "127.0.0.1"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.detail())
                                        .isEqualTo(
                                                "the c= line is of another address family than"
                                                        + " ours"));
    }

    @Test
    void doNotAimUsAtOurselvesFromOutside() throws Exception {
        assertThat(offered("192.0.2.9", "192.0.2.1", "IN IP6 ::1", "0.0.0.0", "::"))
                .isInstanceOf(Outcome.Refused.class);
    }

    private static Outcome offered(String from, String reached, String sound, String... bound)
            throws Exception {
        MediaSettings settings =
                LoopbackRelay.settings(
                        Arrays.stream(bound).map(InetAddress::ofLiteral).toList(), 1);
        String offer =
                """
                v=0
                o=- 1 1 %1$s
                s=-
                c=%1$s
                t=0 0
                m=audio 4000 RTP/AVP 0
                """
                        .formatted(sound)
                        .replace("\n", "\r\n");
        PhoneRequest request =
                LoopbackRelay.request(
                        offer, InetAddress.ofLiteral(from), InetAddress.ofLiteral(reached));
        try (NettyMediaRelay relay = NettyMediaRelay.start(settings)) {
            return LoopbackRelay.get(
                    relay.openRoom("abc-defg-hij", new Deaf()).addPhone(new LegId(1), request));
        }
    }
}
