package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * What the pages of a browser say and hear, whichever browser it is: {@code page-ear.js}, and what
 * it tells.
 */
final class PageEar {
    static final double TONE_DBFS = -12;

    private static final int RATE_HZ = 48_000;
    private static final double STRETCH_SECONDS = 0.6;

    private final Function<String, Object> evaluate;

    /**
     * @param evaluate calls a function of the page's language in the page; its result
     */
    PageEar(Function<String, Object> evaluate) {
        this.evaluate = evaluate;
    }

    /**
     * To be run in a page before its own scripts.
     *
     * @param hertz what its microphone says; 0 leaves the browser's own
     */
    static String script(double hertz) {
        try (var in = PageEar.class.getResourceAsStream("/page-ear.js")) {
            double amplitude = Math.pow(10, TONE_DBFS / 20);
            return "const HERTZ = %s, AMPLITUDE = %s;%n".formatted(hertz, amplitude)
                    + new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be run in a page before its own scripts: it reaches the server's media by this way. */
    static String scriptOver(LossyUdpPath network) {
        return """
        const set = RTCPeerConnection.prototype.setRemoteDescription;
        RTCPeerConnection.prototype.setRemoteDescription = function (given) {
          const sdp = given.sdp.replace(/^(a=candidate:\\S+ 1 udp \\d+ \\S+) \\d+/gm, "$1 PORT");
          return set.call(this, { type: given.type, sdp });
        };
        """
                .replace("PORT", Integer.toString(network.port()));
    }

    /**
     * What it hears from now on, in stretches of 0.6 s without gaps inside: segments of the measure
     * never cross from one stretch to the next.
     */
    Recording listen(double seconds) {
        List<Recording> stretches = stretches(seconds);
        return new Recording(
                RATE_HZ,
                stretches.stream()
                        .flatMapToDouble(each -> Arrays.stream(each.samples()))
                        .toArray());
    }

    /** The same, each for itself. */
    List<Recording> stretches(double seconds) {
        var _ = evaluate.apply("() => window.earSnapshot()"); // what was before is not asked for
        int count = (int) Math.ceil(seconds / STRETCH_SECONDS);
        List<Recording> heard = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heard.add(new Recording(RATE_HZ, samples(stretch())));
        }
        return heard;
    }

    private String stretch() {
        return await("the page to hear 0.6 s")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(100))
                .pollInSameThread() // Playwright is bound to the thread that made it
                .until(
                        () -> (String) evaluate.apply("() => window.earSnapshot() ?? ''"),
                        text -> !text.isEmpty());
    }

    private static double[] samples(String base64) {
        ByteBuffer octets =
                ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        double[] samples = new double[octets.remaining() / 2];
        Arrays.setAll(samples, n -> octets.getShort(2 * n) / 32_768.0);
        return samples;
    }

    /** Of the stream that brought something last: its codec, and what was played of it. */
    JsonNode played() {
        Object stats =
                evaluate.apply(
                        """
                        async () => {
                          let last;
                          for (const connection of window.earConnections) {
                            const all = await connection.getStats();
                            for (const one of all.values()) {
                              const later = (one.lastPacketReceivedTimestamp ?? 0) >
                                (last?.lastPacketReceivedTimestamp ?? 0);
                              if (one.type === "inbound-rtp" && later) {
                                last = { ...one, codec: all.get(one.codecId)?.mimeType };
                              }
                            }
                          }
                          return {
                            codec: last?.codec ?? "",
                            received: last?.packetsReceived ?? 0,
                            lost: last?.packetsLost ?? 0,
                            concealed: (last?.concealedSamples ?? 0) - (last?.silentConcealedSamples ?? 0),
                            samples: last?.totalSamplesReceived ?? 0,
                            delayMillis: 1000 * (last?.jitterBufferDelay ?? 0) /
                              Math.max(1, last?.jitterBufferEmittedCount ?? 0),
                          };
                        }
                        """);
        return BridgeProcess.JSON.valueToTree((Map<?, ?>) stats);
    }

    /** Of what was played between two reports, the share that was made up, 0 to 1. */
    static double concealedShare(JsonNode before, JsonNode after) {
        return grown(before, after, "concealed") / grown(before, after, "samples");
    }

    private static double grown(JsonNode before, JsonNode after, String figure) {
        return after.get(figure).asDouble() - before.get(figure).asDouble();
    }
}
