package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A number that asks: by a voice, for keys. */
final class AskCodeTest {
    private static final String NUMBER = "+15550100001";
    private static final String PIN_CODE = "pin-only-cod";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("ask-code")
                    .section(
                            "routes", "routes: [ { number: \"%s\", ask: code } ]".formatted(NUMBER))
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: support, codes: [ { code: %s, role: guest } ] }
                              - { name: vault, codes: [ { code: %s, role: guest, pin: "4711" } ] }
                            """
                                    .formatted(BridgeProcess.ROOM_CODE, PIN_CODE));

    /** A phone that says a tone in real time, and between presses keys. */
    private static final class Caller implements AutoCloseable {
        final RtpPhone phone = new RtpPhone(bridge);
        private final double hertz;
        private final ConcurrentLinkedQueue<Character> keys = new ConcurrentLinkedQueue<>();
        private volatile boolean running = true;
        private int sequence;

        Caller(double hertz, String dialled) {
            this.hertz = hertz;
            phone.call(dialled);
            Thread.ofPlatform().daemon().start(this::speak);
        }

        private void speak() {
            long next = System.nanoTime();
            while (running) {
                Character key = keys.poll();
                int frames = key == null ? 1 : 8;
                int began = sequence;
                for (int i = 0; i < frames; i++) {
                    byte[] packet =
                            key == null
                                    ? RtpPhone.frame(77, sequence, hertz)
                                    : event(key, began, i, sequence);
                    RtpPhone.send(phone.rtp(), packet, phone.mediaPort());
                    sequence++;
                    next += 20_000_000L;
                    LockSupport.parkNanos(next - System.nanoTime());
                }
            }
        }

        /** RFC 4733: five packets of a key that is down, then its end three times. */
        private static byte[] event(char key, int began, int step, int sequence) {
            ByteBuffer packet = ByteBuffer.allocate(16);
            packet.put((byte) 0x80).put((byte) (step == 0 ? 0x80 | 101 : 101));
            packet.putShort((short) sequence).putInt(began * 160).putInt(77);
            packet.put((byte) "0123456789*#".indexOf(key));
            packet.put((byte) (step >= 5 ? 0x8a : 0x0a));
            packet.putShort((short) (Math.min(step + 1, 5) * 160));
            return packet.array();
        }

        void press(String digits) {
            for (int i = 0; i < digits.length(); i++) {
                keys.add(digits.charAt(i));
            }
        }

        List<byte[]> hear(double seconds) {
            return RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis((long) (seconds * 1000)));
        }

        @Override
        public void close() {
            running = false;
            phone.close();
        }
    }

    private static Recording prompt(String name) {
        return Recording.read(
                Path.of("../bridge-server/src/main/resources/prompts/" + name + ".wav"));
    }

    /** How alike a second of the prompt and the best fitting part of what was heard are: to 1. */
    private static double likeness(Recording heard, Recording prompt) {
        double[] wanted = prompt.slice(0.5, 1.5).samples();
        double[] got = heard.samples();
        double best = 0;
        for (int lag = 0; lag + wanted.length <= got.length; lag++) {
            double product = 0;
            double own = 1e-9;
            double other = 1e-9;
            for (int i = 0; i < wanted.length; i++) {
                product += wanted[i] * got[lag + i];
                own += wanted[i] * wanted[i];
                other += got[lag + i] * got[lag + i];
            }
            best = Math.max(best, product / Math.sqrt(own * other));
        }
        return best;
    }

    private static int breaks(List<byte[]> packets) {
        int breaks = 0;
        for (int i = 1; i < packets.size(); i++) {
            ByteBuffer before = ByteBuffer.wrap(packets.get(i - 1));
            ByteBuffer now = ByteBuffer.wrap(packets.get(i));
            boolean goesOn =
                    (before.getShort(2) + 1 & 0xffff) == (now.getShort(2) & 0xffff)
                            && isFrames(now.getInt(4) - before.getInt(4))
                            && now.getInt(8) == before.getInt(8);
            breaks += goesOn ? 0 : 1;
        }
        return breaks;
    }

    /** A loop that was kept from its work lets frames out: the clock goes on by whole ones. */
    private static boolean isFrames(int ticks) {
        return ticks >= 160 && ticks < 8_000 && ticks % 160 == 0;
    }

    private static List<byte[]> audio(List<byte[]> packets) {
        return packets.stream().filter(packet -> packet.length == 172).toList();
    }

    @Test
    void aCallerHearsThePromptKeysTheCodeAndIsHeardInTheRoomWithoutABreak() {
        try (Caller inside = new Caller(1000, BridgeProcess.ROOM_CODE);
                Caller caller = new Caller(440, NUMBER)) {
            List<byte[]> all = new ArrayList<>(caller.hear(2.5));
            assertThat(likeness(RtpPhone.sound(audio(all)), prompt("code")))
                    .as("the very prompt is heard")
                    .isGreaterThan(0.85);
            assertThat(participants(BridgeProcess.ROOM_CODE)).as("nobody sees who waits").isOne();

            caller.press("2223334445#");
            all.addAll(caller.hear(4));
            assertThat(participants(BridgeProcess.ROOM_CODE)).isEqualTo(2);
            List<byte[]> last = caller.hear(1);
            all.addAll(last);
            assertThat(AudioMeasure.levelDbfs(RtpPhone.sound(audio(last)), 1000))
                    .isGreaterThan(-16);
            List<byte[]> others = inside.hear(1);
            assertThat(AudioMeasure.levelDbfs(RtpPhone.sound(audio(tail(others, 45))), 440))
                    .isGreaterThan(-16);
            assertThat(breaks(audio(all))).as("one stream, nothing skipped").isZero();
            assertThat(bridge.log()).contains("event=caller_asked outcome=entered");
            caller.phone.hangUp();
            inside.phone.hangUp();
        }
    }

    private static List<byte[]> tail(List<byte[]> packets, int count) {
        return packets.subList(Math.max(0, packets.size() - count), packets.size());
    }

    private static int participants(String code) {
        return bridge.get("/v1/rooms/" + code + "/participants").get("items").size();
    }

    @Test
    void aCodeWithAPinAsksForItWhoeverDialsTheCode() {
        try (Caller caller = new Caller(440, PIN_CODE)) {
            assertThat(likeness(RtpPhone.sound(audio(caller.hear(2.5))), prompt("pin")))
                    .isGreaterThan(0.85);
            caller.press("4712#");
            caller.hear(1.6);
            assertThat(participants(PIN_CODE)).as("a wrong PIN opens nothing").isZero();
            caller.press("4711#");
            caller.hear(2);
            assertThat(participants(PIN_CODE)).isOne();
            caller.phone.hangUp();
        }
    }

    @Test
    void threeWrongCodesEndInGoodbyeAndInTheCallList() {
        try (Caller caller = new Caller(440, NUMBER)) {
            for (int i = 0; i < 3; i++) {
                caller.press("99" + i + "#");
                caller.hear(1.6);
            }
            SipTrace.Message bye = caller.phone.answerBye(Duration.ofSeconds(8));
            assertThat(bye.header("Reason")).contains("cause=1", "wrong three times");
            await("the end in the call list")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> endedAs("unknown_room").isPresent());
            JsonNode end = endedAs("unknown_room").orElseThrow();
            assertThat(end.path("culprit").asString()).isEqualTo("caller");
            assertThat(bridge.log())
                    .contains("event=caller_asked outcome=wrong", "reason=unknown_room");
            assertThat(bridge.metric("roomline_calls_asked_total{outcome=\"wrong\"}")).isOne();
        }
    }

    private static Optional<JsonNode> endedAs(String reason) {
        return bridge.get("/v1/calls?state=ended")
                .get("items")
                .valueStream()
                .map(call -> call.get("end"))
                .filter(end -> end.path("reason").asString().equals(reason))
                .findFirst();
    }
}
