package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a phone at 198.51.100.7 describes, to a session at 192.0.2.9, and what comes of it. */
abstract class DescribedPhone {
    static PhoneSession session(AudioCodec... codecs) {
        return session(MediaEncryption.DISABLE, null, codecs);
    }

    static PhoneSession session(
            MediaEncryption policy, @Nullable Fingerprint ours, AudioCodec... codecs) {
        return new PhoneSession(
                new PhoneTerms(
                        InetAddress.ofLiteral("192.0.2.9"),
                        10_000,
                        List.of(codecs),
                        20,
                        new PhoneTerms.Security(policy, ours, new Random(9))),
                4711);
    }

    static byte[] sdp(String... sections) {
        return ("v=0\no=- 1 1 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n"
                        + String.join("\n", sections)
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static PhoneOutcome.Agreed agreed(PhoneOutcome outcome) {
        assertThat(outcome).isInstanceOf(PhoneOutcome.Agreed.class);
        return (PhoneOutcome.Agreed) outcome;
    }

    static SdpRefusal refusal(PhoneOutcome outcome) {
        assertThat(outcome).isInstanceOf(PhoneOutcome.Refused.class);
        return ((PhoneOutcome.Refused) outcome).reason();
    }

    static String text(byte[] sdp) {
        return new String(sdp, StandardCharsets.UTF_8);
    }

    static String text(PhoneOutcome outcome) {
        return text(agreed(outcome).sdp());
    }
}
