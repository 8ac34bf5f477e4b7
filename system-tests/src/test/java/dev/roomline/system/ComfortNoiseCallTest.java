package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A phone of G.711 that agreed to comfort noise beside one that did not, through the whole server.
 */
final class ComfortNoiseCallTest {
    private static final int HEADER = 12;
    private static final int FRAME = 160;
    private static final int RATE = 8_000;
    private static final int COMFORT_NOISE = 13;
    private static final double HERTZ = 437;
    private static final double PEAK = 10_000;

    /** Rises and falls for so long. */
    private static final int FADING = RATE / 20;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("comfort-noise");

    private final RtpPhone phone = new RtpPhone(bridge);
    private final RtpPhone friend = new RtpPhone(bridge);

    @AfterEach
    void hangUp() {
        phone.hangUp();
        friend.hangUp();
        phone.close();
        friend.close();
    }

    @Test
    void silenceIsToldAndNotSentAndSpeechBehindItBeginsATalkSpurt() {
        friend.call(BridgeProcess.ROOM_CODE);
        String offer =
                SipText.offer("127.0.0.1", phone.rtp().getLocalPort())
                        .replace("RTP/AVP 0 101", "RTP/AVP 0 13 101");
        phone.callUpToAnswer(BridgeProcess.ROOM_CODE, offer);
        phone.acknowledge();
        assertThat(phone.described()).contains(" 0 13 101\r\n", "a=rtpmap:13 CN/8000\r\n");
        assertThat(friend.described()).doesNotContain("CN/8000");

        List<byte[]> silent = RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(3_200));
        List<byte[]> beside = rtp(RtpPhone.receiveAll(friend.rtp(), Duration.ofMillis(50)));
        List<byte[]> noise = rtp(silent);
        int encoded = (int) noise.stream().takeWhile(each -> !isNoise(each)).count();
        // until the cached frame says the same
        assertThat(encoded).isLessThan(10);
        noise = noise.subList(encoded, noise.size());
        System.out.printf(
                "3.2 s of silence: %d packets, without comfort noise %d%n",
                noise.size(), beside.size());
        assertThat(noise).hasSizeBetween(2, 4).allMatch(ComfortNoiseCallTest::isNoise);
        assertThat(noise).allMatch(each -> each.length == HEADER + 1 && each[HEADER] == 127);
        assertThat(beside).hasSizeGreaterThan(100).noneMatch(ComfortNoiseCallTest::isNoise);

        friendHums();
        List<byte[]> all = new ArrayList<>(noise);
        all.addAll(rtp(RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(2_500))));
        assertThat(all).filteredOn(each -> !isNoise(each)).hasSizeBetween(50, 90);
        assertThat(isNoise(all.getLast())).as("silent again").isTrue();
        assertGoesOn(all);
        Recording heard = byTheirTimes(all);
        double loud = 0;
        for (double at = 0; at + 0.1 < heard.seconds(); at += 0.05) {
            loud = Math.max(loud, amplitude(heard.slice(at, at + 0.1)));
        }
        assertThat(loud).as("as loud as it was said").isBetween(0.85 * PEAK, 1.15 * PEAK);
        // the tone rises and falls by a fortieth of itself in 10 samples
        assertThat(AudioMeasure.cuts(heard, HERTZ, 0.1 * PEAK / 32_768)).isZero();
    }

    /** A second of a tone that rises and falls. */
    private void friendHums() {
        long begun = System.nanoTime();
        for (int n = 0; n < 50; n++) {
            ByteBuffer packet = ByteBuffer.allocate(HEADER + FRAME);
            packet.put((byte) 0x80).put((byte) 0).putShort((short) n);
            packet.putInt(n * FRAME).putInt(0x00c0_ffee);
            for (int i = n * FRAME; i < (n + 1) * FRAME; i++) {
                double edge = Math.min(1, Math.min(i, 50 * FRAME - 1 - i) / (double) FADING);
                double sine = Math.sin(2 * Math.PI * HERTZ * i / RATE);
                packet.put(RtpPhone.muLaw(PEAK * edge * sine));
            }
            LockSupport.parkNanos(begun + 20_000_000L * n - System.nanoTime());
            RtpPhone.send(friend.rtp(), packet.array(), friend.mediaPort());
        }
    }

    private static List<byte[]> rtp(List<byte[]> packets) {
        return packets.stream()
                .filter(each -> each.length > HEADER)
                .filter(each -> SpokenPackets.payloadTypeOf(each) < 64)
                .toList();
    }

    private static boolean isNoise(byte[] packet) {
        return SpokenPackets.payloadTypeOf(packet) == COMFORT_NOISE;
    }

    private static int sequenceOf(byte[] packet) {
        return ByteBuffer.wrap(packet).getShort(2) & 0xFFFF;
    }

    private static int timeOf(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(4);
    }

    /** Numbers without a gap, time that goes on, a marker where sound begins behind silence. */
    private static void assertGoesOn(List<byte[]> packets) {
        for (int i = 1; i < packets.size(); i++) {
            byte[] before = packets.get(i - 1);
            byte[] packet = packets.get(i);
            assertThat(sequenceOf(packet)).isEqualTo(sequenceOf(before) + 1 & 0xFFFF);
            int passed = timeOf(packet) - timeOf(before);
            assertThat(passed).isGreaterThanOrEqualTo(FRAME);
            boolean marked = packet[1] < 0;
            assertThat(marked).isEqualTo(!isNoise(packet) && (isNoise(before) || passed > FRAME));
        }
    }

    /** As a phone plays it: comfort noise at −127 dBov is silence. */
    private static Recording byTheirTimes(List<byte[]> packets) {
        int first = timeOf(packets.getFirst());
        double[] samples = new double[timeOf(packets.getLast()) - first + FRAME];
        for (byte[] packet : packets) {
            if (!isNoise(packet)) {
                double[] frame = RtpPhone.sound(List.of(packet)).samples();
                System.arraycopy(frame, 0, samples, timeOf(packet) - first, frame.length);
            }
        }
        return new Recording(RATE, samples);
    }

    private static double amplitude(Recording part) {
        return 32_768 * Math.pow(10, AudioMeasure.levelDbfs(part, HERTZ) / 20);
    }
}
