package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What receivers verify by the libraries of standardwebhooks.com. */
final class SignatureTest {
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final Instant AT = Instant.ofEpochSecond(1614265330);
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    @Test
    void aSignatureIsThatOfTheSpecificationsLibraries() {
        var headers =
                Signature.headers(
                        ID, AT, BODY, new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assertThat(headers)
                .containsEntry("webhook-id", ID)
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry(
                        "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void aSecretThatIsNotEncodedSignsByItsOwnOctets() {
        byte[] key = "any text at all".getBytes(StandardCharsets.UTF_8);
        String encoded = "whsec_" + Base64.getEncoder().encodeToString(key);
        assertThat(Signature.headers(ID, AT, BODY, new Secret("any text at all")))
                .isEqualTo(Signature.headers(ID, AT, BODY, new Secret(encoded)));
    }

    @Test
    void withoutASecretNothingIsSigned() {
        assertThat(Signature.headers(ID, AT, BODY, Secret.NONE))
                .containsOnlyKeys("webhook-id", "webhook-timestamp");
    }
}
