package dev.roomline.bridge.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NumberMaskTest {
    record Row(@Nullable String user, String shown) {}

    @Test
    void numbersAreMaskedAsTheContractSays() {
        List<Row> table =
                List.of(
                        new Row("+15550100123", "+1 ••• ••• 0123"),
                        new Row("+919812345678", "+91 ••• ••• 5678"),
                        new Row("+35312345678", "+353 ••• ••• 5678"),
                        new Row("+1 (555) 010-0123", "+1 ••• ••• 0123"),
                        new Row("15550100123", "••• ••• 0123"),
                        new Row("02079460000", "••• ••• 0000"),
                        new Row("+99900001234", "••• ••• 1234"),
                        new Row("12345678", "••• ••• 5678"),
                        new Row("1234567", "••67"),
                        new Row("100", "••00"),
                        new Row("7", "••7"),
                        new Row("anonymous", "Anonymous caller"),
                        new Row("Anonymous", "Anonymous caller"),
                        new Row("", "Anonymous caller"),
                        new Row(null, "Anonymous caller"),
                        new Row("+15550100123;phone-context=example.com", "+1 ••• ••• 0123"),
                        new Row("5550100123;ext=7;npdi", "••• ••• 0123"),
                        new Row("alice;x=y", "alice"),
                        new Row("alice", "alice"),
                        new Row("alice7", "alice7"));
        for (Row row : table) {
            assertThat(NumberMask.mask(row.user())).as(row.toString()).isEqualTo(row.shown());
        }
    }

    @Test
    void noMaskShowsMoreThanFourDigitsBesideTheCountryCode() {
        String masked = NumberMask.mask("+4915112345678");
        assertThat(masked).doesNotContain("1511234").endsWith("5678");
    }

    @Test
    void noCountryCodeBeginsAnother() {
        for (int code = 1; code < 1000; code++) {
            String digits = Integer.toString(code);
            String found = CountryCodes.of(digits).orElse("");
            for (int length = 1; length < found.length(); length++) {
                assertThat(CountryCodes.of(digits.substring(0, length))).isEmpty();
            }
        }
    }
}
