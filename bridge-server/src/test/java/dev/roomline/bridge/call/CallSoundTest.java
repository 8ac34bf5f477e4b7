package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.metrics.CallQuality;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import org.junit.jupiter.api.Test;

class CallSoundTest {
    @Test
    void whatIsUnknownIsLeftOutOfMetricsAndZeroIsNot() {
        LegReport report =
                new LegReport(
                        "path",
                        "none",
                        "PCMU",
                        "PCMU",
                        new Direction(500, 80_000, 0, 3.5, 1.5, 4.3),
                        new Direction(500, 80_000, -1, -1, -1, -1),
                        0,
                        -1,
                        -40);

        CallQuality quality = CallSound.of(report);

        assertThat(quality)
                .isEqualTo(
                        new CallQuality(
                                4.3,
                                Double.NaN,
                                0,
                                Double.NaN,
                                1.5,
                                3.5,
                                Double.NaN,
                                Double.NaN,
                                0));
    }
}
