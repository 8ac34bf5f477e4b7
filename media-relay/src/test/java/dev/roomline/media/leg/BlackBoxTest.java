package dev.roomline.media.leg;

import static dev.roomline.media.leg.Sender.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.roomline.media.codec.AudioCodec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlackBoxTest {
    private static final short[] TONE = Voices.tone(440, 10_000, 20);

    /** As the leg notes it. */
    private static BlackBox.Rows noted(Trace trace) {
        BlackBox box = new BlackBox();
        for (Trace.Packet packet : trace.packets()) {
            box.note(
                    packet.ssrc(),
                    packet.sequence(),
                    packet.timestamp(),
                    packet.marker(),
                    BlackBox.Kind.valueOf(packet.kind().name()),
                    -20,
                    packet.arrivalNanos());
        }
        return box.rows(trace.codec());
    }

    /** The way from a stored box back to what an ear can be given: a tone in the same packets. */
    private static Trace replayed(BlackBox.Rows rows) {
        List<Trace.Packet> packets = new ArrayList<>();
        int ssrc = 0;
        for (BlackBox.Row row : rows.each()) {
            ssrc += row.newSource() ? 1 : 0;
            packets.add(
                    new Trace.Packet(
                            row.arrivalTenths() * MILLI / 10,
                            ssrc,
                            row.sequence(),
                            row.timestamp(),
                            row.marker(),
                            Trace.Kind.valueOf(row.kind().name()),
                            new byte[160]));
        }
        return new Trace(rows.codec(), packets, new short[0]);
    }

    private static Sender badPath() {
        Sender phone = new Sender(12);
        phone.loss = 0.05;
        phone.duplication = 0.02;
        phone.delayNanos = t -> (long) (phone.random.nextDouble() * 80 * MILLI);
        return phone;
    }

    @Test
    void aStoredBoxIsHeardAgainAsItWas() {
        Trace live = badPath().say(TONE);
        byte[] packed = BlackBoxFormat.pack(noted(live));
        BlackBox.Rows rows = BlackBoxFormat.unpack(packed).orElseThrow();

        // the box begins with its first packet: the ticks stand where they stood
        long shift = live.packets().getFirst().arrivalNanos() / MILLI % 20;
        Heard first = Listening.to(live, 7);
        Heard again = Listening.to(replayed(rows), (int) ((27 - shift) % 20));

        System.out.printf(
                "%d packets in %d octets; concealed live %.4f, replayed %.4f%n",
                rows.count(),
                packed.length,
                first.report().concealedShare(),
                again.report().concealedShare());
        assertThat(again.report().concealedShare())
                .isCloseTo(first.report().concealedShare(), within(0.01));
        assertThat(again.report().lost()).isEqualTo(first.report().lost());
        assertThat(again.report().duplicates()).isEqualTo(first.report().duplicates());
        assertThat(again.meanDelay(5, 19)).isCloseTo(first.meanDelay(5, 19), within(10.0));
        assertThat(packed.length).isLessThan(24_000);
    }

    @Test
    void theSummaryTellsWhyItWasChoppy() {
        Sender phone = new Sender(12);
        phone.fifo = true;
        phone.duplication = 0.1;
        phone.delayNanos =
                t -> {
                    long held = t > 10_000 * MILLI && t < 10_400 * MILLI ? 10_400 * MILLI - t : 0;
                    return t / (20 * MILLI) % 50 == 7 ? -1 : 5 * MILLI + held;
                };
        phone.newStreamAtNanos = 15_000 * MILLI;

        Map<String, Object> summary = BlackBoxFormat.summary(noted(phone.say(TONE)));

        System.out.println(summary);
        assertThat(summary)
                .containsEntry("codec", "PCMU")
                .containsEntry("lost", 20)
                .containsEntry("reordered", 0)
                .containsEntry("sources", 2);
        assertThat((Double) summary.get("max_gap_ms")).isBetween(380.0, 420.0);
        assertThat((Double) summary.get("max_jitter_ms")).isBetween(360.0, 400.0);
        assertThat((Integer) summary.get("duplicated")).isBetween(70, 130);
    }

    @Test
    void itKeepsTheLastHalfMinuteOfAnyCallAndNeverGrows() {
        for (int millis : new int[] {10, 20}) {
            BlackBox box = new BlackBox();
            for (int i = 0; i < 20_000; i++) {
                box.note(
                        1, i, i * 80, i == 0, BlackBox.Kind.SPEECH, -30, (long) i * millis * MILLI);
            }

            BlackBox.Rows rows = box.rows(AudioCodec.PCMU);

            assertThat(rows.each()).hasSize(BlackBox.CAPACITY);
            assertThat(rows.row(0).sequence()).isEqualTo(20_000 - BlackBox.CAPACITY);
            assertThat(rows.row(BlackBox.CAPACITY - 1).sequence()).isEqualTo(19_999);
            assertThat(rows.seconds()).isGreaterThan(26);
            assertThat(12 * BlackBox.CAPACITY).isLessThanOrEqualTo(32 * 1_024);
        }
    }

    @Test
    void whatWasHandedOverStaysAsItWas() {
        BlackBox box = new BlackBox();
        for (int i = 0; i < BlackBox.CAPACITY + 7; i++) {
            box.note(1, i, i * 160, false, BlackBox.Kind.SPEECH, -30, i * 20L * MILLI);
        }
        BlackBox.Rows rows = box.rows(AudioCodec.PCMU);
        List<BlackBox.Row> before = rows.each();

        box.note(1, 9_999, 7, true, BlackBox.Kind.EVENT, -3, 1);

        assertThat(rows.each()).isEqualTo(before);
        assertThat(before.getFirst()).isEqualTo(new BlackBox.Row(7, 7 * 160, 0, -30, 0));
    }

    @Test
    void handingItOverMakesNoObjectForEachPacket() {
        BlackBox box = new BlackBox();
        for (int i = 0; i < BlackBox.CAPACITY; i++) {
            box.note(1, i, i * 160, false, BlackBox.Kind.SPEECH, -30, i * 20L * MILLI);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        BlackBox.Rows warm = box.rows(AudioCodec.PCMU);
        long before = threads.getCurrentThreadAllocatedBytes();
        BlackBox.Rows rows = box.rows(AudioCodec.PCMU);
        long octets = threads.getCurrentThreadAllocatedBytes() - before;

        System.out.println("a full black box is handed over as " + octets + " octets");
        assertThat(rows.count()).isEqualTo(warm.count());
        assertThat(octets).isLessThan(33 * 1_024);
    }

    @Test
    void whatIsNoBoxIsRefused() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] octets = new byte[random.nextInt(300)];
            random.nextBytes(octets);
            assertThat(BlackBoxFormat.unpack(octets)).isEmpty();
        }
    }
}
