package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TestAuthority.address;
import static dev.roomline.sip.transport.TestAuthority.dns;
import static dev.roomline.sip.transport.TestAuthority.uri;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PeerNamesTest {
    private record Row(List<GeneralName> names, String speaksFor, String doesNot) {}

    /** RFC 5922 §7.1 and §7.2. */
    @Test
    @Tag("RFC5922§7.1")
    @Tag("RFC5922§7.2")
    void aCertificateSpeaksForItsAlternativeNames() throws Exception {
        TestAuthority authority = new TestAuthority("authority");
        for (Row row :
                List.of(
                        new Row(List.of(dns("sip.example.com")), "SIP.example.com", "example.com"),
                        new Row(List.of(uri("sip:example.com")), "example.com", "a.example.com"),
                        new Row(
                                List.of(uri("sip:a.example"), dns("b.example")),
                                "b.example",
                                "somebody"),
                        new Row(List.of(dns("*.pstn.example")), "x.pstn.example", "pstn.example"),
                        new Row(List.of(dns("*.example.com")), "a.example.com", "a.b.example.com"),
                        new Row(List.of(address("192.0.2.7")), "192.0.2.7", "192.0.2.8"),
                        new Row(List.of(address("2001:db8::7")), "2001:db8:0:0::7", "2001:db8::8"),
                        new Row(List.of(), "only.common.test", "other.test"))) {
            X509Certificate certificate =
                    authority.issue(row.names().toArray(GeneralName[]::new)).certificate();
            assertThat(PeerNames.speaksFor(certificate, row.speaksFor()))
                    .as("%s for %s", PeerNames.of(certificate), row.speaksFor())
                    .isTrue();
            assertThat(PeerNames.speaksFor(certificate, row.doesNot()))
                    .as("%s for %s", PeerNames.of(certificate), row.doesNot())
                    .isFalse();
        }
    }

    @Test
    void neitherAUserNorAnotherSchemeNorAStarAloneCounts() throws Exception {
        TestAuthority authority = new TestAuthority("authority");
        for (GeneralName name :
                List.of(
                        uri("sip:ann@example.com"),
                        uri("https://example.com"),
                        uri("sips:example.com"),
                        dns("*.com"),
                        dns("*"))) {
            assertThat(PeerNames.speaksFor(authority.issue(name).certificate(), "example.com"))
                    .as("%s", name)
                    .isFalse();
        }
    }
}
