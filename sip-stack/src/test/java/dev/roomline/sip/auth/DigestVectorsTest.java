package dev.roomline.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Published examples; the responses in them were computed by others. */
class DigestVectorsTest {

    @Test
    @Tag("RFC2617§3.5")
    void theExampleOfRfc2617Section35() {
        assertResponse(
                DigestAlgorithm.MD5,
                Ha1.of("Mufasa", "testrealm@host.com", "Circle Of Life"),
                "GET",
                """
                Digest username="Mufasa",
                 realm="testrealm@host.com",
                 nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
                 uri="/dir/index.html",
                 qop=auth,
                 nc=00000001,
                 cnonce="0a4f113b",
                 response="6629fae49393a05397450978507c4ef1",
                 opaque="5ccc069c403ebaf9f0171e9517f40e41"\
                """);
    }

    @Test
    @Tag("RFC7616§3.9.1")
    void theMd5ExampleOfRfc7616Section391() {
        assertResponse(
                DigestAlgorithm.MD5,
                Ha1.of("Mufasa", "http-auth@example.org", "Circle of Life"),
                "GET",
                """
                Digest username="Mufasa", realm="http-auth@example.org",
                 uri="/dir/index.html", algorithm=MD5,
                 nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                 nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                 qop=auth, response="8ca523f5e9506fed4657c9700eebdbec",
                 opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"\
                """);
    }

    @Test
    @Tag("RFC7616§3.9.1")
    void theSha256ExampleOfRfc7616Section391() {
        assertResponse(
                DigestAlgorithm.SHA_256,
                Ha1.of("Mufasa", "http-auth@example.org", "Circle of Life"),
                "GET",
                """
                Digest username="Mufasa", realm="http-auth@example.org",
                 uri="/dir/index.html", algorithm=SHA-256,
                 nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                 nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                 qop=auth,
                 response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
                 opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"\
                """);
    }

    @Test
    void theSipExampleOfDraftSmithSipAuthExamplesSection33() {
        assertResponse(
                DigestAlgorithm.MD5,
                Ha1.of("bob", "biloxi.com", "zanzibar"),
                "INVITE",
                """
                Digest username="bob", realm="biloxi.com",
                 nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="sip:bob@biloxi.com",
                 qop=auth, nc=00000001, cnonce="0a4f113b",
                 response="89eb0059246c02b2f6ee02c7961d5ea3",
                 opaque="5ccc069c403ebaf9f0171e9517f40e41"\
                """);
    }

    private static void assertResponse(
            DigestAlgorithm algorithm, Ha1 ha1, String method, String header) {
        DigestCredentials credentials = parsed(header.replace("\n", ""));
        String secret = ha1.forAlgorithm(algorithm);
        assertThat(secret).isNotNull();
        assertThat(DigestGuard.response(algorithm, String.valueOf(secret), method, credentials))
                .isEqualTo(credentials.response());
    }

    static DigestCredentials parsed(String header) {
        DigestCredentials.Reading reading = DigestCredentials.read(header);
        assertThat(reading).isInstanceOf(DigestCredentials.Reading.Parsed.class);
        return ((DigestCredentials.Reading.Parsed) reading).credentials();
    }
}
