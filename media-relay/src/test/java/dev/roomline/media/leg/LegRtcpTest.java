package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.rtcp.NtpTime;
import dev.roomline.media.rtcp.RtcpParser;
import dev.roomline.media.rtcp.RtcpVisitor;
import dev.roomline.media.rtcp.RtcpWriter;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.Incoming;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.sdp.TelephoneEvent;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a phone's leg counts and reports, between it and a peer in virtual time. */
class LegRtcpTest extends OnePhone {
    private static final int SSRC = 99;
    private static final InetSocketAddress STRANGER =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.66"), 4_001);

    private int sequence = 10;
    private int timestamp = 1_000;

    private static PhoneMedia media(AudioCodec codec, Direction direction) {
        int type = codec.staticPayloadType() < 0 ? 96 : codec.staticPayloadType();
        return new PhoneMedia(
                codec,
                type,
                type,
                20,
                PHONE,
                PHONE_RTCP,
                false,
                direction,
                false,
                new TelephoneEvent(101, 101, codec == AudioCodec.OPUS ? 48_000 : 8_000),
                -1,
                OpusParameters.DEFAULT);
    }

    private void agree(Direction direction) {
        leg.agreed(media(AudioCodec.PCMU, direction), now());
        leg.join();
        leg.release();
    }

    private void receives(int type, int ssrc, int number, int clock, byte[] payload) {
        byte[] packet = new byte[400];
        int at = new RtpWriter().start(packet, 0, false, type, number, clock, ssrc).end();
        System.arraycopy(payload, 0, packet, at, payload.length);
        leg.onRtpPort(packet, 0, at + payload.length, PHONE, now());
    }

    /** 20 ms of sound, at its pace. */
    private void speaks(int ssrc) {
        receives(0, ssrc, sequence++ & 0xFFFF, timestamp, new byte[160]);
        timestamp += 160;
        nowMillis += 20;
    }

    private LegStatus.Flow received() {
        return leg.status("room", now()).received();
    }

    private void tells(InetSocketAddress from, RtcpWriter compound, byte[] octets) {
        leg.onRtcpPort(octets, 0, compound.end(), from, now());
    }

    private static int ssrcOf(byte[] packet) {
        RtpPacket view = new RtpPacket();
        assertThat(view.wrap(packet, 0, packet.length)).isNull();
        return view.ssrc();
    }

    private record SenderReport(int ssrc, long ntp, int clock, long packets, long octets) {}

    private record Block(
            int reporter,
            int source,
            int fractionLost,
            int cumulativeLost,
            long highest,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {}

    private static final class Read implements RtcpVisitor {
        final List<SenderReport> senders = new ArrayList<>();
        final List<Integer> receivers = new ArrayList<>();
        final List<Block> blocks = new ArrayList<>();
        final List<Integer> gone = new ArrayList<>();

        static Read of(byte[] compound) {
            Read read = new Read();
            assertThat(RtcpParser.parse(compound, 0, compound.length, read)).isNull();
            return read;
        }

        @Override
        public void onSenderReport(int ssrc, long ntp, int clock, long packets, long octets) {
            senders.add(new SenderReport(ssrc, ntp, clock, packets, octets));
        }

        @Override
        public void onReceiverReport(int ssrc) {
            receivers.add(ssrc);
        }

        @Override
        public void onReportBlock(
                int reporter,
                int source,
                int fractionLost,
                int cumulativeLost,
                long highest,
                long jitter,
                int lastSr,
                long delaySinceLastSr) {
            blocks.add(
                    new Block(
                            reporter,
                            source,
                            fractionLost,
                            cumulativeLost,
                            highest,
                            jitter,
                            lastSr,
                            delaySinceLastSr));
        }

        @Override
        public void onBye(int ssrc) {
            gone.add(ssrc);
        }
    }

    /** Sends and maintains for a while; the last compound that it sent. */
    private Read lastReport(int seconds, boolean sends, boolean hears) {
        rtcp.clear();
        for (int i = 0; i < 50 * seconds; i++) {
            if (hears) {
                speaks(SSRC);
            } else {
                nowMillis += 20;
            }
            if (sends) {
                leg.sendSilence();
            }
            leg.maintain(now());
        }
        return Read.of(rtcp.getLast());
    }

    // ---- jitter

    @Test
    void aPressedKeyIsNoJitter() {
        agree(Direction.SENDRECV);
        for (int key = 0; key < 5; key++) {
            for (int i = 0; i < 50; i++) {
                speaks(SSRC);
            }
            int began = timestamp;
            for (int i = 1; i <= 20; i++) {
                int duration = 160 * i;
                byte[] event = {5, 10, (byte) (duration >> 8), (byte) duration};
                receives(101, SSRC, sequence++, began, event);
                nowMillis += 20;
            }
            timestamp += 20 * 160;
        }
        for (int i = 0; i < 3; i++) {
            speaks(SSRC);
        }
        System.out.printf("jitter after five keys of 400 ms: %.2f ms%n", received().jitterMillis());
        assertThat(received().jitterMillis()).isBetween(0.0, 1.0);
        assertThat(received().packets()).isEqualTo(5 * 70 + 3);
        assertThat(received().lossShare()).isZero();
    }

    // ---- totals

    @Test
    void aRestartOnTheSameSsrcKeepsTheCallsFigures() {
        agree(Direction.SENDRECV);
        for (int i = 0; i < 1_000; i++) {
            if (i % 10 == 5) {
                sequence++;
            }
            speaks(SSRC);
        }
        LegStatus.Flow before = received();
        assertThat(before.packets()).isEqualTo(1_000);
        assertThat(before.lossShare()).isCloseTo(100 / 1_100.0, within(0.001));

        sequence += 20_000;
        for (int i = 0; i < 100; i++) {
            speaks(SSRC);
        }

        // the first packet after the jump is not believed before a second one follows it
        assertThat(received().packets()).isEqualTo(1_099);
        assertThat(received().bytes()).isEqualTo(160L * 1_098);
        assertThat(received().lossShare()).isCloseTo(100 / 1_199.0, within(0.001));
    }

    @Test
    @Tag("RFC3550§8.2")
    void anotherSsrcKeepsTheCallsFigures() {
        agree(Direction.SENDRECV);
        for (int ssrc = 1; ssrc <= 4; ssrc++) {
            for (int i = 0; i < 100; i++) {
                if (i % 10 == 5) {
                    sequence++;
                }
                speaks(ssrc);
            }
            sequence = 5_000 * ssrc;
            assertThat(received().packets()).isEqualTo(100L * ssrc);
            assertThat(received().lossShare()).isCloseTo(10 / 110.0, within(0.001));
        }
    }

    @Test
    void aPeerThatChangesItsSsrcWithEachPacketMakesNothingGrow() {
        agree(Direction.SENDRECV);
        byte[][] packets = new byte[2][];
        for (int i = 0; i < 2; i++) {
            packets[i] = new byte[172];
            new RtpWriter().start(packets[i], 0, false, 0, 100, 1_600, 40 + i).end();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long octets = 0;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                nowMillis += 10;
                leg.onRtpPort(packets[i % 2], 0, 172, PHONE, now());
            }
            octets = threads.getCurrentThreadAllocatedBytes() - before;
        }
        System.out.println("20000 packets of two SSRCs by turns: " + octets + " octets");
        assertThat(octets).isLessThan(20_000);
    }

    @Test
    void aPeerThatChangesItsCodecWithEachPacketGetsOneDecoderOfEach() {
        agree(Direction.SENDRECV);
        Incoming opus = media(AudioCodec.OPUS, Direction.SENDRECV).incoming();
        Incoming pcmu = media(AudioCodec.PCMU, Direction.SENDRECV).incoming();
        leg.promised(List.of(opus, pcmu));
        Set<AudioDecoder> opened = Collections.newSetFromMap(new IdentityHashMap<>());
        byte[] silence = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};
        for (int i = 0; i < 1_000; i++) {
            boolean turn = i % 2 == 0;
            nowMillis += 10;
            receives(
                    turn ? opus.payloadType() : 0,
                    SSRC,
                    sequence++,
                    960 * i,
                    turn ? silence : new byte[160]);
            assertThat(leg.ear().codec()).isEqualTo(turn ? AudioCodec.OPUS : AudioCodec.PCMU);
            opened.add(leg.ear().decoder());
        }
        assertThat(opened).hasSize(2);
    }

    // ---- reports

    @ParameterizedTest
    @CsvSource({"0, 0", "3, 0", "84, 1", "250, 2500", "1200, 40000"})
    void theRoundTripIsThatOfTheNetworkHoweverLongTheReportWasHeldBack(
            int networkMillis, int heldMillis) {
        agree(Direction.SENDRECV);
        SenderReport told = lastReport(20, true, true).senders.getFirst();
        // maintain() sent it at some moment of the past: its own NTP time says which
        long sentNanos = ntpNanos(told.ntp()) - ntpNanos(NtpTime.of(0));
        nowMillis = Math.round((double) sentNanos / MILLI) + networkMillis + heldMillis;
        byte[] octets = new byte[200];
        RtcpWriter compound =
                new RtcpWriter()
                        .start(octets, 0)
                        .receiverReport(SSRC)
                        .reportBlock(
                                told.ssrc(),
                                0,
                                0,
                                500,
                                0,
                                NtpTime.compact(told.ntp()),
                                NtpTime.compactSpan(heldMillis * MILLI))
                        .cname(SSRC, new byte[] {'x'});

        tells(PHONE_RTCP, compound, octets);

        double rtt = leg.status("room", now()).rttMillis();
        System.out.printf(
                "network %d ms, held back %d ms: round trip %.2f ms%n",
                networkMillis, heldMillis, rtt);
        assertThat(rtt).isCloseTo(networkMillis, within(0.1));
    }

    private static long ntpNanos(long ntp) {
        return (ntp >>> 32) * 1_000_000_000L + (((ntp & 0xFFFF_FFFFL) * 1_000_000_000L) >>> 32);
    }

    @Test
    void ourBlockTellsWhichReportItAnswersAndHowLongItWasHeldBack() {
        agree(Direction.SENDRECV);
        speaks(SSRC);
        speaks(SSRC);
        long ntp = NtpTime.of(1_800_000_000L * 1_000_000_000L);
        byte[] octets = new byte[200];
        RtcpWriter compound =
                new RtcpWriter()
                        .start(octets, 0)
                        .senderReport(SSRC, ntp, timestamp, 2, 320)
                        .cname(SSRC, new byte[] {'x'});
        long heardMillis = nowMillis;
        tells(PHONE_RTCP, compound, octets);

        Block block = lastReport(20, true, true).blocks.getFirst();

        assertThat(block.source()).isEqualTo(SSRC);
        assertThat(block.lastSr()).isEqualTo(NtpTime.compact(ntp));
        double held = block.delaySinceLastSr() * 1_000.0 / 65_536;
        assertThat(held).isBetween(1_000.0, (double) (nowMillis - heardMillis));
        assertThat((nowMillis - heardMillis - held) % 20).as("a moment of maintain").isLessThan(1);
        assertThat(block.highest()).isGreaterThan(500);
    }

    @Test
    void strangersReportsChangeNothing() {
        agree(Direction.SENDRECV);
        SenderReport told = lastReport(10, true, true).senders.getFirst();
        byte[] octets = new byte[200];
        RtcpWriter compound =
                new RtcpWriter()
                        .start(octets, 0)
                        .senderReport(SSRC, NtpTime.of(5), 0, 1, 1)
                        .reportBlock(told.ssrc(), 200, 400, 500, 9_000, 77, 0)
                        .bye(SSRC);
        LegStatus before = leg.status("room", now());

        tells(STRANGER, compound, octets);

        assertThat(leg.status("room", now())).isEqualTo(before);
        assertThat(drops.of(Drop.RTCP_STRANGER)).isEqualTo(1);
        assertThat(lastReport(10, true, true).blocks.getFirst().lastSr()).isZero();

        tells(PHONE_RTCP, compound, octets);
        assertThat(leg.status("room", now()).sent().lossShare()).isPositive();
    }

    /** Of 256 packets since the report before so many were lost; five seconds later. */
    private void reportsLost(int ssrc, int fraction) {
        byte[] octets = new byte[200];
        RtcpWriter compound =
                new RtcpWriter()
                        .start(octets, 0)
                        .receiverReport(SSRC)
                        .reportBlock(ssrc, fraction, 0, 500, 0, 0, 0)
                        .cname(SSRC, new byte[] {'x'});
        for (int i = 0; i < 50; i++, nowMillis += 100) {
            leg.maintain(now());
        }
        tells(PHONE_RTCP, compound, octets);
        leg.maintain(now());
    }

    @Test
    void theLossThatAPhoneReportsIsExpectedOfIt() {
        agree(Direction.SENDRECV);
        int ssrc = lastReport(10, true, true).senders.getFirst().ssrc();
        assertThat(leg.expectedLossPercent()).isEqualTo(5);

        reportsLost(ssrc + 1, 200);
        assertThat(leg.expectedLossPercent()).as("another's stream").isEqualTo(5);
        reportsLost(ssrc, 256 * 13 / 100);
        assertThat(leg.expectedLossPercent()).isEqualTo(15);
        reportsLost(ssrc, 0);
        reportsLost(ssrc, 0);
        assertThat(leg.expectedLossPercent()).as("two calm reports").isEqualTo(15);
        reportsLost(ssrc, 0);
        assertThat(leg.expectedLossPercent()).isEqualTo(10);

        for (int i = 0; i < 210; i++, nowMillis += 100) {
            leg.maintain(now());
        }
        assertThat(leg.expectedLossPercent()).as("it reports no more").isEqualTo(5);
    }

    @Test
    void aReportAboutAnothersStreamIsNotTakenForOurs() {
        agree(Direction.SENDRECV);
        SenderReport told = lastReport(10, true, true).senders.getFirst();
        byte[] octets = new byte[200];
        RtcpWriter compound =
                new RtcpWriter()
                        .start(octets, 0)
                        .receiverReport(SSRC)
                        .reportBlock(told.ssrc() + 1, 200, 400, 500, 9_000, 77, 0)
                        .cname(SSRC, new byte[] {'x'});

        tells(PHONE_RTCP, compound, octets);

        assertThat(leg.status("room", now()).sent().lossShare()).isEqualTo(-1);
        assertThat(leg.status("room", now()).rttMillis()).isEqualTo(-1);
    }

    @Test
    @Tag("RFC3550§6.4.1")
    void aSenderReportCountsAllThatWasSent() {
        agree(Direction.SENDRECV);
        Read read = lastReport(30, true, true);
        SenderReport told = read.senders.getFirst();

        long after = rtp.size() - told.packets();
        assertThat(told.octets()).isEqualTo(160 * told.packets());
        assertThat(told.packets()).isPositive();
        assertThat(after).as("sent since that report").isBetween(0L, 50L * 8);
        assertThat(told.ssrc()).isEqualTo(ssrcOf(rtp.getLast()));
        assertThat(read.receivers).isEmpty();
    }

    @Test
    @Tag("RFC3550§6.4.2")
    void whoSendsNothingReportsAsAReceiverWhatIsLost() {
        agree(Direction.SENDRECV);
        for (int i = 0; i < 200; i++) {
            sequence += i % 4 == 0 ? 1 : 0;
            speaks(SSRC);
        }
        Read read = lastReport(10, false, true);

        assertThat(read.senders).isEmpty();
        assertThat(read.receivers).hasSize(1);
        assertThat(read.blocks).hasSize(1);
        assertThat(read.blocks.getFirst().cumulativeLost()).isBetween(49, 50);
        assertThat(read.blocks.getFirst().fractionLost()).as("since the one before").isZero();
    }

    @Test
    @Tag("RFC3550§6.6")
    void everyLegSaysGoodbyeAlsoOneThatNeverSent() {
        agree(Direction.SENDRECV);
        Read before = lastReport(10, false, true);
        leg.close(now());

        Read last = Read.of(rtcp.getLast());
        assertThat(last.gone).isEqualTo(before.receivers);
        assertThat(last.receivers).isEqualTo(before.receivers);
    }

    @Test
    void theGoodbyeOfAPeerIsNoFaultAndEndsNothing() {
        agree(Direction.SENDRECV);
        speaks(SSRC);
        speaks(SSRC);
        byte[] octets = new byte[200];
        RtcpWriter compound =
                new RtcpWriter()
                        .start(octets, 0)
                        .receiverReport(SSRC)
                        .cname(SSRC, new byte[] {'x'})
                        .bye(SSRC);
        tells(PHONE_RTCP, compound, octets);

        for (int i = 0; i < 100; i++) {
            speaks(SSRC + 1);
        }
        assertThat(lost).isEmpty();
        assertThat(received().packets()).isEqualTo(102);
        assertThat(drops.of(Drop.RTCP_MALFORMED)).isZero();
    }

    // ---- what keeps a call alive

    @Test
    void whatIsNoRtcpKeepsNoCallAlive() {
        agree(Direction.SENDRECV);
        InetSocketAddress beside = new InetSocketAddress(PHONE.getAddress(), 9);
        for (; nowMillis <= 30_000 && lost.isEmpty(); nowMillis += 100) {
            leg.onRtcpPort(new byte[] {0}, 0, 1, beside, now());
            leg.maintain(now());
        }
        assertThat(lost).singleElement().asString().startsWith(LegLoss.MEDIA_TIMEOUT.name());
    }

    @Test
    void aPeerThatAgreedToSendNothingIsNotMissed() {
        agree(Direction.SENDONLY);
        for (; nowMillis < 600_000; nowMillis += 100) {
            leg.maintain(now());
        }
        assertThat(lost).isEmpty();
    }
}
