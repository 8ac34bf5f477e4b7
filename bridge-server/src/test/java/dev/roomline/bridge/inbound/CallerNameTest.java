package dev.roomline.bridge.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.SipRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallerNameTest {
    private static final Redaction NONE = new Redaction(List.of());

    record Row(String from, List<String> headers, String name, String userId) {
        static Row of(String from, String name, String... headers) {
            return new Row(from, List.of(headers), name, "");
        }
    }

    @Test
    void aTrunksSharedSecretIsNoAttribute() {
        Redaction secrets = new Redaction(List.of("X-Account"));
        CallerName name =
                name(
                        CallerName.read(
                                invite(Row.of("<sip:a@b>", "", "x-account: AC1", "X-Other: o")),
                                null,
                                true,
                                secrets));
        assertThat(name.attributes())
                .containsEntry("sip.h.x-account", "…")
                .containsEntry("sip.h.x-other", "o");
    }

    @Test
    void aCallerIsNamedByTheBestThatWasSent() {
        String alice = "\"Alice\" <sip:+15550100123@pbx.test>";
        String number = "<sip:+15550100123@pbx.test>";
        List<Row> table =
                List.of(
                        Row.of(alice, "John Doe", "X-100ms-Display-Name: John%20Doe"),
                        Row.of(alice, "John Doe", "x-100MS-display-name: John Doe"),
                        Row.of(alice, "Jane", "X-Roomline-Display-Name: Jane"),
                        Row.of(alice, "Zoë", "X-Roomline-Display-Name: Zo%C3%AB"),
                        Row.of(alice, "50% off", "X-Roomline-Display-Name: 50% off"),
                        Row.of(alice, "%ff", "X-Roomline-Display-Name: %ff"),
                        Row.of(
                                alice,
                                "<img src=x onerror=alert(1)>",
                                "X-Roomline-Display-Name: <img src=x onerror=alert(1)>"),
                        Row.of(alice, "evila", "X-100ms-Display-Name: %E2%80%AEevil%E2%81%A6a"),
                        Row.of(alice, "Alice", "X-100ms-Display-Name: %20"),
                        Row.of(alice, "Alice"),
                        Row.of(number, "+1 ••• ••• 0123"),
                        Row.of("\"+1 555 010 0123\" <sip:+15550100123@p.test>", "+1 ••• ••• 0123"),
                        Row.of(
                                "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
                                "Anonymous caller"),
                        Row.of("<sip:bob@pbx.test>", "bob"),
                        new Row(alice, List.of("X-100ms-UserID: u-1"), "Alice", "u-1"),
                        new Row(alice, List.of("X-Roomline-User-ID: u%202"), "Alice", "u 2"));
        for (Row row : table) {
            CallerName name = read(invite(row));
            assertThat(name.displayName()).as(row.toString()).isEqualTo(row.name());
            assertThat(name.userId()).as(row.toString()).isEqualTo(row.userId());
        }
    }

    @Test
    void otherExtensionHeadersAreKeptAsAttributesWithinBounds() {
        List<String> headers = new ArrayList<>();
        headers.add("X-Twilio-CallSid: CA123");
        headers.add("X-Long: " + "a".repeat(300));
        for (int i = 0; i < 40; i++) {
            headers.add("X-N" + i + ": " + i);
        }
        headers.add("User-Agent: none of them");
        CallerName name = read(Invites.invite("sip:a@b.test", headers.toArray(String[]::new)));
        assertThat(name.attributes())
                .hasSize(32)
                .containsEntry("sip.h.x-twilio-callsid", "CA123")
                .containsEntry("sip.h.x-long", "a".repeat(255))
                .doesNotContainKey("sip.h.user-agent");
    }

    @Test
    void headersThatNameTheCallerAreNoAttributes() {
        CallerName name =
                read(
                        Invites.invite(
                                "sip:a@b.test",
                                "X-100ms-Display-Name: A",
                                "X-Roomline-User-ID: u"));
        assertThat(name.attributes()).isEqualTo(Map.of());
    }

    @Test
    void anEncodedControlCharacterIsMalformed() {
        for (String value : List.of("a%0d%0aEvil: yes", "%00", "a%7f", "%c2%85")) {
            SipRequest invite = Invites.invite("sip:a@b.test", "X-Any: " + value);
            assertThat(CallerName.read(invite, null, true, NONE))
                    .as(value)
                    .isInstanceOf(CallerName.Reading.Malformed.class);
        }
    }

    @Test
    @Tag("RFC3325§5")
    void anAssertedIdentityIsReadWhereATrunkVouches() {
        SipRequest invite =
                Invites.invite(
                        "sip:a@b.test",
                        "P-Asserted-Identity: \"Bob B\" <sip:+442079460000@carrier.test>");
        CallerName believed =
                name(CallerName.read(invite, AssertedIdentity.of(invite), true, NONE));
        assertThat(believed.displayName()).isEqualTo("Bob B");
        assertThat(believed.from()).isEqualTo("+442079460000");
        assertThat(name(CallerName.read(invite, null, true, NONE)).displayName())
                .isEqualTo("Alice");
    }

    @Test
    @Tag("RFC3325§5")
    void anAssertedIdentityIsReadInEveryFormThatCarriersSend() {
        record Form(String value, @Nullable String name, String user, String host) {}
        List<Form> table =
                List.of(
                        new Form("\"Bob B\" <sip:+1555@c.test>", "Bob B", "+1555", "c.test"),
                        new Form("Bob B <sips:bob@c.test:5061>", "Bob B", "bob", "c.test:5061"),
                        new Form("Zoë-O'Neil<tel:+1-555>;x=y", "Zoë-O'Neil", "+1-555", ""),
                        new Form(
                                "\"B \\\"b\\\" <\\\\\"<sip:b@c.test>",
                                "B \"b\" <\\",
                                "b",
                                "c.test"),
                        new Form("\"\" <SIP:bob@c.test>", null, "bob", "c.test"),
                        new Form("<sip:+1555;verstat=No@c.test;user=phone>", null, "+1555", ""),
                        new Form("<sip:%2B1555@c.test>", null, "+1555", "c.test"),
                        new Form("tel:+1555", null, "+1555", ""),
                        new Form("sip:bob@c.test;user=phone", null, "bob", "c.test"),
                        new Form("\"A\" <sip:a@c.test>, <tel:+1555>", "A", "a", "c.test"),
                        new Form(
                                "a".repeat(300) + " <sip:b@c.test>",
                                "a".repeat(300),
                                "b",
                                "c.test"));
        for (Form form : table) {
            NameAddr read = asserted(form.value());
            assertThat(read)
                    .as(form.value())
                    .extracting(NameAddr::displayName, it -> it.uri().user(), it -> it.uri().host())
                    .containsExactly(form.name(), form.user(), form.host());
        }
        assertThat(asserted("mailto:bob@c.test", "<tel:+1555>"))
                .as("the first line that can be read")
                .extracting(it -> it.uri().user())
                .isEqualTo("+1555");
    }

    @Test
    void anAssertedIdentityThatMakesNoSenseIsNone() {
        for (String part : List.of(" ", "\"", "\\", ",", "<", ">", ":", "a ", "\"a\" ", "sip ")) {
            String many = part.repeat(1800 / part.length());
            for (String value : List.of("a" + many + "b", "<" + many, "\"" + many, many + "sip:")) {
                assertThat(asserted(value)).as(value).isNull();
            }
        }
    }

    private static @Nullable NameAddr asserted(String... values) {
        String[] lines =
                Arrays.stream(values)
                        .map(value -> "P-Asserted-Identity: " + value)
                        .toArray(String[]::new);
        return AssertedIdentity.of(Invites.invite("sip:a@b.test", lines));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Privacy: id              | Anonymous caller",
                "privacy: ID;critical     | Anonymous caller",
                "Privacy: user            | Anonymous caller",
                "Privacy: header; session | Anonymous caller",
                "Privacy: none            | Bob B",
                "Privacy: id;none         | Bob B",
                "Privacy: session         | Bob B",
                "Privacy: idle            | Bob B",
            })
    @Tag("RFC3323§4.2")
    @Tag("RFC3325§7")
    void whoAsksForPrivacyIsAnonymousInTheRoomAndKnownToTheOperator(String header, String shown) {
        SipRequest invite =
                Invites.invite(
                        "sip:a@b.test",
                        "P-Asserted-Identity: \"Bob B\" <sip:+442079460000@carrier.test>",
                        header);
        for (boolean hideNumbers : List.of(true, false)) {
            CallerName name =
                    name(CallerName.read(invite, AssertedIdentity.of(invite), hideNumbers, NONE));
            assertThat(name.displayName()).isEqualTo(shown);
            assertThat(name.from()).isEqualTo("+442079460000");
        }
    }

    @Test
    void whoNamesItselfByHeaderIsNamedSoForAllItsPrivacy() {
        SipRequest invite =
                Invites.invite("sip:a@b.test", "Privacy: id", "X-Roomline-Display-Name: Room 7");
        assertThat(read(invite).displayName()).isEqualTo("Room 7");
    }

    @Test
    void whoWasCalledBeforeIsAnAttributeWhereATrunkSaysSo() {
        SipRequest invite =
                Invites.invite(
                        "sip:a@b.test",
                        "Diversion: <sip:+15550100009@c.test>;reason=no-answer",
                        "Diversion: <sip:+15550100008@c.test>;reason=busy",
                        "History-Info: <sip:+15550100009@c.test>;index=1",
                        "X-Ticket: 7");
        assertThat(read(invite).attributes()).containsOnlyKeys("sip.h.x-ticket");
        assertThat(read(invite).divertedBy(invite).attributes())
                .containsEntry(
                        "sip.h.diversion",
                        "<sip:+15550100009@c.test>;reason=no-answer,"
                                + " <sip:+15550100008@c.test>;reason=busy")
                .containsEntry("sip.h.history-info", "<sip:+15550100009@c.test>;index=1")
                .containsEntry("sip.h.x-ticket", "7");
        SipRequest plain = Invites.invite("sip:a@b.test");
        assertThat(read(plain).divertedBy(plain).attributes()).isEmpty();
    }

    @Test
    void aRoomThatShowsNumbersShowsThem() {
        SipRequest invite = Invites.inviteFrom("<sip:+15550100123@pbx.test>");
        assertThat(name(CallerName.read(invite, null, false, NONE)).displayName())
                .isEqualTo("+15550100123");
    }

    private static SipRequest invite(Row row) {
        return Invites.inviteFrom(row.from(), row.headers().toArray(String[]::new));
    }

    private static CallerName read(SipRequest invite) {
        return name(CallerName.read(invite, null, true, NONE));
    }

    private static CallerName name(CallerName.Reading reading) {
        return switch (reading) {
            case CallerName.Reading.Read(CallerName name) -> name;
            case CallerName.Reading.Malformed(String fault) -> throw new AssertionError(fault);
        };
    }
}
