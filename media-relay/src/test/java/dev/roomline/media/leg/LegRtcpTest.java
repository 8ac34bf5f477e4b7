package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.rtcp.NtpTime;
import dev.roomline.media.rtcp.ReportsRead;
import dev.roomline.media.rtcp.RtcpWriter;
import dev.roomline.media.sdp.Direction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a phone's leg reports and is told, between it and a peer in virtual time. */
class LegRtcpTest extends SteadyPhone {
    private static final InetSocketAddress STRANGER =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.66"), 4_001);

    private void tells(InetSocketAddress from, RtcpWriter compound, byte[] octets) {
        leg.onRtcpPort(octets, 0, compound.end(), from, now());
    }

    /** Sends and maintains for a while; the last compound that it sent. */
    private ReportsRead lastReport(int seconds, boolean sends, boolean hears) {
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
        return ReportsRead.of(rtcp.getLast());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "3, 0", "84, 1", "250, 2500", "1200, 40000"})
    void theRoundTripIsThatOfTheNetworkHoweverLongTheReportWasHeldBack(
            int networkMillis, int heldMillis) {
        agree(Direction.SENDRECV);
        ReportsRead.SenderReport told = lastReport(20, true, true).senders.getFirst();
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

        ReportsRead.Block block = lastReport(20, true, true).blocks.getFirst();

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
        ReportsRead.SenderReport told = lastReport(10, true, true).senders.getFirst();
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
        ReportsRead.SenderReport told = lastReport(10, true, true).senders.getFirst();
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
        ReportsRead read = lastReport(30, true, true);
        ReportsRead.SenderReport told = read.senders.getFirst();

        long after = rtp.size() - told.packets();
        assertThat(told.octets()).isEqualTo(160 * told.packets());
        assertThat(told.packets()).isPositive();
        assertThat(after).as("sent since that report").isBetween(0L, 50L * 8);
        assertThat(told.ssrc()).isEqualTo(view(rtp.getLast()).ssrc());
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
        ReportsRead read = lastReport(10, false, true);

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
        ReportsRead before = lastReport(10, false, true);
        leg.close(now());

        ReportsRead last = ReportsRead.of(rtcp.getLast());
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
