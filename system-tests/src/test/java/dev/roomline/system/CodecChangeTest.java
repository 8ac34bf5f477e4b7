package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A phone that changes its codec in the midst of a call, by re-INVITE and more than once; heard in
 * both directions while it does.
 */
final class CodecChangeTest {
    private static final double PHONE_HERTZ = 437;
    private static final double FRIEND_HERTZ = 1009;
    private static final int AMPLITUDE = 10_000;
    private static final double LEVEL_DBFS = 20 * Math.log10(AMPLITUDE / 32_768.0);

    /** Far above what codecs leave beside a tone, far below what a cut in it leaves. */
    private static final double CLICK_DBFS = LEVEL_DBFS - 12;

    /** What a change may take: the old codec's sound runs out, the new one's is waited for. */
    private static final double LONGEST_HOLE_SECONDS = 0.12;

    /** Around a change the phase of the tone is anybody's. */
    private static final double AROUND_CHANGE_SECONDS = 0.25;

    private static final double SPELL_SECONDS = 2;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("codec-change");

    private final RtpPhone phone = new RtpPhone(bridge);
    private final RtpPhone friend = new RtpPhone(bridge);
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final Map<AudioCodec, List<byte[]>> voice = new EnumMap<>(AudioCodec.class);
    private final List<Arrival> byPhone = new ArrayList<>();
    private final List<Arrival> byFriend = new ArrayList<>();
    private volatile AudioCodec speaks = AudioCodec.PCMU;
    private int sequence = 65_450;

    @SuppressWarnings("ArrayRecordComponent")
    private record Arrival(long nanos, byte[] packet) {}

    @AfterEach
    void hangUp() {
        pace.shutdownNow();
        phone.hangUp();
        friend.hangUp();
        phone.close();
        friend.close();
    }

    @Test
    void pcmuThenOpusThenPcmaIsHeardBothWaysWithoutAClickBeyondTheChanges() {
        for (AudioCodec codec : AudioCodec.values()) {
            // both frequencies turn wholly in a second, so that the voice may begin again
            int rate = SpokenPackets.rateOf(codec);
            voice.put(
                    codec,
                    SpokenPackets.payloads(
                            codec, Recording.tone(rate, 5, PHONE_HERTZ, LEVEL_DBFS)));
        }
        friend.call(BridgeProcess.ROOM_CODE);
        phone.call(BridgeProcess.ROOM_CODE);
        collect(phone.rtp(), byPhone);
        collect(friend.rtp(), byFriend);
        var _ = pace.scheduleAtFixedRate(this::speak, 0, 20, TimeUnit.MILLISECONDS);

        rest(1.2);
        long begun = System.nanoTime();
        rest(SPELL_SECONDS);
        long toOpus = change(AudioCodec.OPUS, 2);
        rest(SPELL_SECONDS);
        long toPcma = change(AudioCodec.PCMA, 3);
        rest(SPELL_SECONDS);
        long ended = System.nanoTime();

        friendHearsOneTone(begun, ended, toOpus, toPcma);
        phoneHears(AudioCodec.PCMU, begun, toOpus);
        phoneHears(AudioCodec.OPUS, toOpus, toPcma);
        phoneHears(AudioCodec.PCMA, toPcma, ended);
        noHoleInWhatThePhoneIsSent(begun, ended);
    }

    private void speak() {
        AudioCodec codec = speaks;
        List<byte[]> payloads = Objects.requireNonNull(voice.get(codec));
        byte[] payload = payloads.get(sequence % payloads.size());
        RtpPhone.send(
                phone.rtp(), SpokenPackets.packet(codec, sequence, payload), phone.mediaPort());
        RtpPhone.send(friend.rtp(), RtpPhone.frame(2, sequence, FRIEND_HERTZ), friend.mediaPort());
        sequence++;
    }

    /** Re-INVITEs, and speaks the new codec from its answer on; when that was. */
    private long change(AudioCodec codec, int version) {
        String offer =
                SpokenPackets.offer(codec, phone.rtp().getLocalPort())
                        .replace("tester 1 1 ", "tester 1 " + version + " ");
        SipTrace.Message answer = phone.reinvite(offer);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        speaks = codec;
        return System.nanoTime();
    }

    private void friendHearsOneTone(long begun, long ended, long toOpus, long toPcma) {
        Recording before = heardByFriend(begun, toOpus, 0);
        Recording between = heardByFriend(toOpus, toPcma, AROUND_CHANGE_SECONDS);
        Recording after = heardByFriend(toPcma, ended, AROUND_CHANGE_SECONDS);
        for (Recording part : List.of(before, between, after)) {
            check("friend", part, PHONE_HERTZ);
        }
        for (long change : new long[] {toOpus, toPcma}) {
            Recording around =
                    sound(byFriend, AudioCodec.PCMU, change - 100_000_000L, change + 400_000_000L);
            double hole = longestHole(around);
            System.out.printf("friend: %.0f ms without the tone at a change%n", 1_000 * hole);
            assertThat(hole).isLessThan(LONGEST_HOLE_SECONDS);
        }
    }

    private Recording heardByFriend(long from, long to, double settleSeconds) {
        return sound(byFriend, AudioCodec.PCMU, from + (long) (1e9 * settleSeconds), to);
    }

    private void phoneHears(AudioCodec codec, long from, long to) {
        long settled = from + 100_000_000L;
        // a decoder needs its stream from the first packet on
        Recording whole = sound(byPhone, codec, from - 100_000_000L, to - 20_000_000L);
        check("phone, " + codec, whole.slice(0.1, whole.seconds()), FRIEND_HERTZ);
        synchronized (byPhone) {
            assertThat(byPhone)
                    .filteredOn(each -> each.nanos() > settled && each.nanos() < to - 20_000_000L)
                    .allSatisfy(
                            each ->
                                    assertThat(SpokenPackets.payloadTypeOf(each.packet()))
                                            .isEqualTo(SpokenPackets.payloadType(codec)));
        }
    }

    private static void check(String who, Recording heard, double hertz) {
        AudioMeasure.Tones tones = AudioMeasure.fit(heard, hertz);
        int clicks = AudioMeasure.clicks(heard, CLICK_DBFS, hertz);
        System.out.printf("%s: %.1f s, %s, clicks %d%n", who, heard.seconds(), tones, clicks);
        assertThat(heard.seconds()).isGreaterThan(SPELL_SECONDS - 0.5);
        assertThat(tones.levelDbfs(hertz)).as(who).isCloseTo(LEVEL_DBFS, within(1.0));
        assertThat(clicks).as(who).isZero();
        assertThat(tones.brokenShare()).as(who).isZero();
    }

    /** The longest time in which the tone is 12 dB below itself, in steps of 5 ms. */
    private static double longestHole(Recording heard) {
        double block = 0.01;
        double longest = 0;
        double run = 0;
        for (double at = 0; at + block <= heard.seconds(); at += block / 2) {
            double level = AudioMeasure.levelDbfs(heard.slice(at, at + block));
            run = level < LEVEL_DBFS - 12 ? run + block / 2 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private void noHoleInWhatThePhoneIsSent(long begun, long ended) {
        synchronized (byPhone) {
            long longest = 0;
            long last = begun;
            for (Arrival each : byPhone) {
                if (each.nanos() > begun && each.nanos() < ended) {
                    longest = Math.max(longest, each.nanos() - last);
                    last = each.nanos();
                }
            }
            System.out.printf("phone: longest time without a packet %.0f ms%n", longest / 1e6);
            assertThat(longest).isLessThan(100_000_000L);
        }
    }

    private static Recording sound(List<Arrival> heard, AudioCodec codec, long from, long to) {
        synchronized (heard) {
            return SpokenPackets.sound(
                    codec,
                    heard.stream()
                            .filter(each -> each.nanos() >= from && each.nanos() < to)
                            .map(Arrival::packet)
                            .toList());
        }
    }

    private static void collect(DatagramSocket at, List<Arrival> into) {
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            DatagramPacket datagram = new DatagramPacket(new byte[2_048], 2_048);
                            try {
                                while (true) {
                                    datagram.setLength(2_048);
                                    at.receive(datagram);
                                    byte[] packet =
                                            Arrays.copyOf(datagram.getData(), datagram.getLength());
                                    synchronized (into) {
                                        into.add(new Arrival(System.nanoTime(), packet));
                                    }
                                }
                            } catch (SocketException closed) {
                                // the call is over
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private static void rest(double seconds) {
        try {
            Thread.sleep((long) (1_000 * seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
