package dev.roomline.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.dialog.SessionHeaders.Refresher;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read of session timers, and what is agreed (RFC 4028 §4, §5, §7.2, §9). */
class SessionTermsTest {
    private static SessionHeaders read(String headers) {
        String text =
                "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nMax-Forwards: 70\r\n"
                        + "From: <sip:b@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
                        + "Contact: <sip:b@h>\r\n"
                        + headers.replace("\\n", "\r\n")
                        + "\r\nContent-Length: 0\r\n\r\n";
        return switch (SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false)) {
            case ParsedRequest request -> SessionHeaders.of(request);
            case Object fault -> throw new AssertionError(fault + "\n" + text);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Session-Expires: 1800                      | false | 1800 | UNSAID | 90",
                "x: 1800;refresher=uac                      | false | 1800 | UAC    | 90",
                "X: 90 ; Refresher = UAS                    | false | 90   | UAS    | 90",
                "Session-Expires: 1800;lr;refresher=uas     | false | 1800 | UAS    | 90",
                "Session-Expires: 1800;refresher=me         | false | 1800 | UNSAID | 90",
                "Session-Expires: soon                      | false | 0    | UNSAID | 90",
                "Session-Expires: -5                        | false | 0    | UNSAID | 90",
                "Session-Expires: 99999999999               | false | 2147483647 | UNSAID | 90",
                "Supported: timer                           | true  | 0    | UNSAID | 90",
                "k: 100rel ,Timer                           | true  | 0    | UNSAID | 90",
                "Supported: timers, xtimer                  | false | 0    | UNSAID | 90",
                "Require: timer\\nx: 600                    | true  | 600  | UNSAID | 90",
                "Min-SE: 120\\nSupported: timer             | true  | 0    | UNSAID | 120",
                "Min-SE: 30                                 | false | 0    | UNSAID | 90",
                "Min-SE: 300;x=y\\nSession-Expires: 600     | false | 600  | UNSAID | 300",
            })
    @Tag("RFC4028§4")
    @Tag("RFC4028§5")
    void headersAreReadInEveryForm(
            String headers, boolean supported, long expires, Refresher refresher, long least) {
        assertThat(read(headers))
                .isEqualTo(new SessionHeaders(supported, expires, refresher, least));
    }

    @ParameterizedTest
    @CsvSource({
        "true, 89, true",
        "true, 90, false",
        "true, 1, true",
        "true, 0, false",
        "false, 30, false",
    })
    void tooBriefIsWhatIsBelowNinetySecondsFromSomebodyWhoKnowsTimers(
            boolean supported, long seconds, boolean brief) {
        assertThat(new SessionHeaders(supported, seconds, Refresher.UNSAID, 90).isTooBrief())
                .isEqualTo(brief);
    }

    /** One row of RFC 4028's table 2, with what runs already. */
    record Row(
            boolean supported,
            long asked,
            Refresher refresher,
            long least,
            @Nullable SessionTerms running,
            @Nullable String answer) {}

    private static Stream<Row> rows() {
        SessionTerms ours = new SessionTerms(600, true);
        SessionTerms theirs = new SessionTerms(600, false);
        return Stream.of(
                // who does not know timers: only where a proxy asks, and then we refresh
                new Row(false, 0, Refresher.UNSAID, 90, null, null),
                new Row(false, 1200, Refresher.UNSAID, 90, null, "1200;refresher=uas"),
                new Row(false, 1200, Refresher.UAS, 90, null, "1200;refresher=uas"),
                new Row(false, 1200, Refresher.UAC, 90, null, "1200;refresher=uas"),
                new Row(false, 60, Refresher.UNSAID, 90, null, null),
                new Row(false, 0, Refresher.UNSAID, 90, ours, "600;refresher=uas"),
                new Row(false, 0, Refresher.UNSAID, 90, theirs, null),
                // who does: its wish counts, else the caller refreshes
                new Row(true, 0, Refresher.UNSAID, 90, null, "1800;refresher=uac"),
                new Row(true, 1200, Refresher.UNSAID, 90, null, "1200;refresher=uac"),
                new Row(true, 1200, Refresher.UAC, 90, null, "1200;refresher=uac"),
                new Row(true, 1200, Refresher.UAS, 90, null, "1200;refresher=uas"),
                // never above what is asked for, never below Min-SE
                new Row(true, 7200, Refresher.UNSAID, 90, null, "1800;refresher=uac"),
                new Row(true, 7200, Refresher.UNSAID, 3600, null, "3600;refresher=uac"),
                new Row(true, 0, Refresher.UNSAID, 3600, null, "3600;refresher=uac"),
                new Row(true, 100, Refresher.UNSAID, 90, null, "100;refresher=uac"),
                new Row(true, 100, Refresher.UNSAID, 3600, null, "100;refresher=uac"),
                // in a call that runs: who refreshes goes on, unless the request says otherwise
                new Row(true, 0, Refresher.UNSAID, 90, ours, "600;refresher=uas"),
                new Row(true, 600, Refresher.UNSAID, 90, theirs, "600;refresher=uac"),
                new Row(true, 600, Refresher.UAS, 90, theirs, "600;refresher=uas"),
                new Row(true, 600, Refresher.UAC, 90, ours, "600;refresher=uac"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Tag("RFC4028§9")
    void ourAnswerIsTheOneOfTable2(Row row) {
        SessionHeaders asked =
                new SessionHeaders(row.supported, row.asked, row.refresher, row.least);
        SessionTerms terms = SessionTerms.answering(asked, 1800, row.running);
        assertThat(terms == null ? null : terms.asServer()).isEqualTo(row.answer);
    }

    @ParameterizedTest
    @CsvSource({
        // expires, refresher, what holds for us
        "1800, UAC, 1800 ours",
        "1800, UAS, 1800 theirs",
        "1800, UNSAID, 1800 ours",
        "0, UNSAID, none",
        "0, UAS, none",
        "7200, UAS, 7200 theirs",
        "1, UAC, 20 ours",
    })
    @Tag("RFC4028§7.2")
    void aPeersAnswerIsTakenAsItIs(long expires, Refresher refresher, String holds) {
        SessionTerms terms =
                SessionTerms.answered(new SessionHeaders(true, expires, refresher, 90));
        assertThat(
                        terms == null
                                ? "none"
                                : String.format(
                                        Locale.ROOT,
                                        "%d %s",
                                        terms.seconds(),
                                        terms.weRefresh() ? "ours" : "theirs"))
                .isEqualTo(holds);
    }

    @Test
    @Tag("RFC4028§7.4")
    void aRefreshOfOursSaysWhoRefreshesNowAndNeverLessThanA422Wanted() {
        assertThat(new SessionTerms(600, true).asClient(90)).isEqualTo("600;refresher=uac");
        assertThat(new SessionTerms(600, false).asClient(90)).isEqualTo("600;refresher=uas");
        assertThat(new SessionTerms(600, true).asClient(900)).isEqualTo("900;refresher=uac");
    }

    @Test
    @Tag("RFC3261§14.1")
    void theWaitAfterAGlareIsTheRfcs() {
        var random = new java.util.Random(1);
        for (int i = 0; i < 1000; i++) {
            assertThat(Glare.waitMillis(true, random)).isBetween(2100, 4000);
            assertThat(Glare.waitMillis(false, random)).isBetween(0, 2000);
            assertThat(Glare.waitMillis(true, random) % 10).isZero();
        }
        assertThat(Stream.generate(() -> Glare.waitMillis(false, random)).limit(100).distinct())
                .hasSizeGreaterThan(30);
    }
}
