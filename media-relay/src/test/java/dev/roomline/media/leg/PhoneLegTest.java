package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.rtcp.RtcpParser;
import dev.roomline.media.rtcp.RtcpVisitor;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A phone's leg in virtual time, with its packets in lists. */
class PhoneLegTest implements Wire, LegEvents {
    private static final long MILLI = 1_000_000L;
    private static final InetSocketAddress PHONE =
            new InetSocketAddress(InetAddress.ofLiteral("203.0.113.5"), 4_000);
    private static final InetSocketAddress PHONE_RTCP =
            new InetSocketAddress(PHONE.getAddress(), 4_001);
    private static final TelephoneEvent EVENTS = new TelephoneEvent(101, 101, 8_000);

    private final List<byte[]> rtp = new ArrayList<>();
    private final List<InetSocketAddress> rtpTargets = new ArrayList<>();
    private final List<byte[]> rtcp = new ArrayList<>();
    private final List<InetSocketAddress> rtcpTargets = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final DropCounters drops = new DropCounters();
    private final Codecs codecs = Codecs.load();
    private final AudioEncoder pcmu = codecs.openG711Encoder(AudioCodec.PCMU);
    private final PhoneLeg leg =
            new PhoneLeg(
                    7,
                    new Workbench(codecs, 5, PassThroughPolicy.AUTO, drops, new Random(3), 0),
                    new AddressRule(PHONE.getAddress(), List.of()),
                    this,
                    this,
                    "name",
                    Duration.ofSeconds(30),
                    0);
    private long nowMillis;
    private int sequence = 10;
    private int timestamp = 1_000;

    private static PhoneMedia media(int ptimeMillis, Direction direction) {
        return new PhoneMedia(
                AudioCodec.PCMU,
                0,
                0,
                ptimeMillis,
                PHONE,
                PHONE_RTCP,
                false,
                direction,
                !direction.sends(),
                EVENTS,
                -1,
                OpusParameters.DEFAULT);
    }

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        rtp.add(Arrays.copyOfRange(bytes, offset, offset + length));
        rtpTargets.add(to);
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        rtcp.add(Arrays.copyOfRange(bytes, offset, offset + length));
        rtcpTargets.add(to);
    }

    @Override
    public void onConnected(Leg connected) {
        told.add("connected");
    }

    @Override
    public void onSound(Leg heard) {}

    @Override
    public boolean onPacket(Leg leg, SoundPacket sound, long nowNanos) {
        return false;
    }

    @Override
    public void onDtmf(Leg pressed, char digit, int durationMillis) {
        told.add("dtmf " + digit + " " + durationMillis);
    }

    @Override
    public void onLost(Leg gone, LegLoss loss, String detail) {
        told.add(loss.name());
    }

    private long now() {
        return nowMillis * MILLI;
    }

    private void receives(int payloadType, boolean marker, byte[] payload) {
        byte[] packet = new byte[400];
        int at =
                new RtpWriter()
                        .start(packet, 0, marker, payloadType, sequence++, timestamp, 99)
                        .end();
        System.arraycopy(payload, 0, packet, at, payload.length);
        leg.onRtpPort(packet, 0, at + payload.length, PHONE, now());
    }

    private void agree(int ptimeMillis) {
        leg.agreed(media(ptimeMillis, Direction.SENDRECV), now());
        leg.join();
    }

    @Test
    void nobody_is_heard_whom_the_room_was_not_told_of() {
        leg.agreed(media(20, Direction.SENDRECV), now());
        receives(0, true, new byte[160]);
        assertThat(leg.audible()).isFalse();
        leg.join();
        assertThat(leg.audible()).isTrue();
    }

    private static RtpPacket view(byte[] packet) {
        RtpPacket view = new RtpPacket();
        assertThat(view.wrap(packet, 0, packet.length)).isNull();
        return view;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40, 50, 60})
    void the_phones_ptime_is_honoured(int ptimeMillis) {
        agree(ptimeMillis);
        leg.release();
        byte[] frame = new byte[160];
        for (int i = 0; i < 60; i++) {
            Arrays.fill(frame, (byte) i);
            leg.sendMix(frame, 0, 160, -30);
        }

        assertThat(rtp).hasSize(60 * 20 / ptimeMillis);
        int played = 0;
        for (int i = 0; i < rtp.size(); i++) {
            RtpPacket packet = view(rtp.get(i));
            assertThat(packet.payloadLength()).isEqualTo(8 * ptimeMillis);
            if (i > 0) {
                RtpPacket before = view(rtp.get(i - 1));
                assertThat(packet.sequence()).isEqualTo((before.sequence() + 1) & 0xFFFF);
                assertThat(packet.timestamp() - before.timestamp()).isEqualTo(8 * ptimeMillis);
            }
            assertThat(packet.marker()).isEqualTo(i == 0);
            for (int k = 0; k < packet.payloadLength(); k++, played++) {
                assertThat(packet.buffer()[packet.payloadOffset() + k])
                        .isEqualTo((byte) (played / 160));
            }
        }
    }

    @Test
    void what_is_skipped_is_time_that_passed() {
        agree(20);
        leg.release();
        leg.sendMix(new byte[160], 0, 160, -30);
        leg.skipMix(5);
        leg.sendMix(new byte[160], 0, 160, -30);

        RtpPacket first = view(rtp.get(0));
        RtpPacket second = view(rtp.get(1));
        assertThat(second.timestamp() - first.timestamp()).isEqualTo(6 * 160);
        assertThat(second.sequence()).isEqualTo((first.sequence() + 1) & 0xFFFF);
        assertThat(second.marker()).isTrue();
    }

    /** RFC 7587 §6.1, usedtx: a word each 400 ms, and the clock runs through what is not sent. */
    @Test
    void silence_is_not_sent_to_a_phone_with_opus_that_wants_it_so() {
        OpusParameters wishes = new OpusParameters(false, true, false, 48_000, 0, false);
        leg.agreed(
                new PhoneMedia(
                        AudioCodec.OPUS,
                        96,
                        96,
                        20,
                        PHONE,
                        PHONE_RTCP,
                        false,
                        Direction.SENDRECV,
                        false,
                        EVENTS,
                        -1,
                        wishes),
                now());
        leg.join();
        leg.release();
        leg.sendMix(new byte[60], 0, 60, -30);
        for (int i = 0; i < 50; i++) {
            leg.sendSilence();
        }
        leg.sendMix(new byte[60], 0, 60, -30);

        assertThat(rtp).hasSize(1 + 3 + 1);
        assertThat(view(rtp.get(4)).timestamp() - view(rtp.get(0)).timestamp()).isEqualTo(51 * 960);
        assertThat(view(rtp.get(4)).sequence())
                .isEqualTo((view(rtp.get(0)).sequence() + 4) & 0xFFFF);
        assertThat(view(rtp.get(4)).marker()).isTrue();

        leg.press("5", 100, 40, false);
        for (int i = 0; i < 10; i++) {
            leg.sendSilence();
        }
        assertThat(rtp.subList(5, rtp.size()))
                .filteredOn(p -> view(p).payloadType() == 101)
                .hasSize(7);
    }

    /** RFC 4733 §2.5.1.3: a long key's segments bear the times at which they begin. */
    @Test
    @Tag("RFC4733§2.5.1.3")
    void a_long_key_is_sent_in_segments() {
        leg.agreed(withEvents(EVENTS), now());
        leg.join();
        leg.release();
        assertThat(leg.press("5", 10_000, 40, false)).isTrue();
        for (int i = 0; i < 510; i++) {
            leg.sendMix(new byte[160], 0, 160, -30);
        }

        List<RtpPacket> keys =
                rtp.stream().map(PhoneLegTest::view).filter(p -> p.payloadType() == 101).toList();
        assertThat(keys).hasSize(502);
        assertThat(keys).filteredOn(RtpPacket::marker).hasSize(1);
        int began = keys.getFirst().timestamp();
        assertThat(keys.stream().mapToInt(p -> p.timestamp() - began).distinct())
                .containsExactly(0, 0xFFFF);
        assertThat(keys.getLast().timestamp() - began).isEqualTo(0xFFFF);
        // and sound goes on where it would have been without the key
        RtpPacket after = view(rtp.get(502));
        assertThat(after.payloadType()).isZero();
        assertThat(after.timestamp() - began).isEqualTo(502 * 160);
    }

    @Test
    @Tag("RFC4733§2.5.1")
    void keys_are_tones_where_no_telephone_events_are_agreed_and_only_where_that_is_wanted() {
        leg.agreed(withEvents(null), now());
        leg.join();
        leg.release();

        assertThat(leg.press("5", 100, 40, false)).isFalse();
        assertThat(leg.dials()).isFalse();
        assertThat(leg.press("5", 100, 40, true)).isTrue();
        assertThat(leg.dials()).isTrue();

        // agreed to meanwhile: what waits goes as events
        leg.agreed(withEvents(EVENTS), now());
        assertThat(leg.dials()).isFalse();
        for (int i = 0; i < 10; i++) {
            leg.sendMix(new byte[160], 0, 160, -30);
        }
        assertThat(rtp).filteredOn(p -> view(p).payloadType() == 101).hasSize(7);
        assertThat(leg.dials()).isFalse();
    }

    private PhoneMedia withEvents(@Nullable TelephoneEvent events) {
        return new PhoneMedia(
                AudioCodec.PCMU,
                0,
                0,
                20,
                PHONE,
                PHONE_RTCP,
                false,
                Direction.SENDRECV,
                false,
                events,
                -1,
                OpusParameters.DEFAULT);
    }

    /**
     * 100 ms of key 5 and 100 ms of silence, as they come; how often it says that a key is down.
     */
    private int pressesFiveByTones() {
        int suppressed = 0;
        short[] pcm = new short[160];
        for (int n = 0; n < 10; n++) {
            for (int i = 0; i < 160; i++) {
                double t = (160 * n + i) / 8_000.0;
                double tones =
                        5_000 * Math.sin(2 * Math.PI * 770 * t)
                                + 5_000 * Math.sin(2 * Math.PI * 1_336 * t);
                pcm[i] = (short) (n < 5 ? tones : 0);
            }
            byte[] payload = new byte[160];
            pcmu.encode(pcm, 0, 160, payload, 0);
            receives(0, false, payload);
            timestamp += 160;
            nowMillis += 20;
            suppressed += leg.pressingKey(now()) ? 1 : 0;
        }
        return suppressed;
    }

    @Test
    void keys_by_tones_are_heard_of_a_phone_that_agreed_to_no_telephone_events() {
        leg.agreed(withEvents(null), now());
        leg.join();

        int suppressed = pressesFiveByTones();

        assertThat(told).filteredOn(each -> each.startsWith("dtmf 5")).hasSize(1);
        // from the second packet of the tones on, and 40 ms beyond them
        assertThat(suppressed).isBetween(5, 7);
        assertThat(leg.pressingKey(now())).isFalse();
    }

    @Test
    void tones_of_a_phone_that_agreed_to_telephone_events_are_sound_and_no_keys() {
        leg.agreed(withEvents(EVENTS), now());
        leg.join();

        assertThat(pressesFiveByTones()).isZero();
        assertThat(told).noneMatch(each -> each.startsWith("dtmf"));
    }

    @Test
    void before_the_release_it_is_owed_nothing_and_after_it_is() {
        agree(20);
        assertThat(leg.hearsMix()).isFalse();
        assertThat(leg.owedPackets()).isFalse();

        leg.release();

        assertThat(leg.hearsMix()).isTrue();
        assertThat(leg.owedPackets()).isTrue();
    }

    @Test
    void valid_sound_from_its_address_is_as_good_as_the_release() {
        agree(20);
        receives(0, true, new byte[160]);

        assertThat(leg.owedPackets()).isTrue();
        assertThat(told).containsExactly("connected");
    }

    @Test
    @Tag("RFC4733§2.5.2")
    void a_key_is_told_once_and_not_heard() {
        agree(20);
        Tone tone = new Tone(941, 8_000, -10);
        short[] pcm = new short[160];
        byte[] sound = new byte[160];
        leg.ear().open(Ear.Onset.NEWEST, now());
        List<Short> heard = new ArrayList<>();
        for (int i = 0; i < 50; i++, nowMillis += 20) {
            boolean key = i >= 20 && i < 30;
            if (key) {
                int duration = Math.min(i - 19, 8) * 160;
                boolean end = i >= 27;
                byte[] event = {
                    5, (byte) (end ? 0x8A : 0x0A), (byte) (duration >> 8), (byte) duration
                };
                receives(101, i == 20, event);
            } else {
                tone.generate(pcm, 0, 160);
                pcmu.encode(pcm, 0, 160, sound, 0);
                timestamp = 1_000 + 160 * i;
                receives(0, false, sound);
            }
            leg.ear().pull(now(), leg.pressingKey(now()));
            if (i >= 22 && i < 29) {
                for (short sample : leg.ear().frame()) {
                    heard.add(sample);
                }
            }
        }

        assertThat(told).containsExactly("connected", "dtmf 5 160");
        short[] during = new short[heard.size()];
        for (int i = 0; i < during.length; i++) {
            during[i] = heard.get(i);
        }
        assertThat(Goertzel.dbov(during, 0, during.length, 941, 8_000)).isLessThan(-50);
    }

    @Test
    void a_type_that_was_not_negotiated_is_dropped_and_counted() {
        agree(20);
        receives(0, false, new byte[160]);
        receives(18, false, new byte[20]);

        assertThat(drops.of(Drop.RTP_UNNEGOTIATED)).isEqualTo(1);
    }

    @Test
    void short_and_broken_rtcp_is_dropped_and_counted() {
        agree(20);
        for (int length = 0; length < 12; length++) {
            byte[] octets = new byte[length];
            Arrays.fill(octets, (byte) 0x81);
            leg.onRtcpPort(octets, 0, length, PHONE_RTCP, now());
        }

        assertThat(drops.of(Drop.RTCP_MALFORMED)).isEqualTo(12);
    }

    @Test
    void rtcp_of_a_stranger_is_not_read() {
        agree(20);
        leg.onRtcpPort(
                new byte[12],
                0,
                12,
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.66"), 4_001),
                now());

        assertThat(drops.of(Drop.RTCP_STRANGER)).isEqualTo(1);
    }

    @Test
    @Tag("RFC3550§6.2")
    @Tag("RFC3550§6.5.1")
    void reports_come_every_few_seconds_with_name_and_reception() {
        agree(20);
        leg.release();
        for (int i = 0; i < 3_000; i++, nowMillis += 20) {
            timestamp += 160;
            receives(0, false, new byte[160]);
            leg.sendSilence();
            leg.maintain(now());
        }

        assertThat(rtcp).hasSizeBetween(8, 30);
        assertThat(rtcpTargets).containsOnly(PHONE_RTCP);
        List<String> seen = new ArrayList<>();
        RtcpVisitor visitor =
                new RtcpVisitor() {
                    @Override
                    public void onSenderReport(
                            int ssrc, long ntp, int clock, long packets, long octets) {
                        seen.add("SR");
                        assertThat(octets).isEqualTo(160 * packets);
                    }

                    @Override
                    public void onReportBlock(
                            int reporter,
                            int source,
                            int fractionLost,
                            int cumulativeLost,
                            long highestSequence,
                            long jitter,
                            int lastSr,
                            long delaySinceLastSr) {
                        seen.add("block of " + source + " lost " + cumulativeLost);
                    }

                    @Override
                    public void onCname(int ssrc, byte[] data, int offset, int length) {
                        seen.add("name " + length);
                    }
                };
        byte[] last = rtcp.getLast();
        assertThat(RtcpParser.parse(last, 0, last.length, visitor)).isNull();
        assertThat(seen).containsExactly("SR", "block of 99 lost 0", "name 4");
    }

    @Test
    @Tag("RFC3550§6.6")
    void it_says_goodbye() {
        agree(20);
        leg.release();
        leg.sendSilence();
        leg.close(now());

        List<Integer> gone = new ArrayList<>();
        byte[] last = rtcp.getLast();
        RtcpVisitor visitor =
                new RtcpVisitor() {
                    @Override
                    public void onBye(int ssrc) {
                        gone.add(ssrc);
                    }
                };
        assertThat(RtcpParser.parse(last, 0, last.length, visitor)).isNull();
        assertThat(gone).containsExactly(view(rtp.getLast()).ssrc());
    }

    @Test
    void a_leg_that_sends_nothing_is_lost_after_the_time_out() {
        agree(20);
        leg.release();
        for (nowMillis = 0; nowMillis < 30_000; nowMillis += 100) {
            leg.maintain(now());
        }
        assertThat(told).isEmpty();

        leg.maintain(30_000 * MILLI);
        leg.maintain(30_100 * MILLI);

        assertThat(told).containsExactly("MEDIA_TIMEOUT");
    }

    @Test
    void a_held_leg_may_be_silent_for_ever() {
        agree(20);
        leg.release();
        leg.agreed(media(20, Direction.RECVONLY), now());
        for (nowMillis = 0; nowMillis < 600_000; nowMillis += 100) {
            leg.maintain(now());
        }

        assertThat(told).isEmpty();
        assertThat(leg.hearsMix()).isFalse();
    }

    private static PhoneMedia of(AudioCodec codec, int type, Direction direction, boolean held) {
        return new PhoneMedia(
                codec,
                type,
                type,
                20,
                PHONE,
                PHONE_RTCP,
                false,
                direction,
                held,
                EVENTS,
                -1,
                OpusParameters.DEFAULT);
    }

    private long unnegotiated() {
        return drops.of(Drop.RTP_UNNEGOTIATED);
    }

    @Test
    void what_a_description_under_way_promises_is_understood_beside_what_runs() {
        agree(20);
        PhoneMedia next = of(AudioCodec.PCMA, 8, Direction.SENDRECV, false);
        receives(0, true, new byte[160]);
        receives(8, false, new byte[160]);
        assertThat(unnegotiated()).as("before the promise").isOne();

        leg.promised(List.of(next.incoming()));
        receives(0, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMU);
        receives(8, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(unnegotiated()).isOne();
        assertThat(leg.mixCodec()).as("what we send is as it was").isEqualTo(AudioCodec.PCMU);
    }

    @Test
    void a_description_that_came_to_nothing_leaves_the_leg_as_it_was() {
        agree(20);
        leg.promised(List.of(of(AudioCodec.PCMA, 8, Direction.SENDRECV, false).incoming()));
        receives(8, true, new byte[160]);
        leg.abandoned();

        receives(0, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMU);
        assertThat(unnegotiated()).isZero();
        receives(8, false, new byte[160]);
        assertThat(unnegotiated()).isOne();
    }

    @Test
    void sound_by_the_description_before_is_heard_until_the_new_one_comes() {
        agree(20);
        receives(0, true, new byte[160]);
        leg.agreed(of(AudioCodec.PCMA, 8, Direction.SENDRECV, false), now());

        receives(0, false, new byte[160]);
        assertThat(leg.ear().codec()).as("it was on its way").isEqualTo(AudioCodec.PCMU);
        receives(8, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(unnegotiated()).isZero();
        receives(0, false, new byte[160]);
        assertThat(unnegotiated()).as("never back").isOne();
    }

    @Test
    void another_number_for_the_same_codec_is_understood_at_once_and_the_old_one_still() {
        leg.agreed(of(AudioCodec.OPUS, 96, Direction.SENDRECV, false), now());
        receives(96, true, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE});
        leg.agreed(of(AudioCodec.OPUS, 111, Direction.SENDRECV, false), now());

        receives(96, false, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE});
        receives(111, false, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE});
        assertThat(unnegotiated()).isZero();
    }

    @Test
    void who_holds_us_is_not_heard_even_if_he_plays_music() {
        agree(20);
        receives(0, true, new byte[160]);
        assertThat(leg.audible()).isTrue();

        leg.agreed(of(AudioCodec.PCMU, 0, Direction.RECVONLY, true), now());
        assertThat(leg.audible()).isFalse();

        leg.agreed(of(AudioCodec.PCMU, 0, Direction.SENDRECV, false), now());
        assertThat(leg.audible()).isTrue();
    }

    @Test
    void a_held_phone_is_reached_by_an_empty_packet_every_fifteen_seconds() {
        agree(20);
        leg.release();
        receives(0, true, new byte[160]);
        leg.agreed(of(AudioCodec.PCMU, 0, Direction.RECVONLY, true), now());
        rtp.clear();
        for (nowMillis = 0; nowMillis <= 61_000; nowMillis += 100) {
            leg.maintain(now());
        }

        assertThat(rtp).hasSize(4).allMatch(packet -> packet.length == 0);
        assertThat(rtcp).as("reports go on").isNotEmpty();
    }

    @Test
    void an_empty_address_gets_neither_sound_nor_reports() {
        agree(20);
        leg.release();
        receives(0, true, new byte[160]);
        PhoneMedia old = of(AudioCodec.PCMU, 0, Direction.RECVONLY, true);
        leg.agreed(
                new PhoneMedia(
                        old.codec(),
                        0,
                        0,
                        20,
                        new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 4_000),
                        new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 4_001),
                        false,
                        old.direction(),
                        true,
                        EVENTS,
                        -1,
                        old.opus()),
                now());
        rtp.clear();
        rtcp.clear();
        for (nowMillis = 0; nowMillis <= 61_000; nowMillis += 100) {
            leg.maintain(now());
        }

        assertThat(rtp).isEmpty();
        assertThat(rtcp).isEmpty();
    }

    @Test
    void one_unreachable_port_is_forgiven_and_a_lasting_one_is_not() {
        agree(20);
        receives(0, true, new byte[160]);
        leg.onPortUnreachable(100 * MILLI);
        nowMillis = 1_000;
        receives(0, false, new byte[160]);
        leg.onPortUnreachable(2_200 * MILLI);
        assertThat(told).containsExactly("connected");

        leg.onPortUnreachable(4_200 * MILLI);

        assertThat(told).containsExactly("connected", "PORT_CLOSED");
    }

    @Test
    void everything_leaves_to_the_described_address() {
        agree(20);
        leg.release();
        leg.sendSilence();

        assertThat(rtpTargets).containsOnly(PHONE);
    }

    @Test
    void whatNobodyHasToldIsUnknownAndNotZero() {
        leg.agreed(media(20, Direction.SENDRECV), now());
        LegStatus before = leg.status("room", now());

        assertThat(before.received().lossShare()).isEqualTo(-1);
        assertThat(before.received().mos()).isEqualTo(-1);
        assertThat(before.sent().lossShare()).isEqualTo(-1);
        assertThat(before.sent().jitterMillis()).isEqualTo(-1);
        assertThat(before.sent().mos()).isEqualTo(-1);
        assertThat(before.rttMillis()).isEqualTo(-1);
        assertThat(before.concealedShare()).isEqualTo(-1);
        assertThat(leg.blackBox().orElseThrow().each()).isEmpty();
    }
}
