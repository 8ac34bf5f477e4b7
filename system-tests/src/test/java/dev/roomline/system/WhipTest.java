package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A publisher by WHIP and a listener by WHEP in Chromium, a page and a phone in the same room. */
final class WhipTest {
    private static final double ADA_HZ = 437;
    private static final double GRACE_HZ = 1009;
    private static final double STUDIO_HZ = 1511;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("whip");

    private static RoomPage idlePage(Chromium chromium, double hertz) {
        return RoomPage.open(chromium.pageWithTone(hertz), bridge.url("/join/not-used").toString());
    }

    private static List<?> join(RoomPage at, String protocol, String name, String direction) {
        String endpoint = "/" + protocol + "/" + BridgeProcess.ROOM_CODE + "?name=" + name;
        try (var in = WhipTest.class.getResourceAsStream("/whip-join.js")) {
            String script = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return (List<?>) at.page.evaluate(script, List.of(endpoint, direction));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void isHeard(AudioMeasure.Tones heard, double hertz) {
        assertThat(heard.levelDbfs(hertz)).as("%s", heard).isCloseTo(-12, within(3.0));
    }

    @Test
    @Tag("RFC9725§4.2")
    @Tag("RFC8445§9")
    void aPublisherIsHeardByAllAndAListenerHearsOneMixThroughAnIceRestart() {
        try (Chromium chromium = Chromium.launch();
                RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                RoomPage studio = idlePage(chromium, STUDIO_HZ);
                RoomPage listener = idlePage(chromium, 0);
                Baresip ada =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, ADA_HZ))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE))) {
            // a client may offer both ways, and is answered one
            List<?> published = join(studio, "whip", "Studio", "sendrecv");
            List<?> listens = join(listener, "whep", "Radio", "recvonly");
            assertThat(published.get(0).toString()).startsWith("/whip/" + BridgeProcess.ROOM_CODE);
            assertThat(published.get(1)).as("the tag names the ICE session").isEqualTo(true);
            assertThat(published.get(2).toString()).contains("a=recvonly\r\n");
            assertThat(listens.get(2).toString()).contains("a=sendonly\r\n");
            assertThat(grace.awaitParticipant("Studio")).hasAttribute("data-kind", "program");
            grace.awaitParticipant("Radio");

            AudioMeasure.Tones byGrace = Ears.whenHeard(grace::listen, STUDIO_HZ, ADA_HZ);
            isHeard(byGrace, STUDIO_HZ);
            AudioMeasure.Tones mix =
                    Ears.whenHeard(listener::listen, STUDIO_HZ, GRACE_HZ, ADA_HZ, 2003);
            isHeard(mix, STUDIO_HZ);
            isHeard(mix, GRACE_HZ);
            isHeard(mix, ADA_HZ);
            System.out.println("the listener heard " + mix);

            assertThat(studio.page.evaluate("() => window.whip.trickle()")).isEqualTo(204);
            assertThat(studio.page.evaluate("() => window.whip.restart()"))
                    .isEqualTo(List.of(412, true));
            assertThat(listener.page.evaluate("() => window.whip.restart()"))
                    .isEqualTo(List.of(412, true));
            AudioMeasure.Tones after =
                    Ears.whenHeard(listener::listen, STUDIO_HZ, GRACE_HZ, ADA_HZ, 2003);
            isHeard(after, STUDIO_HZ);
            isHeard(after, ADA_HZ);
            System.out.println("after both ICE restarts " + after);

            assertThat(studio.page.evaluate("() => window.whip.end()")).isEqualTo(204);
            grace.awaitAbsent("Studio");
            assertThat(studio.page.evaluate("() => window.whip.end()")).isEqualTo(404);
            assertThat(listener.page.evaluate("() => window.whip.end()")).isEqualTo(204);
            grace.awaitAbsent("Radio");
            ada.hangUp();
            grace.leave();
        }
    }
}
