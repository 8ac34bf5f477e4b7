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
import org.junit.jupiter.api.Tag;
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

    /**
     * Harmonics of 110 Hz up to 7 kHz whose loudness moves like syllables, and pauses between them:
     * a voice to Opus, which goes to a wider band only in a pause, or after 5 s.
     */
    private static Recording voice() {
        return Recording.of(
                16_000,
                4,
                n -> {
                    double t = n / 16_000.0;
                    if (t % 1 > 0.6) {
                        return 0;
                    }
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
        var _ =
                pace.scheduleAtFixedRate(
                        () -> {
                            byte[] payload = said.get(sequence % said.size());
                            byte[] packet =
                                    SpokenPackets.packet(AudioCodec.G722, sequence++, payload);
                            if (speaks) {
                                RtpPhone.send(talker.rtp(), packet, talker.mediaPort());
                            }
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

    /** What was encoded; silence is one small packet of any bandwidth, made once. */
    private static List<byte[]> sounding(List<byte[]> packets) {
        return packets.stream().filter(packet -> packet.length > HEADER + 3).toList();
    }

    private static boolean hasFec(byte[] packet) {
        OpusPacket view = new OpusPacket();
        return view.parse(packet, HEADER, packet.length - HEADER) && view.hasFec();
    }

    /** RFC 6716 §3.1, in kHz of sound: narrow 4, medium 6, wide 8, beyond that 12 and 20. */
    private static int bandwidth(byte[] packet) {
        int config = (packet[HEADER] & 0xff) >> 3;
        if (config < 12) {
            return 4 + 2 * (config / 4);
        }
        if (config < 16) {
            return config < 14 ? 12 : 20;
        }
        return List.of(4, 8, 12, 20).get((config - 16) / 4);
    }

    private static boolean isWide(byte[] packet) {
        return bandwidth(packet) >= 8;
    }

    private static double share(List<byte[]> packets, Predicate<byte[]> of) {
        return (double) packets.stream().filter(of).count() / packets.size();
    }

    @Test
    @Tag("RFC7587§6.1")
    @Tag("RFC7587§7")
    void eachIsSentWhatItsFmtpAsksFor() {
        RtpPhone plain = phone("stereo=1");
        RtpPhone fec = phone("useinbandfec=1");
        RtpPhone narrow = phone("maxplaybackrate=8000;useinbandfec=1;usedtx=1");
        talk();
        List<byte[]> toPlain = hears(plain, Duration.ofSeconds(1));
        for (int i = 0; i < 12 && share(sounding(toPlain), OpusWishesTest::isWide) < 1; i++) {
            toPlain = hears(plain, Duration.ofSeconds(1));
        }
        for (RtpPhone phone : List.of(fec, narrow)) {
            hears(phone, Duration.ofMillis(30));
        }
        toPlain = hears(plain, Duration.ofSeconds(2));
        List<byte[]> toFec = sounding(hears(fec, Duration.ofMillis(50)));
        List<byte[]> toNarrow = sounding(hears(narrow, Duration.ofMillis(50)));
        System.out.printf(
                "with FEC %.2f and %.2f, wide %.2f and %.2f%n",
                share(toPlain, OpusWishesTest::hasFec),
                share(toFec, OpusWishesTest::hasFec),
                share(sounding(toPlain), OpusWishesTest::isWide),
                share(toNarrow, OpusWishesTest::isWide));

        // at its full rate, the cached silence between the words too
        assertThat(toPlain).hasSizeGreaterThan(80);
        assertThat(toPlain).noneMatch(OpusWishesTest::hasFec);
        assertThat(sounding(toPlain)).allMatch(OpusWishesTest::isWide);
        assertThat(share(toFec, OpusWishesTest::hasFec)).isGreaterThan(0.5);
        assertThat(toNarrow).isNotEmpty().allMatch(packet -> bandwidth(packet) == 4);

        speaks = false;
        hears(plain, Duration.ofSeconds(1));
        hears(narrow, Duration.ofMillis(50));
        assertThat(hears(plain, Duration.ofSeconds(2))).hasSizeGreaterThan(80);
        assertThat(hears(narrow, Duration.ofMillis(50))).hasSizeBetween(2, 12);
    }
}
