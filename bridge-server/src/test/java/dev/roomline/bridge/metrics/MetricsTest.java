package dev.roomline.bridge.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.media.loop.MediaRelay.Carried;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import dev.roomline.media.loop.MediaRelay.Ticks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Each metric is declared once, scraped under its name, and stands in docs/metrics.md. */
final class MetricsTest {
    private final AtomicReference<LiveNumbers> numbers =
            new AtomicReference<>(
                    new LiveNumbers(
                            4,
                            5,
                            2,
                            List.of(
                                    new LoopReport(
                                            0.5,
                                            1,
                                            2,
                                            0,
                                            new Ticks(9, 0, 3, 2, 1, 0, 21),
                                            Carried.NONE),
                                    LoopReport.NONE),
                            Map.of("stranger", 9L),
                            new LiveNumbers.Signalling(Map.of("too_slow", 7L), 1, 2)));

    private String scrapeAfterEverything(Metrics metrics) {
        Counters counters = metrics.counters();
        counters.sipRequest("INVITE");
        counters.sipRequest("HACK");
        counters.sipRefusal(EndReason.UNAUTHENTICATED);
        counters.callStarted("inbound");
        counters.callEnded("inbound", EndReason.BUSY, EndReason.Culprit.CALLEE);
        counters.callAnswered("inbound", 0.03);
        counters.queueRefusal("signal");
        counters.fault("signal");
        metrics.httpAnswered("/v1/rooms", 404);
        return metrics.scrape();
    }

    @Test
    void everyDeclaredMetricIsScrapedWithItsHelp() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            String text = scrapeAfterEverything(metrics);
            for (Metric metric : Metric.values()) {
                assertThat(text)
                        .as(metric.scraped())
                        .contains("# HELP " + metric.scraped() + " ")
                        .contains(
                                "# TYPE "
                                        + metric.scraped()
                                        + " "
                                        + switch (metric.kind()) {
                                            case COUNTER -> "counter";
                                            case GAUGE -> "gauge";
                                            case TIMER -> "histogram";
                                        });
            }
        }
    }

    @Test
    void labelsStayInClosedSets() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            assertThat(scrapeAfterEverything(metrics))
                    .contains("roomline_sip_requests_total{method=\"other\"} 1.0")
                    .doesNotContain("HACK")
                    .contains("reason=\"busy\"", "culprit=\"callee\"")
                    .contains("roomline_http_requests_total{route=\"/v1/rooms\",status=\"4xx\"}");
        }
    }

    @Test
    void gaugesFollowWhatIsThere() {
        try (Metrics metrics = new Metrics(numbers::get)) {
            assertThat(metrics.scrape())
                    .contains("roomline_calls_active 4.0")
                    .contains("roomline_media_loop_late_ticks_total{loop=\"0\"} 3.0")
                    .contains("roomline_media_drops_total{reason=\"stranger\"} 9.0")
                    .contains("roomline_sip_drops_total{reason=\"too_slow\"} 7.0")
                    .contains("roomline_server_faults_total{place=\"signal loop\"} 1.0")
                    .contains("roomline_server_queue_refusals_total{queue=\"signal loop\"} 2.0")
                    .contains("jvm_memory_used_bytes");
            numbers.set(LiveNumbers.NONE);
            assertThat(metrics.scrape()).contains("roomline_calls_active 0.0");
        }
    }

    @Test
    void theDocumentIsWhatTheCodeDeclares() throws IOException {
        StringBuilder table =
                new StringBuilder(
                        """
                        # Metrics

                        At `/metrics` in Prometheus' text format; `http.metrics` says who may read them without a key.
                        Beside these there are the usual `jvm_*`, `process_*` and `system_*` ones.

                        | name | kind | labels | what it tells |
                        |---|---|---|---|
                        """);
        for (Metric metric : Metric.values()) {
            table.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    metric.scraped(),
                                    metric.kind() == Metric.Kind.TIMER
                                            ? "histogram"
                                            : metric.kind()
                                                    .name()
                                                    .toLowerCase(java.util.Locale.ROOT),
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
