package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.codec.AudioCodec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Noise suppression and automatic gain in the whole server, and a machine that lacks their library.
 */
final class SpeechProcessingTest {
    private static final double NOISE_AMPLITUDE = 900;

    @RegisterExtension
    static final BridgeProcess suppressing =
            BridgeProcess.named("noise-suppression").set("media.noise_suppression=true");

    @RegisterExtension
    static final BridgeProcess lacking =
            BridgeProcess.named("without-speexdsp")
                    .set("media.noise_suppression=true")
                    .set("media.auto_gain=true")
                    .javaOption("-Droomline.libspeexdsp=/nowhere/at/all");

    @Test
    void aFanBesideAPhoneIsHardlyHeardByTheOthers() {
        assertThat(suppressing.log()).contains("enhancement=\"noise suppression\"");
        double sentDbfs = 20 * Math.log10(NOISE_AMPLITUDE / 32_768);
        Heard heard = heardOfAFan(suppressing);
        System.out.printf("sent %.1f dBFS, heard %s%n", sentDbfs, heard);

        assertThat(heard.dbfs()).isLessThan(sentDbfs - 8);
        assertThat(heard.path()).contains("→ decode → noise suppression → level");
    }

    @Test
    void whereTheLibraryIsAbsentOneLineSaysSoAndCallsGoOn() {
        assertThat(lacking.log().lines().filter(line -> line.contains("libspeexdsp")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("WARN", "install libspeexdsp1"));
        double sentDbfs = 20 * Math.log10(NOISE_AMPLITUDE / 32_768);
        Heard heard = heardOfAFan(lacking);

        assertThat(heard.dbfs()).isCloseTo(sentDbfs, within(1.5));
        assertThat(heard.path()).doesNotContain("suppression");
    }

    /**
     * @param dbfs of the last second
     */
    private record Heard(double dbfs, String path) {}

    private static Heard heardOfAFan(BridgeProcess at) {
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        Random random = new Random(5);
        try (RtpPhone ada = new RtpPhone(at);
                RtpPhone bob = new RtpPhone(at)) {
            ada.call(BridgeProcess.ROOM_CODE);
            bob.call(BridgeProcess.ROOM_CODE);
            int[] sequence = {0};
            Runnable blow =
                    () -> {
                        byte[] payload = new byte[160];
                        for (int i = 0; i < payload.length; i++) {
                            payload[i] = RtpPhone.muLaw(NOISE_AMPLITUDE * random.nextGaussian());
                        }
                        byte[] packet =
                                SpokenPackets.packet(AudioCodec.PCMU, sequence[0]++, payload);
                        RtpPhone.send(ada.rtp(), packet, ada.mediaPort());
                    };
            var _ = pace.scheduleAtFixedRate(blow, 0, 20, TimeUnit.MILLISECONDS);
            List<byte[]> packets = RtpPhone.receiveAll(bob.rtp(), Duration.ofSeconds(4));
            double[] samples = RtpPhone.sound(packets).samples();
            double sum = 0;
            for (int i = samples.length - 8_000; i < samples.length; i++) {
                sum += samples[i] * samples[i];
            }
            String path = "";
            for (var call : at.get("/v1/calls?state=answered").get("items")) {
                path += call.get("path").asString() + "\n";
            }
            ada.hangUp();
            bob.hangUp();
            return new Heard(10 * Math.log10(sum / 8_000), path);
        } finally {
            pace.shutdownNow();
        }
    }
}
