package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InfoDigitTest {
    record Row(String type, String body, Optional<InfoDigit> digit) {
        static Row relay(String body, char digit, int millis) {
            return new Row(
                    "application/dtmf-relay", body, Optional.of(new InfoDigit(digit, millis)));
        }
    }

    @Test
    void digitsAreReadAsPhonesAndCarriersSendThem() {
        List<Row> table =
                List.of(
                        Row.relay("Signal=5\r\nDuration=160", '5', 160),
                        Row.relay("Signal= 5\nDuration= 250\n", '5', 250),
                        Row.relay("signal=*", '*', 160),
                        Row.relay("Signal=10", '*', 160),
                        Row.relay("Signal=11", '#', 160),
                        Row.relay("Signal=d\r\nDuration=99999", 'D', 10_000),
                        new Row("application/dtmf", "7", Optional.of(new InfoDigit('7', 160))),
                        new Row(
                                "application/dtmf",
                                " # \r\n",
                                Optional.of(new InfoDigit('#', 160))),
                        new Row("application/dtmf-relay", "Signal=55", Optional.empty()),
                        new Row("application/dtmf-relay", "Signal=", Optional.empty()),
                        new Row("application/dtmf-relay", "", Optional.empty()),
                        new Row("application/dtmf", "x", Optional.empty()),
                        new Row("application/dtmf", "1".repeat(1000), Optional.empty()));
        for (Row row : table) {
            byte[] bytes = row.body().getBytes(StandardCharsets.US_ASCII);
            assertThat(InfoDigit.read(new Body(row.type(), bytes)))
                    .as(row.toString())
                    .isEqualTo(row.digit());
        }
    }
}
