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
import java.util.Collections;
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

    /** Of the tone's amplitude: far above what codecs and concealment leave, far below a cut. */
    private static final double CUT_SHARE = 0.35;

    /** A packet so late is concealed by right, and the jitter buffer stretches time after it. */
    private static final long LATE_NANOS = 10_000_000L;

    private static final long PACKET_NANOS = 20_000_000L;

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
    private final List<Long> sentNanos = Collections.synchronizedList(new ArrayList<>());
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
    void pcmuThenOpusThenG722ThenPcmaIsHeardBothWaysWithoutAClickBeyondTheChanges() {
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
        long toG722 = change(AudioCodec.G722, 3);
        rest(SPELL_SECONDS);
        long toPcma = change(AudioCodec.PCMA, 4);
        rest(SPELL_SECONDS);
        long ended = System.nanoTime();

        friendHearsOneTone(begun, ended, toOpus, toG722, toPcma);
        phoneHears(AudioCodec.PCMU, begun, toOpus);
        phoneHears(AudioCodec.OPUS, toOpus, toG722);
        phoneHears(AudioCodec.G722, toG722, toPcma);
        phoneHears(AudioCodec.PCMA, toPcma, ended);
        noHoleInWhatThePhoneIsSent(begun, ended);
    }

    private void speak() {
        sentNanos.add(System.nanoTime());
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

    private void friendHearsOneTone(long begun, long ended, long... changes) {
        check("friend", heardByFriend(begun, changes[0], 0), PHONE_HERTZ, changes[0]);
        for (int i = 0; i < changes.length; i++) {
            long change = changes[i];
            long next = i + 1 < changes.length ? changes[i + 1] : ended;
            check("friend", heardByFriend(change, next, AROUND_CHANGE_SECONDS), PHONE_HERTZ, next);
            Recording around =
                    sound(byFriend, AudioCodec.PCMU, change - 100_000_000L, change + 400_000_000L);
            double hole = longestHole(around);
            System.out.printf("friend: %.0f ms without the tone at a change%n", 1_000 * hole);
            assertThat(hole).isLessThan(LONGEST_HOLE_SECONDS + longestPause(sentNanos) / 1e9);
        }
    }

    private Recording heardByFriend(long from, long to, double settleSeconds) {
        return sound(byFriend, AudioCodec.PCMU, from + (long) (1e9 * settleSeconds), to);
    }

    private void phoneHears(AudioCodec codec, long from, long to) {
        long settled = from + 100_000_000L;
        // a decoder needs its stream from the first packet on
        Recording whole = sound(byPhone, codec, from - 100_000_000L, to - 20_000_000L);
        check("phone, " + codec, whole.slice(0.1, whole.seconds()), FRIEND_HERTZ, to);
        synchronized (byPhone) {
            assertThat(byPhone)
                    .filteredOn(each -> each.nanos() > settled && each.nanos() < to - 20_000_000L)
                    .allSatisfy(
                            each ->
                                    assertThat(SpokenPackets.payloadTypeOf(each.packet()))
                                            .isEqualTo(SpokenPackets.payloadType(codec)));
        }
    }

    private void check(String who, Recording heard, double hertz, long until) {
        AudioMeasure.Tones tones = AudioMeasure.fit(heard, hertz);
        int cuts = AudioMeasure.cuts(heard, hertz, CUT_SHARE * AMPLITUDE / 32_768);
        boolean even = paceWasEvenUntil(until);
        System.out.printf(
                "%s: %.1f s, %s, cuts %d%s%n",
                who, heard.seconds(), tones, cuts, even ? "" : ", the machine made packets late");
        assertThat(heard.seconds()).isGreaterThan(SPELL_SECONDS - 0.5);
        assertThat(tones.levelDbfs(hertz)).as(who).isCloseTo(LEVEL_DBFS, within(1.0));
        assertThat(cuts).as(who).isZero();
        if (even) {
            assertThat(tones.brokenShare()).as(who).isZero();
        }
    }

    /**
     * Whether this machine sent and brought every packet in its time, from the first one on. Where
     * it did not, what was late is rightly made up and time is stretched: the tone then has no cut,
     * but its phase moves.
     */
    private boolean paceWasEvenUntil(long until) {
        List<Long> moments = new ArrayList<>(sentNanos);
        boolean even = isEven(moments, until);
        for (List<Arrival> heard : List.of(byPhone, byFriend)) {
            synchronized (heard) {
                even &= isEven(heard.stream().map(Arrival::nanos).toList(), until);
            }
        }
        return even;
    }

    private static boolean isEven(List<Long> moments, long until) {
        for (int i = 1; i < moments.size() && moments.get(i) < until; i++) {
            if (moments.get(i) - moments.get(i - 1) > PACKET_NANOS + LATE_NANOS) {
                return false;
            }
        }
        return true;
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
            assertThat(longest).isLessThan(100_000_000L + longestPause(sentNanos));
        }
    }

    private static long longestPause(List<Long> moments) {
        List<Long> all = new ArrayList<>(moments);
        long longest = 0;
        for (int i = 1; i < all.size(); i++) {
            longest = Math.max(longest, all.get(i) - all.get(i - 1) - PACKET_NANOS);
        }
        return Math.max(0, longest);
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
