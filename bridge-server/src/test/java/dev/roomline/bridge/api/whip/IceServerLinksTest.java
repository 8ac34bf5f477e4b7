package dev.roomline.bridge.api.whip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IceServerLinksTest {
    @Test
    void whereThereAreNoServersThereIsNothingToSay() {
        assertThat(IceServerLinks.of(List.of())).isEmpty();
    }

    @Test
    void aServerOfTwoAddressesIsTwoLinksAndOnlyTurnHasCredentials() {
        assertThat(
                        IceServerLinks.of(
                                List.of(
                                        Map.of(
                                                "urls",
                                                List.of("stun:a.example", "turns:a.example:443"),
                                                "username",
                                                "17:x",
                                                "credential",
                                                "p\\w\"d"))))
                .isEqualTo(
                        "<stun:a.example>; rel=\"ice-server\","
                                + " <turns:a.example:443>; rel=\"ice-server\"; username=\"17:x\";"
                                + " credential=\"p\\\\w\\\"d\"; credential-type=\"password\"");
    }
}
