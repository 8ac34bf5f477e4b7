package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two addresses of one family are bound: whoever calls the second is answered, heard and spoken to
 * by that one, which alone a firewall may let in.
 */
final class SeveralAddressesTest {
    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("addresses").bind("127.0.0.1\", \"127.0.0.2");

    @Test
    @Tag("RFC3581§4")
    void aCallIsServedByTheAddressThatItReached() {
        String first = bridge.sipUri(BridgeProcess.ROOM_CODE);
        String second = first.replace("127.0.0.1", "127.0.0.2");
        try (Baresip near = Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 500)).call(first);
                Baresip far =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 1100)).call(second)) {
            assertThat(Ears.whenHeard(near::listen, 1100).levelDbfs(1100))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(Ears.whenHeard(far::listen, 500).levelDbfs(500))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            String[] answers =
                    bridge.get("/v1/calls?state=answered")
                            .path("items")
                            .valueStream()
                            .map(call -> call.path("id").asString())
                            .map(id -> bridge.get("/v1/calls/" + id + "/trace").toString())
                            .toArray(String[]::new);
            assertThat(answers)
                    .hasSize(2)
                    .anyMatch(trace -> isAnsweredBy(trace, "127.0.0.1"))
                    .anyMatch(trace -> isAnsweredBy(trace, "127.0.0.2"));
            near.hangUp();
            far.hangUp();
        }
    }

    private static boolean isAnsweredBy(String trace, String address) {
        return trace.contains("c=IN IP4 " + address)
                && trace.contains("@" + address + ":" + bridge.sipPort());
    }
}
