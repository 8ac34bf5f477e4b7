package dev.roomline.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.rtcp.ReceptionStatistics.Verdict;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final long MILLI = 1_000_000L;
    private final ReceptionStatistics received = new ReceptionStatistics(5, 8_000);
    private final byte[] out = new byte[200];

    private Verdict take(int sequence) {
        return received.onPacket(sequence & 0xFFFF, sequence * 160, 160, sequence * 20L * MILLI);
    }

    @Test
    @Tag("RFC3550§A.1")
    void aSourceIsBelievedAfterTwoPacketsInSequence() {
        assertThat(take(10)).isEqualTo(Verdict.PROBATION);
        assertThat(take(12)).isEqualTo(Verdict.PROBATION);
        assertThat(received.isValid()).isFalse();
        assertThat(take(13)).isEqualTo(Verdict.VALID);
        assertThat(received.expected()).isEqualTo(2);
        assertThat(received.lost()).isZero();
    }

    @Test
    @Tag("RFC3550§A.3")
    void lossIsCountedAcrossTheWrapAndAsAFractionSinceTheLastReport() {
        for (int i = 65_500; i < 65_700; i++) {
            if (i % 4 != 3) {
                take(i);
            }
        }
        assertThat(received.highestSequence()).isEqualTo(65_698);
        assertThat(received.lost()).isEqualTo(49);
        assertThat(block(0).fractionLost()).isBetween(60, 65);
        for (int i = 65_699; i < 65_800; i++) {
            take(i);
        }
        assertThat(block(0).fractionLost()).isZero();
    }

    @Test
    void aReportTellsOfNoLessLossThanTheListenersHave() {
        for (int i = 0; i < 100; i++) {
            take(i);
        }
        ReportsRead.Block block = block(0.25);

        assertThat(block.cumulativeLost()).isZero();
        assertThat(block.fractionLost()).isEqualTo(64);
    }

    /** What a report of now says, to a source whose worst listener loses so much. */
    private ReportsRead.Block block(double listenersLoss) {
        RtcpWriter writer = new RtcpWriter().start(out, 0).receiverReport(1);
        received.writeBlock(writer, 0, listenersLoss);
        return ReportsRead.of(out, writer.end()).blocks.getFirst();
    }

    @Test
    void aJumpIsOutOfSequenceUntilASecondPacketAgrees() {
        for (int i = 0; i < 10; i++) {
            take(i);
        }
        assertThat(take(30_000)).isEqualTo(Verdict.OUT_OF_SEQUENCE);
        assertThat(take(10)).isEqualTo(Verdict.VALID);
        assertThat(take(40_000)).isEqualTo(Verdict.OUT_OF_SEQUENCE);
        assertThat(take(40_001)).isEqualTo(Verdict.RESTARTED);
        assertThat(received.lost()).isZero();
    }

    @Test
    void duplicatesMakeTheLossNegative() {
        take(0);
        take(1);
        take(1);
        take(1);
        assertThat(received.lost()).isEqualTo(-2);
        assertThat(received.lossShare()).isZero();
    }

    @Test
    @Tag("RFC3550§A.8")
    void jitterIsThatOfRfc3550() {
        // transit alternates by 10 ms = 80 ticks: the estimate converges to |D| = 80
        for (int i = 0; i < 500; i++) {
            received.onPacket(i, i * 160, 160, i * 20L * MILLI + (i % 2) * 10L * MILLI);
        }
        assertThat(received.jitter()).isBetween(78L, 80L);
        assertThat(received.jitterMillis()).isCloseTo(10, within(0.2));
    }

    @Test
    @Tag("RFC3550§6.4.1")
    void roundTripComesFromLastSrAndDelay() {
        long wall = 1_800_000_000L * 1_000_000_000L;
        long ntp = NtpTime.of(wall);
        received.onSenderReport(ntp, 1_000 * MILLI);
        take(0);
        take(1);
        SendStatistics sent = new SendStatistics(5, 8_000);
        sent.onSent(160);
        RtcpWriter writer = new RtcpWriter().start(out, 0).receiverReport(1);
        // the receiver holds the report for 2.5 s, the network takes 84 ms in all
        received.writeBlock(writer, 3_500 * MILLI);
        long arrival = NtpTime.of(wall + 2_584 * MILLI);
        ReportsRead.Block block = ReportsRead.of(out, writer.end()).blocks.getFirst();
        assertThat(sent.rttMillis()).isEqualTo(-1);
        sent.onReportBlock(
                block.fractionLost(),
                block.cumulativeLost(),
                block.highest(),
                block.jitter(),
                block.lastSr(),
                block.delaySinceLastSr(),
                arrival);
        assertThat(sent.rttMillis()).isCloseTo(84, within(0.1));
        assertThat(sent.packets()).isEqualTo(1);
        assertThat(sent.octets()).isEqualTo(160);
    }

    @Test
    void ntpTimeCountsFrom1900() {
        // RFC 5905 §6: 1 January 1970 is 2 208 988 800
        assertThat(NtpTime.of(0) >>> 32).isEqualTo(2_208_988_800L);
        assertThat(NtpTime.of(500_000_000L) & 0xFFFF_FFFFL).isEqualTo(0x8000_0000L);
        assertThat(NtpTime.nanosOfCompactSpan(NtpTime.compactSpan(1_500 * MILLI)))
                .isCloseTo(1_500 * MILLI, within(20_000L));
    }

    @Test
    @Tag("RFC3550§6.2")
    @Tag("RFC3550§6.3.1")
    void reportsAreSpreadAndComeEveryTwoAndAHalfToFiveSeconds() {
        RtcpSchedule schedule = new RtcpSchedule(new Random(4), 80, 0);
        assertThat(schedule.nextDeadlineNanos()).isBetween(800 * MILLI, 3_100 * MILLI);
        long now = 0;
        double sum = 0;
        int steps = 2_000;
        for (int i = 0; i < steps; i++) {
            long before = now;
            now = schedule.nextDeadlineNanos();
            assertThat(schedule.isDue(now - 1)).isFalse();
            assertThat(schedule.isDue(now)).isTrue();
            schedule.onSent(now, 80);
            sum += now - before;
        }
        // §A.7: uniform over 0.5 to 1.5 intervals of 4.5 s, divided by e − 1.5
        assertThat(sum / steps / 1e9).isCloseTo(4.5 / (Math.E - 1.5), within(0.15));
    }

    @Test
    void whatAHearerLostIsCountedOnceAndNeverBeyondWhatWasSent() {
        SendStatistics sent = new SendStatistics(7, 48_000);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
        }
        int[] told = {0, 5, 5, 3, 8, 1_000_000, 1_000_001, -4};
        long[] counted = {0, 5, 0, 0, 3, 92, 0, 0};
        for (int i = 0; i < told.length; i++) {
            assertThat(sent.onReportBlock(0, told[i], 100, 0, 0, 0, 0))
                    .as("the %d. report", i + 1)
                    .isEqualTo(counted[i]);
        }
    }

    /** A hundred went, ten of them in vain; another hundred goes twice each. */
    private static SendStatistics sentTwiceAfterATenthWasLost() {
        SendStatistics sent = new SendStatistics(7, 8_000);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
        }
        sent.onReportBlock(26, 10, 1_100, 0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
            sent.onResent(false);
        }
        return sent;
    }

    @Test
    void copiesThatCameHideNoLoss() {
        SendStatistics sent = sentTwiceAfterATenthWasLost();
        // of 200 that were on the way 180 came: 80 more than were expected
        long lost = sent.onReportBlock(0, 10 - 80, 1_200, 0, 0, 0, 0);

        assertThat(lost).isEqualTo(20);
        assertThat(sent.recentLossShare()).isCloseTo(0.1, within(0.001));
        assertThat(sent.lossShare()).isCloseTo(0.1, within(0.001));
    }

    /** Firefox takes no count of what comes twice: its number of lost ones does not fall. */
    @Test
    void aPeerThatDoesNotCountCopiesHasNotLostThem() {
        SendStatistics sent = sentTwiceAfterATenthWasLost();
        // one of the hundred came neither time
        long lost = sent.onReportBlock(2, 10 + 1, 1_200, 0, 0, 0, 0);

        assertThat(lost).isEqualTo(1);
        assertThat(sent.recentLossShare()).isCloseTo(0.1, within(0.001));
        assertThat(sent.lossShare()).isCloseTo(11 / 200.0, within(0.001));
    }

    /** What was sent once, and lost, is no sign that copies are lost. */
    @Test
    void norWhereCopiesBeginBetweenTwoReports() {
        SendStatistics sent = new SendStatistics(7, 8_000);
        sent.onReportBlock(0, 0, 1_000, 0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
            if (i >= 60) {
                sent.onResent(false);
            }
        }
        // a tenth is lost each time: six of those sent once, 0.4 of the others
        sent.onReportBlock(16, 6, 1_100, 0, 0, 0, 0);

        assertThat(sent.recentLossShare()).isCloseTo(0.094, within(0.001));
    }

    /** A slot that begins while each packet goes twice, to a browser that counts it once. */
    @Test
    void copiesBeforeTheFirstReportAreNoLoss() {
        SendStatistics sent = new SendStatistics(7, 8_000);
        for (int i = 0; i < 50; i++) {
            sent.onSent(160);
            sent.onResent(false);
        }
        long lost = sent.onReportBlock(0, 0, 1_050, 0, 0, 0, 0);

        assertThat(lost).isZero();
        assertThat(sent.lossShare()).isZero();
        assertThat(sent.recentLossShare()).isZero();
    }

    @Test
    void howAPeerCountsIsKeptInMindWhenTheCopiesEnd() {
        SendStatistics sent = new SendStatistics(7, 8_000);
        sent.onReportBlock(0, 0, 1_000, 0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
            sent.onResent(false);
        }
        sent.onReportBlock(0, 0, 1_100, 0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
            if (i < 9) {
                sent.onResent(false);
            }
        }
        sent.onReportBlock(0, 0, 1_200, 0, 0, 0, 0);

        assertThat(sent.recentLossShare()).isZero();
        assertThat(sent.lossShare()).isZero();
    }

    @Test
    void packetsThatWereAskedForTellNothingOfHowCopiesAreCounted() {
        SendStatistics sent = new SendStatistics(7, 8_000);
        sent.onReportBlock(0, 0, 1_000, 0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            sent.onSent(160);
            if (i < 30) {
                sent.onResent(true);
            }
        }
        sent.onReportBlock(0, 0, 1_100, 0, 0, 0, 0);

        assertThat(sent.recentLossShare()).isCloseTo(30 / 130.0, within(0.001));
    }
}
