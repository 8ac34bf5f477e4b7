package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Phones with Opus that ask for different things by their fmtp (RFC 7587), in one room. */
final class OpusWishesTest {
    private static final int HEADER = 12;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("opus-wishes");

    private final List<RtpPhone> phones = new ArrayList<>();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean speaks = true;
    private int sequence;

    @AfterEach
    void hangUp() {
        pace.shutdownNow();
        for (RtpPhone phone : phones) {
            phone.hangUp();
            phone.close();
        }
    }

    private RtpPhone phone(String fmtp) {
        RtpPhone phone = new RtpPhone(bridge);
        String offer =
                SpokenPackets.offer(AudioCodec.OPUS, phone.rtp().getLocalPort())
                        .replace("a=fmtp:96 useinbandfec=1", "a=fmtp:96 " + fmtp);
        phone.callUpToAnswer(BridgeProcess.ROOM_CODE, offer);
        phone.acknowledge();
        phones.add(phone);
        return phone;
    }

    /** Harmonics of 110 Hz up to 7 kHz whose loudness moves like syllables: a voice to Opus. */
    private static Recording voice() {
        return Recording.of(
                16_000,
                4,
                n -> {
                    double t = n / 16_000.0;
                    double sum = 0;
                    for (int k = 1; k <= 60; k++) {
                        sum += Math.sin(2 * Math.PI * 110 * k * t + k * k) / Math.sqrt(k);
                    }
                    return 0.06 * sum * (1 + Math.sin(2 * Math.PI * 3 * t));
                });
    }

    private void talk() {
        RtpPhone talker = new RtpPhone(bridge);
        phones.add(talker);
        talker.callUpToAnswer(
                BridgeProcess.ROOM_CODE,
                SpokenPackets.offer(AudioCodec.G722, talker.rtp().getLocalPort()));
        talker.acknowledge();
        List<byte[]> said = SpokenPackets.payloads(AudioCodec.G722, voice());
        List<byte[]> silence =
                SpokenPackets.payloads(AudioCodec.G722, Recording.of(16_000, 0.1, n -> 0));
        var _ =
                pace.scheduleAtFixedRate(
                        () -> {
                            List<byte[]> from = speaks ? said : silence;
                            byte[] payload = from.get(sequence % from.size());
                            RtpPhone.send(
                                    talker.rtp(),
                                    SpokenPackets.packet(AudioCodec.G722, sequence++, payload),
                                    talker.mediaPort());
                        },
                        0,
                        20,
                        TimeUnit.MILLISECONDS);
    }

    private static List<byte[]> hears(RtpPhone phone, Duration time) {
        return RtpPhone.receiveAll(phone.rtp(), time).stream()
                .filter(packet -> SpokenPackets.payloadTypeOf(packet) == 96)
                .toList();
    }

    private static boolean hasFec(byte[] packet) {
        OpusPacket view = new OpusPacket();
        return view.parse(packet, HEADER, packet.length - HEADER) && view.hasFec();
    }

    /** RFC 6716 §3.1, of SILK: narrow 0, medium 4, wide 8; above that hybrid and CELT. */
    private static int bandwidth(byte[] packet) {
        return ((packet[HEADER] & 0xff) >> 3) & ~3;
    }

    private static double share(List<byte[]> packets, Predicate<byte[]> of) {
        return (double) packets.stream().filter(of).count() / packets.size();
    }

    @Test
    void eachIsSentWhatItsFmtpAsksFor() {
        RtpPhone plain = phone("stereo=1");
        RtpPhone fec = phone("useinbandfec=1");
        RtpPhone narrow = phone("maxplaybackrate=8000;useinbandfec=1;usedtx=1");
        talk();
        hears(plain, Duration.ofSeconds(1));
        for (RtpPhone phone : List.of(fec, narrow)) {
            hears(phone, Duration.ofMillis(30));
        }
        List<byte[]> toPlain = hears(plain, Duration.ofSeconds(2));
        List<byte[]> toFec = hears(fec, Duration.ofMillis(50));
        List<byte[]> toNarrow = hears(narrow, Duration.ofMillis(50));
        System.out.printf(
                "with FEC %.2f and %.2f, narrow %.2f and %.2f%n",
                share(toPlain, OpusWishesTest::hasFec),
                share(toFec, OpusWishesTest::hasFec),
                share(toPlain, packet -> bandwidth(packet) == 0),
                share(toNarrow, packet -> bandwidth(packet) == 0));

        assertThat(toPlain).hasSizeGreaterThan(80);
        assertThat(toPlain).noneMatch(OpusWishesTest::hasFec);
        assertThat(share(toPlain, packet -> bandwidth(packet) >= 8)).isGreaterThan(0.9);
        assertThat(share(toFec, OpusWishesTest::hasFec)).isGreaterThan(0.5);
        assertThat(toNarrow).allMatch(packet -> bandwidth(packet) == 0);

        speaks = false;
        hears(plain, Duration.ofSeconds(1));
        hears(narrow, Duration.ofMillis(50));
        assertThat(hears(plain, Duration.ofSeconds(2))).hasSizeGreaterThan(80);
        assertThat(hears(narrow, Duration.ofMillis(50))).hasSizeBetween(2, 12);
    }
}
