package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dtmf.ToneDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keys of phones that agreed to no telephone events: as tones in their sound, and by INFO; both
 * ways, through the whole server.
 */
final class KeysTest {
    private static final int FRAME = 160;

    /** A packet's last 6 ms are too short to tell, and 2 ms fade; a piece is 2 ms. */
    private static final int MOST_HEARD_MILLIS = 10;

    /** Its peak, and a little more: the two tones of a key have 6,000 of 32,768 each. */
    private static final double LOUDEST_HUM = 2_500.0 / 32_768;

    private static final String KEYS = "159#";
    private static final String PAD = "123A456B789C*0#D";
    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("keys");

    private final List<RtpPhone> phones = new ArrayList<>();
    private final List<JsonNode> pressed = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Thread events = Thread.currentThread();

    @BeforeEach
    void listenForEvents() {
        events =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        http.send(
                                                        bridge.request(
                                                                        "/v1/events?types=dtmf.received")
                                                                .GET()
                                                                .build(),
                                                        BodyHandlers.ofLines())
                                                .body()
                                                .filter(line -> line.startsWith("data:"))
                                                .map(line -> line.substring(5))
                                                .map(JsonMapper.shared()::readTree)
                                                .forEach(pressed::add);
                                    } catch (IOException
                                            | UncheckedIOException
                                            | InterruptedException over) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
    }

    @AfterEach
    void hangUp() {
        for (RtpPhone phone : phones) {
            phone.hangUp();
            phone.close();
        }
        http.shutdownNow();
        events.interrupt();
    }

    /** Of one codec, without telephone events. */
    private RtpPhone phone(AudioCodec codec) {
        RtpPhone phone = new RtpPhone(bridge);
        phones.add(phone);
        String offer =
                SpokenPackets.offer(codec, phone.rtp().getLocalPort())
                        .replaceFirst("(m=audio .*) 101\r\n", "$1\r\n")
                        .replaceAll("a=(rtpmap|fmtp):101 .*\r\n", "");
        phone.callUpToAnswer(BridgeProcess.ROOM_CODE, offer);
        phone.acknowledge();
        return phone;
    }

    private void awaitKeys(String keys) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> pressed.size() >= keys.length());
        StringBuilder told = new StringBuilder();
        pressed.forEach(event -> told.append(event.get("data").get("digit").asString()));
        assertThat(told).hasToString(keys);
    }

    /** 100 ms of each, with 100 ms of a hum at 300 Hz between them, as PCMU. */
    private static List<byte[]> tones(String keys) {
        List<byte[]> packets = new ArrayList<>();
        for (int n = 0; n < 25 + 10 * keys.length() + 25; n++) {
            int key = n < 25 ? -1 : (n - 25) / 10;
            boolean down = key >= 0 && key < keys.length() && (n - 25) % 10 < 5;
            int place = down ? PAD.indexOf(keys.charAt(key)) : 0;
            byte[] payload = new byte[FRAME];
            for (int i = 0; i < FRAME; i++) {
                double t = 2 * Math.PI * (n * FRAME + i) / 8_000;
                double sound =
                        down
                                ? 6_000
                                        * (Math.sin(t * LOW[place / 4])
                                                + Math.sin(t * HIGH[place % 4]))
                                : 2_000 * Math.sin(t * 300);
                payload[i] = RtpPhone.muLaw(sound);
            }
            packets.add(SpokenPackets.packet(AudioCodec.PCMU, n, payload));
        }
        return packets;
    }

    /** Of pieces of 2 ms those louder than the hum ever is. */
    private static int beepMillis(Recording heard) {
        int piece = heard.rateHz() / 500;
        int beep = 0;
        for (int at = 0; at + piece <= heard.samples().length; at += piece) {
            double power = 0;
            for (int i = at; i < at + piece; i++) {
                power += heard.samples()[i] * heard.samples()[i] / piece;
            }
            beep += power > LOUDEST_HUM * LOUDEST_HUM ? 2 : 0;
        }
        return beep;
    }

    private static String keysIn(Recording heard) {
        StringBuilder found = new StringBuilder();
        ToneDetector detector = new ToneDetector((digit, millis) -> found.append(digit));
        for (int i = 0; i < heard.samples().length; i += heard.rateHz() / 8_000) {
            detector.hear((short) (32_767 * heard.samples()[i]));
        }
        return found.toString();
    }

    @Test
    void keysPressedAsTonesAreToldAndNotHeardByTheOthers() {
        RtpPhone caller = phone(AudioCodec.PCMU);
        RtpPhone friend = phone(AudioCodec.PCMU);
        long begun = System.nanoTime();
        int n = 0;
        for (byte[] packet : tones(KEYS)) {
            LockSupport.parkNanos(begun + 20_000_000L * n++ - System.nanoTime());
            RtpPhone.send(caller.rtp(), packet, caller.mediaPort());
        }
        awaitKeys(KEYS);
        Recording heard = RtpPhone.sound(RtpPhone.receiveAll(friend.rtp(), Duration.ofMillis(200)));
        assertThat(keysIn(heard)).isEmpty();
        int beepMillis = beepMillis(heard);
        System.out.printf(
                "of %d keys of 100 ms the others heard %d ms%n", KEYS.length(), beepMillis);
        assertThat(beepMillis).isLessThanOrEqualTo(KEYS.length() * MOST_HEARD_MILLIS);
        assertThat(AudioMeasure.levelDbfs(heard, 300)).isGreaterThan(-40);
    }

    @Test
    void keysGoAsTonesToPhonesWithoutTelephoneEventsAndToNobodyElse() {
        Map<AudioCodec, RtpPhone> all = new EnumMap<>(AudioCodec.class);
        for (AudioCodec codec : AudioCodec.values()) {
            all.put(codec, phone(codec));
        }
        JsonNode calls = bridge.get("/v1/calls?state=answered").get("items");
        for (JsonNode call : calls) {
            String codec = call.get("codecs").get("sent").asString();
            String keys = codec.equals("PCMA") ? "" : KEYS;
            if (!keys.isEmpty()) {
                String body = "{\"digits\": \"" + keys + "\", \"tone_ms\": 60, \"gap_ms\": 60}";
                assertThat(
                                bridge.send(
                                                bridge.request(
                                                                "/v1/calls/"
                                                                        + call.get("id").asString()
                                                                        + "/dtmf")
                                                        .header("Content-Type", "application/json")
                                                        .POST(BodyPublishers.ofString(body))
                                                        .build())
                                        .statusCode())
                        .isEqualTo(204);
            }
        }
        all.forEach(
                (codec, phone) -> {
                    Recording heard =
                            SpokenPackets.sound(
                                    codec,
                                    RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(1_500)));
                    System.out.printf("%s: %.1f s heard%n", codec, heard.seconds());
                    assertThat(keysIn(heard))
                            .as(codec.name())
                            .isEqualTo(codec == AudioCodec.PCMA ? "" : KEYS);
                });
    }

    @Test
    void whoPressesByInfoIsSentKeysByInfoAndTonesWhereItRefusesThem() {
        RtpPhone phone = phone(AudioCodec.PCMU);
        assertThat(phone.inform("application/dtmf-relay", "Signal=5\r\nDuration=160").status())
                .isEqualTo(200);
        assertThat(phone.inform("Application/DTMF", "#").status()).isEqualTo(200);
        assertThat(phone.inform("application/dtmf-relay", "Signal=1\r\nDuration=90").status())
                .isEqualTo(200);
        awaitKeys("5#1");

        String id = bridge.get("/v1/calls?state=answered").get("items").get(0).get("id").asString();
        RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(20));
        assertThat(
                        bridge.send(
                                        bridge.request("/v1/calls/" + id + "/dtmf")
                                                .header("Content-Type", "application/json")
                                                .POST(
                                                        BodyPublishers.ofString(
                                                                "{\"digits\": \"42\"}"))
                                                .build())
                                .statusCode())
                .isEqualTo(204);
        SipTrace.Message first = phone.answerInfo(200);
        assertThat(first.header("Content-Type")).isEqualTo("application/dtmf-relay");
        assertThat(first.body()).isEqualTo("Signal=4\r\nDuration=100\r\n");
        assertThat(phone.answerInfo(415).body()).startsWith("Signal=2\r\n");

        Recording heard = RtpPhone.sound(RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(800)));
        assertThat(keysIn(heard)).isEqualTo("2");
    }
}
