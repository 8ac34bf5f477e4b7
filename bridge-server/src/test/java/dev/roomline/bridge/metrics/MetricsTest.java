package dev.roomline.bridge.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Census;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.overload.Overload;
import dev.roomline.bridge.overload.SignalCounts;
import dev.roomline.bridge.overload.Strain;
import dev.roomline.media.loop.MediaRelay.Carried;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import dev.roomline.media.loop.MediaRelay.Ticks;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.transport.Rank;
import dev.roomline.sip.transport.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Each metric is declared once, scraped under its name, and stands in docs/metrics.md. */
final class MetricsTest {
    private static final LiveNumbers BUSY =
            new LiveNumbers(
                    4,
                    5,
                    2,
                    new LiveNumbers.Media(
                            List.of(
                                    new LoopReport(
                                            0.5,
                                            1,
                                            2,
                                            6,
                                            new Ticks(900, 1, 30, 20, 10, 5, 21),
                                            new Carried(100, 90, 3, 2, 4, 10, 0.5, 0.25, 40, 60)),
                                    LoopReport.NONE),
                            Map.of(
                                    "rtp_stranger",
                                    9L,
                                    "post_refused",
                                    11L,
                                    "leg_fault",
                                    2L,
                                    "loop_fault",
                                    5L),
                            Map.of("dtls_failed", 8L)),
                    new LiveNumbers.Signalling(
                            Map.of("too_slow", 7L),
                            Map.of("received udp", 70L, "sent udp", 60L),
                            12,
                            13,
                            1,
                            2,
                            new SignalCounts(
                                    new Census(1, 2, 3, 4, 0),
                                    14,
                                    15,
                                    16,
                                    17,
                                    18,
                                    0.4,
                                    0.01,
                                    Map.of(Rank.KNOWN, new Waits(21, 0.125)))),
                    new LiveNumbers.Server(
                            new Overload(
                                    true,
                                    0.25,
                                    0.75,
                                    List.of("why"),
                                    Map.of(Strain.LATE_TICKS, 1.5),
                                    3,
                                    9.5),
                            true,
                            4096,
                            0.33,
                            Map.of("down", 1)));

    private final AtomicReference<LiveNumbers> numbers = new AtomicReference<>(BUSY);

    private static void everythingHappens(Metrics metrics) {
        Counters counters = metrics.counters();
        counters.sipRequest("INVITE");
        counters.sipRequest("HACK");
        counters.sipRefusal(EndReason.UNAUTHENTICATED);
        counters.messageRefused(SipEvent.Refusal.OVERLOADED);
        counters.callStarted("inbound");
        counters.callEnded("inbound", EndReason.BUSY, EndReason.Culprit.CALLEE);
        counters.callAnswered("inbound", 0.03);
        counters.callQuality(new CallQuality(4.2, Double.NaN, 0.02, 0, 1.4, 12, 8, -1, 0.01));
        counters.joined();
        counters.joinRefused(JoinRefusal.OVERLOADED);
        counters.stored(true, 0.003, true);
        counters.fault("whatever a bug says");
        metrics.httpAnswered("/v1/rooms", 404);
    }

    @Test
    void everyDeclaredMetricIsScrapedWithItsHelpBeforeAnythingHappened() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            metrics.httpRoutes(List.of("/v1/rooms"));
            String text = metrics.scrape();
            for (Metric metric : Metric.values()) {
                assertThat(text)
                        .as(metric.scraped())
                        .contains("# HELP " + metric.scraped() + " " + metric.help())
                        .contains(
                                "# TYPE "
                                        + metric.scraped()
                                        + " "
                                        + metric.kind().name().toLowerCase(Locale.ROOT));
            }
        }
    }

    @Test
    void everyValueOfAClosedSetStandsAtZeroFromTheStart() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            metrics.httpRoutes(List.of("/v1/rooms"));
            String text = metrics.scrape();
            for (EndReason reason : EndReason.values()) {
                assertThat(text)
                        .contains(
                                "roomline_calls_ended_total{culprit=\"%s\",direction=\"inbound\",reason=\"%s\"} 0.0"
                                        .formatted(reason.culprit().label(), reason.label()));
            }
            for (SipEvent.Refusal reason : SipEvent.Refusal.values()) {
                assertThat(text)
                        .contains(
                                "roomline_sip_refusals_total{reason=\"%s\"} 0.0"
                                        .formatted(reason.name().toLowerCase(Locale.ROOT)));
            }
            assertThat(text)
                    .contains("roomline_sip_requests_total{method=\"other\"} 0.0")
                    .contains("roomline_calls_started_total{direction=\"inbound\"} 0.0")
                    .contains(
                            "roomline_calls_setup_seconds_bucket{direction=\"inbound\",le=\"0.05\"} 0")
                    .contains("roomline_calls_mos_count{direction=\"received\"} 0")
                    .contains("roomline_rooms_joins_refused_total{reason=\"overloaded\"} 0.0")
                    .contains("roomline_store_operation_seconds_count{kind=\"write\"} 0")
                    .contains("roomline_server_faults_total{place=\"call\"} 0.0")
                    .contains(
                            "roomline_http_requests_total{route=\"/v1/rooms\",status=\"5xx\"} 0.0");
        }
    }

    @Test
    void faultsOfTheMediaLoopsAreRaisedWhetherTheyStruckALegOrAMessage() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            assertThat(metrics.scrape())
                    .contains("roomline_server_faults_total{place=\"media_loop\"} 7.0");
        }
    }

    @Test
    void labelsStayInClosedSetsWhateverHappens() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            metrics.scrape();
            for (int i = 0; i < 1_000; i++) {
                everythingHappens(metrics);
                metrics.counters().sipRequest("METHOD" + i);
                metrics.counters().callStarted("direction " + i);
                metrics.counters().fault("place " + i);
            }
            String text = metrics.scrape();
            assertThat(text)
                    .contains("roomline_sip_requests_total{method=\"other\"} 2000.0")
                    .doesNotContain("HACK", "whatever", "METHOD7", "place 7", "direction 7");
            assertThat(text.lines().filter(line -> line.startsWith("roomline_")).count())
                    .isLessThan(600);
        }
    }

    @Test
    void whatHappensIsCountedWhereItBelongs() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            everythingHappens(metrics);
            assertThat(metrics.scrape())
                    .contains("roomline_sip_refusals_total{reason=\"overloaded\"} 1.0")
                    .contains("roomline_sip_refusals_total{reason=\"unauthenticated\"} 1.0")
                    .contains(
                            "roomline_calls_setup_seconds_bucket{direction=\"inbound\",le=\"0.02\"} 0")
                    .contains(
                            "roomline_calls_setup_seconds_bucket{direction=\"inbound\",le=\"0.05\"} 1")
                    .contains("roomline_calls_mos_bucket{direction=\"received\",le=\"4.2\"} 1")
                    .contains("roomline_calls_mos_count{direction=\"sent\"} 0")
                    .contains("roomline_calls_round_trip_seconds_count 0")
                    .contains(
                            "roomline_calls_jitter_seconds_bucket{direction=\"sent\",le=\"0.01\"} 1")
                    .contains("roomline_rooms_joins_total 1.0")
                    .contains("roomline_store_failures_total 1.0")
                    .contains(
                            "roomline_http_requests_total{route=\"/v1/rooms\",status=\"4xx\"} 1.0");
        }
    }

    @Test
    void whatIsReadFollowsTheSnapshotAlsoAfterACollection() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            metrics.scrape();
            System.gc();
            assertThat(metrics.scrape())
                    .contains("roomline_calls_active{state=\"ringing\"} 2.0")
                    .contains("roomline_calls_active{state=\"answered\"} 3.0")
                    .contains("roomline_media_late_ticks_total{loop=\"0\",over_ms=\"5\"} 30.0")
                    .contains("roomline_media_late_ticks_total{loop=\"0\",over_ms=\"20\"} 10.0")
                    .contains("roomline_media_tick_lateness_worst_seconds{loop=\"0\"} 0.021")
                    .contains("roomline_media_packets_total{direction=\"received\"} 100.0")
                    .contains("roomline_media_concealed_seconds_total 0.5")
                    .contains("roomline_media_jitter_delay_mean_seconds{loop=\"0\"} 0.04")
                    .contains("roomline_media_drops_total{reason=\"rtp_stranger\"} 9.0")
                    .contains("roomline_media_legs_lost_total{reason=\"dtls_failed\"} 8.0")
                    .contains("roomline_sip_drops_total{reason=\"too_slow\"} 7.0")
                    .contains(
                            "roomline_sip_messages_total{direction=\"received\",transport=\"udp\"} 70.0")
                    .contains("roomline_sip_retransmissions_total{direction=\"sent\"} 18.0")
                    .contains("roomline_sip_transactions{side=\"server\"} 14.0")
                    .contains("roomline_sip_tcp_connections 12.0")
                    .contains("roomline_server_faults_total{place=\"signal_loop\"} 1.0")
                    .contains("roomline_server_queue_refusals_total{queue=\"signal_loop\"} 2.0")
                    .contains("roomline_server_queue_refusals_total{queue=\"media_loop\"} 11.0")
                    .contains("roomline_overload_active 1.0")
                    .contains("roomline_overload_admitted_ratio{rank=\"stranger\"} 0.25")
                    .contains("roomline_overload_admitted_ratio{rank=\"known\"} 0.75")
                    .contains("roomline_sip_queue_messages{rank=\"known\"} 21")
                    .contains("roomline_sip_queue_wait_seconds{rank=\"known\"} 0.125")
                    .contains("roomline_overload_strain_ratio{strain=\"late_ticks\"} 1.5")
                    .contains("roomline_overload_seconds_total 9.5")
                    .contains("roomline_server_draining 1.0")
                    .contains("jvm_memory_used_bytes");
            numbers.set(LiveNumbers.NONE);
            assertThat(metrics.scrape())
                    .contains("roomline_calls_active{state=\"answered\"} 0.0")
                    .contains("roomline_overload_active 0.0");
        }
    }

    @Test
    void theDocumentIsWhatTheCodeDeclares() throws IOException {
        StringBuilder table =
                new StringBuilder(
                        """
                        # Metrics

                        At `/metrics` in Prometheus' text format; `http.metrics` says who may read them without a key.
                        Every series of a closed set of labels is there, at zero, from the start. Beside these there are the
                        usual `jvm_*`, `process_*` and `system_*` ones. What to look at when: [operations.md](operations.md).

                        | name | kind | labels | what it tells |
                        |---|---|---|---|
                        """);
        for (Metric metric : Metric.values()) {
            table.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    metric.scraped(),
                                    metric.kind().name().toLowerCase(Locale.ROOT),
                                    String.join(", ", metric.labels()),
                                    metric.help()));
        }
        Path document = Path.of("../docs/metrics.md");
        if (Boolean.getBoolean("roomline.write.docs")) {
            Files.writeString(document, table);
        }
        assertThat(Files.readString(document)).isEqualTo(table.toString());
    }
}
