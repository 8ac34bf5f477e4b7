package dev.roomline.bridge.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.ShortNumberInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in lists against the metadata that libphonenumber keeps of each country's plan. */
final class NumberingPlansTest {
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    private static String digits(@Nullable PhoneNumber number) {
        return number == null
                ? ""
                : NUMBERS.format(number, PhoneNumberUtil.PhoneNumberFormat.E164).substring(1);
    }

    /** One of each region that has such numbers. */
    private static Map<String, String> examples(PhoneNumberType type) {
        Map<String, String> examples = new TreeMap<>();
        for (String region : NUMBERS.getSupportedRegions()) {
            examples.put(region, digits(NUMBERS.getExampleNumberForType(region, type)));
        }
        examples.values().removeIf(String::isEmpty);
        return examples;
    }

    @Test
    void everyCountrysPremiumNumbersAreDenied() {
        Map<String, String> examples = examples(PhoneNumberType.PREMIUM_RATE);
        assertThat(examples).hasSizeGreaterThan(100);
        examples.values().removeIf(PremiumRanges::holds);
        assertThat(examples).isEmpty();
    }

    @Test
    void noCountrysOrdinaryNumbersAreDenied() {
        for (PhoneNumberType type :
                List.of(
                        PhoneNumberType.FIXED_LINE,
                        PhoneNumberType.MOBILE,
                        PhoneNumberType.TOLL_FREE,
                        PhoneNumberType.VOIP,
                        PhoneNumberType.UAN,
                        PhoneNumberType.PERSONAL_NUMBER)) {
            Map<String, String> examples = examples(type);
            assertThat(examples).hasSizeGreaterThan(10);
            examples.values().removeIf(number -> !PremiumRanges.holds(number));
            assertThat(examples).as("%s", type).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "19002345678", // North America
                "449098790123", // United Kingdom
                "498", // no number at all
                "4990012345678", // Germany
                "33899123456", // France
                "390899123456", // Italy: 899 behind the 0 of no area
                "8816123456789", // Iridium
                "979123456789", // international premium rate
                "353152012345", // Ireland's 1520 has one digit more
                "3531520123456"
            })
    void aFewThatEverybodyKnows(String number) {
        boolean premium = !List.of("498", "390899123456", "353152012345").contains(number);
        assertThat(PremiumRanges.holds(number)).isEqualTo(premium);
    }

    @Test
    void everyCountrysEmergencyNumbersAreKnown() {
        ShortNumberInfo shortNumbers = ShortNumberInfo.getInstance();
        Map<String, String> missing = new TreeMap<>();
        int known = 0;
        for (String region : NUMBERS.getSupportedRegions()) {
            String country = Integer.toString(NUMBERS.getCountryCodeForRegion(region));
            for (int length = 2; length <= 3; length++) {
                for (int n = 0; n < Math.powExact(10, length); n++) {
                    String number = ("%0" + length + "d").formatted(n);
                    if (!shortNumbers.isEmergencyNumber(number, region)) {
                        continue;
                    }
                    known++;
                    if (!EmergencyNumbers.holds(number, country)) {
                        missing.merge(region, number, (a, b) -> a + " " + b);
                    }
                }
            }
        }
        assertThat(known).isGreaterThan(400);
        assertThat(missing).isEmpty();
    }
}
