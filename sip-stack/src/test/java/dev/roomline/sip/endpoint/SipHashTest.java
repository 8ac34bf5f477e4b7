package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the vectors that SipHash-2-4's authors give: key 00…0f, message 00 01 02 …. */
class SipHashTest {
    private final SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    @ParameterizedTest
    @CsvSource({
        "0, 726fdb47dd0e0e31",
        "1, 74f839c593dc67fd",
        "7, ab0200f58b01d137",
        "8, 93f5f5799a932462",
        "15, a129ca6149be45e5"
    })
    void is_siphash_2_4(int length, String expected) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) i);
        }
        assertThat(Long.toHexString(hash.of(text.toString()))).isEqualTo(expected);
    }

    @Test
    void another_key_gives_another_hash() {
        assertThat(new SipHash(1, 2).of("call-1")).isNotEqualTo(hash.of("call-1"));
    }
}
