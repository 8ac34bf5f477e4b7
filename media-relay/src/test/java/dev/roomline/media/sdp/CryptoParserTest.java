package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.srtp.SrtpProfile;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CryptoParserTest {
    /** RFC 4568 §9.2. */
    private static final String KEY = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    private static String line(String tail) {
        return "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + tail;
    }

    private static CryptoLine usable(String value) {
        assertThat(CryptoParser.parse(value)).as(value).isInstanceOf(CryptoParser.Usable.class);
        return ((CryptoParser.Usable) CryptoParser.parse(value)).line();
    }

    @Test
    @Tag("RFC4568§9.1")
    @Tag("RFC4568§6.1")
    void theExampleOfTheRfcIsRead() {
        CryptoLine line = usable(line("|2^20|1:4 FEC_ORDER=FEC_SRTP"));

        assertThat(line.tag()).isEqualTo(1);
        assertThat(line.profile()).isEqualTo(SrtpProfile.AES128_CM_HMAC_SHA1_80);
        byte[] both = Base64.getDecoder().decode(KEY);
        assertThat(line.key()).hasSize(16).isEqualTo(Arrays.copyOf(both, 16));
        assertThat(line.salt()).hasSize(14);
        assertThat(line.mki()).isEqualTo(HexFormat.of().parseHex("00000001"));
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void whatWeWriteIsReadAndNamesNoKeyInItsText(SrtpProfile profile) {
        CryptoLine made = CryptoLine.make(7, profile, new Random(4));
        String value = String.valueOf(made.attribute().value());

        CryptoLine read = usable(value);

        assertThat(read.tag()).isEqualTo(7);
        assertThat(read.profile()).isEqualTo(profile);
        assertThat(read.key()).isEqualTo(made.key());
        assertThat(read.salt()).isEqualTo(made.salt());
        assertThat(made.toString()).isEqualTo("7 " + profile.suite());
    }

    static Stream<String> served() {
        return Stream.of(
                line(""),
                line("|2^31"),
                line("|2^48"),
                line("|1048576"),
                line("|1:1"),
                line("|2^31|66051:3"),
                line(" WSH=64"),
                line(" WSH=1024 FEC_ORDER=SRTP_FEC"),
                line(" -EXPERIMENT=7"),
                "999999999  aes_cm_128_hmac_sha1_80\tINLINE:" + KEY,
                "2 AES_CM_128_HMAC_SHA1_32 inline:" + KEY,
                // padding left out
                "3 AES_256_CM_HMAC_SHA1_80 inline:" + "A".repeat(62),
                "4 AEAD_AES_128_GCM inline:" + "A".repeat(38) + "==",
                "5 AEAD_AES_256_GCM inline:" + "A".repeat(59) + "=");
    }

    @ParameterizedTest
    @MethodSource("served")
    void whatCanBeServedIsTaken(String value) {
        assertThat(usable(value).key()).isNotEmpty();
    }

    /** A line with what its refusal must tell. */
    record Wrong(String value, String told) {}

    static Stream<Wrong> unserved() {
        return Stream.of(
                new Wrong("", "no tag"),
                new Wrong("x AES_CM_128_HMAC_SHA1_80 inline:" + KEY, "no tag"),
                new Wrong("01 AES_CM_128_HMAC_SHA1_80 inline:" + KEY, "no tag"),
                new Wrong("1234567890 AES_CM_128_HMAC_SHA1_80 inline:" + KEY, "no tag"),
                new Wrong("-1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY, "no tag"),
                new Wrong("1 AES_CM_128_HMAC_SHA1_80", "no suite and key"),
                new Wrong("1 F8_128_HMAC_SHA1_80 inline:" + KEY, "suite"),
                new Wrong("1 AES_CM_128_HMAC_SHA1_80 uri:" + KEY, "key method"),
                new Wrong("1 AES_CM_128_HMAC_SHA1_80 inline:", "0 octets"),
                new Wrong("1 AES_CM_128_HMAC_SHA1_80 inline:AAAA", "3 octets"),
                new Wrong("1 AES_256_CM_HMAC_SHA1_80 inline:" + KEY, "30 octets"),
                new Wrong("1 AEAD_AES_128_GCM inline:" + KEY, "30 octets"),
                new Wrong(line("=="), "base64"),
                new Wrong("1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY.replace('W', '%'), "base64"),
                new Wrong(line("AAAA"), "33 octets"),
                new Wrong(line("|2^49"), "lifetime"),
                new Wrong(line("|0"), "lifetime"),
                new Wrong(line("|2^"), "lifetime"),
                new Wrong(line("|"), "lifetime"),
                new Wrong(line("|99999999999999999999"), "lifetime"),
                new Wrong(line("|1:0"), "MKI"),
                new Wrong(line("|1:129"), "MKI"),
                new Wrong(line("|256:1"), "MKI"),
                new Wrong(line("|:4"), "MKI"),
                new Wrong(line("|a:4"), "MKI"),
                new Wrong(line("|1:4|2^20"), "MKI"),
                new Wrong(line("|2^20|1:4|"), "MKI"),
                new Wrong(line("|2^20|1:4;inline:" + KEY + "|2^20|2:4"), "several keys"),
                new Wrong(line(" KDR=0"), "KDR"),
                new Wrong(line(" UNENCRYPTED_SRTP"), "in clear"),
                new Wrong(line(" UNENCRYPTED_SRTCP"), "UNENCRYPTED_SRTCP"),
                new Wrong(line(" UNAUTHENTICATED_SRTP"), "without a tag"),
                new Wrong(line(" WSH=63"), "window"),
                new Wrong(line(" WSH=x"), "window"),
                new Wrong(line(" SOMETHING=1"), "session parameter"));
    }

    @ParameterizedTest
    @MethodSource("unserved")
    @Tag("RFC4568§6.3")
    void whatCannotBeServedIsNamedWithoutAnOctetOfTheKey(Wrong wrong) {
        CryptoParser.Result result = CryptoParser.parse(wrong.value());

        assertThat(result).isInstanceOf(CryptoParser.Unusable.class);
        String why = ((CryptoParser.Unusable) result).why();
        assertThat(why).contains(wrong.told()).doesNotContain(KEY.substring(0, 6));
    }

    @Test
    void noOctetsMakeItThrow() {
        Random random = new Random(11);
        List<String> seeds = served().toList();
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(Math.max(1, text.length()));
                switch (text.isEmpty() ? 1 : random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 ->
                            text.insert(
                                    Math.min(at, text.length()),
                                    (char) (' ' + random.nextInt(200)));
                    default -> text.setLength(Math.max(1, at));
                }
            }
            assertThat(CryptoParser.parse(text.toString())).isNotNull();
        }
    }
}
