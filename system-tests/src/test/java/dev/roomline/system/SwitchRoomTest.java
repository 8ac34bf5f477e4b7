package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A telephone goes from room to room by VideoSDK's API, on one media loop and from one to another,
 * while it talks and listens: frame by frame, by numbers and by sound.
 */
final class SwitchRoomTest {
    private static final int HEADER = 12;

    /** Tones whose frames repeat after 50: each frame of a second is known by its octets. */
    private static final double MOVER_HZ = 433;

    private static final double HERE_HZ = 707;
    private static final double THERE_HZ = 1009;
    private static final int PERIOD = 50;
    private static final int FRAMES_BEFORE = 60;
    private static final int FRAMES_AFTER = 60;

    @RegisterExtension
    static final BridgeProcess oneLoop = BridgeProcess.named("switch-room-1").set("media.loops=1");

    @RegisterExtension
    static final BridgeProcess twoLoops = BridgeProcess.named("switch-room-2").set("media.loops=2");

    private static String room(VideoSdkApi api) {
        return api.post("/rooms", "{}").good().get("roomId").asString();
    }

    /** Which frame of a tone a packet carries, from 0 to 49; −1: none of it. */
    private static int frameOf(byte[] packet, Map<ByteBuffer, Integer> known) {
        return packet.length < HEADER
                ? -1
                : known.getOrDefault(
                        ByteBuffer.wrap(Arrays.copyOfRange(packet, HEADER, packet.length)), -1);
    }

    private static Map<ByteBuffer, Integer> payloads(double hertz) {
        Map<ByteBuffer, Integer> frames = new HashMap<>();
        // all that are sent: where a tone crosses zero, a rounding decides on the sign
        for (int n = 0; n < FRAMES_BEFORE + FRAMES_AFTER; n++) {
            byte[] packet = RtpPhone.frame(1, n, hertz);
            byte[] payload = Arrays.copyOfRange(packet, HEADER, packet.length);
            frames.put(ByteBuffer.wrap(payload), n % PERIOD);
        }
        return frames;
    }

    /**
     * What one phone heard of one other, from the first packet to the last.
     *
     * @param from where in all that it was sent the first one stands, {@code to} the last
     * @param frames in the order in which they came
     */
    private record Heard(int from, int to, List<Integer> frames) {
        static Heard of(List<byte[]> packets, double hertz) {
            Map<ByteBuffer, Integer> known = payloads(hertz);
            List<Integer> frames = new ArrayList<>();
            int from = -1;
            int to = -1;
            for (int i = 0; i < packets.size(); i++) {
                int frame = frameOf(packets.get(i), known);
                if (frame >= 0) {
                    frames.add(frame);
                    from = from < 0 ? i : from;
                    to = i;
                }
            }
            return new Heard(from, to, frames);
        }

        void assertUnbroken(String whose) {
            assertThat(frames.size()).as(whose).isGreaterThan(30);
            for (int i = 1; i < frames.size(); i++) {
                assertThat(after(frames.get(i - 1), frames.get(i)))
                        .as("%s frame %d of %s", whose, i, frames)
                        .isEqualTo(1);
            }
        }
    }

    private static int after(int before, int now) {
        return Math.floorMod(now - before, PERIOD);
    }

    /**
     * RTP of one stream: no number missing, none twice, its time as long as what was played.
     *
     * @return frames of time without a packet
     */
    private static int assertOneStream(List<byte[]> packets) {
        int missing = 0;
        for (int i = 1; i < packets.size(); i++) {
            ByteBuffer before = ByteBuffer.wrap(packets.get(i - 1));
            ByteBuffer now = ByteBuffer.wrap(packets.get(i));
            assertThat(now.getInt(8)).as("SSRC").isEqualTo(before.getInt(8));
            assertThat((short) (now.getShort(2) - before.getShort(2)))
                    .as("number of packet %d", i)
                    .isEqualTo((short) 1);
            int ticks = now.getInt(4) - before.getInt(4);
            assertThat(ticks % 160).as("time of packet %d", i).isZero();
            missing += ticks / 160 - 1;
        }
        return missing;
    }

    private static List<byte[]> audio(RtpPhone phone) {
        return RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(150)).stream()
                .filter(packet -> packet.length > HEADER && (packet[1] & 0x7f) == 0)
                .toList();
    }

    private static List<Integer> legs(BridgeProcess bridge, int loops) {
        return IntStream.range(0, loops)
                .mapToObj(
                        loop ->
                                (int)
                                        bridge.metric(
                                                "roomline_media_loop_legs{loop=\"" + loop + "\"}"))
                .toList();
    }

    private static String callInto(BridgeProcess bridge, String room) {
        return bridge.get("/v1/calls?limit=10")
                .get("items")
                .valueStream()
                .filter(row -> row.get("to").asString().equalsIgnoreCase(room))
                .map(row -> row.get("id").asString())
                .reduce((_, first) -> first)
                .orElseThrow();
    }

    /** Everybody says a frame each 20 ms; in the midst of it the first one's room is changed. */
    private static VideoSdkApi.Answer talk(
            List<RtpPhone> phones, VideoSdkApi api, String call, String there) {
        List<Double> tones = List.of(MOVER_HZ, HERE_HZ, THERE_HZ);
        CompletableFuture<VideoSdkApi.Answer> switched = new CompletableFuture<>();
        long next = System.nanoTime();
        for (int n = 0; n < FRAMES_BEFORE + FRAMES_AFTER; n++) {
            for (int i = 0; i < phones.size(); i++) {
                byte[] frame = RtpPhone.frame(100 + i, n, tones.get(i));
                RtpPhone.send(phones.get(i).rtp(), frame, phones.get(i).mediaPort());
            }
            if (n == FRAMES_BEFORE) {
                String body = "{\"callId\":\"" + call + "\",\"roomId\":\"" + there + "\"}";
                Thread.startVirtualThread(
                        () -> switched.complete(api.post("/sip/call/switch-room", body)));
            }
            next += 20_000_000L;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        return switched.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void noFrameMoreThanOneIsLostInEitherDirection(int loops) {
        BridgeProcess bridge = loops == 1 ? oneLoop : twoLoops;
        VideoSdkApi api = new VideoSdkApi(bridge);
        String here = room(api);
        String there = room(api);
        try (RtpPhone mover = new RtpPhone(bridge);
                RtpPhone inFirst = new RtpPhone(bridge);
                RtpPhone inSecond = new RtpPhone(bridge)) {
            mover.call(here);
            inFirst.call(here);
            inSecond.call(there);
            List<Integer> before = legs(bridge, loops);
            String call = callInto(bridge, here);
            JsonNode answer = talk(List.of(mover, inFirst, inSecond), api, call, there).good();
            assertThat(answer.at("/data/roomId").asString()).isEqualToIgnoringCase(there);
            assertThat(answer.at("/data/timelog").toString())
                    .contains("switch-room-initiated")
                    .contains("switch-room-completed");
            assertThat(legs(bridge, loops))
                    .as("from loop to loop, where there are two")
                    .isEqualTo(before.reversed());
            assertThat(before)
                    .containsExactlyInAnyOrderElementsOf(loops == 1 ? List.of(3) : List.of(2, 1));

            List<byte[]> sent = audio(mover);
            List<byte[]> leftHeard = audio(inFirst);
            List<byte[]> joinedHeard = audio(inSecond);
            assertThat(bridge.get("/v1/calls/" + call).at("/quality/received/loss").asDouble())
                    .isZero();
            List.of(mover, inFirst, inSecond).forEach(RtpPhone::hangUp);
            Heard first = Heard.of(sent, HERE_HZ);
            Heard second = Heard.of(sent, THERE_HZ);
            Heard left = Heard.of(leftHeard, MOVER_HZ);
            Heard came = Heard.of(joinedHeard, MOVER_HZ);
            left.assertUnbroken("who was left heard");
            came.assertUnbroken("who was joined heard");
            first.assertUnbroken("first the phone heard");
            second.assertUnbroken("then the phone heard");
            int lostUp = after(left.frames.getLast(), came.frames.getFirst()) - 1;
            // all speak at once, so that their frames are each other's time
            int between = after(first.frames.getLast(), second.frames.getFirst()) - 1;
            int neither = second.from - first.to - 1;
            // what the last ones say ends when they do, and silence begins a while later
            int missing = assertOneStream(sent.subList(first.from, second.to + 1));
            System.out.printf(
                    "switch-room, %d loop(s): %d frames heard in the first room, %d in the second,"
                            + " %d lost; the phone heard %d and %d, between them %d packets in %d"
                            + " frames; %d frames of time without a packet%n",
                    loops,
                    left.frames.size(),
                    came.frames.size(),
                    lostUp,
                    first.frames.size(),
                    second.frames.size(),
                    neither,
                    between,
                    missing);
            assertThat(lostUp).as("frames that neither room heard").isBetween(0, 1);
            assertThat(missing).as("frames of time without a packet").isBetween(0, 1);
            assertThat(neither).as("packets of neither room: the one that rises").isBetween(0, 1);
            assertThat(between - neither).as("frames that it was not sent").isBetween(0, 1);
        }
    }
}
