package dev.roomline.bridge.room;

import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a participant sounds, as the API says it: what is not known is null. Stateless. */
public final class LegSound {
    private LegSound() {}

    /** Its {@code quality}. */
    public static Map<String, @Nullable Object> words(LegReport report) {
        Map<String, @Nullable Object> received = direction(report.received());
        received.put("concealed", known(report.concealedShare()));
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("sent", direction(report.sent()));
        words.put("received", received);
        words.put("rtt_ms", known(report.rttMillis()));
        return words;
    }

    private static Map<String, @Nullable Object> direction(Direction direction) {
        Map<String, @Nullable Object> words = new LinkedHashMap<>();
        words.put("loss", known(direction.lossShare()));
        words.put("jitter_ms", known(direction.jitterMillis()));
        words.put("burst_ratio", known(direction.burstRatio()));
        words.put("mos", known(direction.mos()));
        return words;
    }

    /** The media relay says −1 for what it does not know yet. */
    private static @Nullable Double known(double value) {
        return value < 0 ? null : Double.valueOf(value);
    }
}
