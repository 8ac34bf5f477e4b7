package dev.roomline.sip.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom we believe. A server must have a certificate of an authority that is trusted, for the domain
 * that we call (RFC 5922). A client may have one: whether it is believed is noted for {@link
 * #verifiedNames}, and never a reason to refuse, since without one it would be served too. Used by
 * handshakes' threads; immutable.
 */
final class TlsTrust extends X509ExtendedTrustManager {
    private static final String VERIFIED = "dev.roomline.verified";

    /** Why a peer was refused, as a sentence. */
    @SuppressWarnings("serial")
    static final class Refused extends CertificateException {
        Refused(String sentence) {
            super(sentence);
        }
    }

    private final X509ExtendedTrustManager authorities;

    TlsTrust(X509ExtendedTrustManager authorities) {
        this.authorities = authorities;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        X509Certificate certificate = chain[0];
        Instant now = Instant.now();
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new Refused(
                    "its certificate expired on " + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new Refused(
                    "its certificate is not valid before "
                            + certificate.getNotBefore().toInstant());
        }
        try {
            authorities.checkServerTrusted(chain, type, engine);
        } catch (CertificateException untrusted) {
            throw new Refused(
                    "its certificate is of no authority that is trusted here: "
                            + bounded(certificate.getSubjectX500Principal().getName())
                            + ", issued by "
                            + bounded(certificate.getIssuerX500Principal().getName()));
        }
        String wanted = engine.getPeerHost();
        List<String> names = PeerNames.of(certificate);
        if (wanted == null || !PeerNames.matches(names, wanted)) {
            throw new Refused(
                    "its certificate is for "
                            + (names.isEmpty() ? "no name" : bounded(String.join(", ", names)))
                            + ", and not for "
                            + wanted);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        SSLSession session = engine.getHandshakeSession();
        try {
            authorities.checkClientTrusted(chain, type, engine);
            session.putValue(VERIFIED, PeerNames.of(chain[0]));
        } catch (CertificateException unknown) {
            session.removeValue(VERIFIED);
        }
    }

    /** For what a client's certificate speaks; empty if it showed none that is believed. */
    static List<String> verifiedNames(SSLSession session) {
        return session.getValue(VERIFIED) instanceof List<?> names
                ? names.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** A list of all whom we trust would fill a client's handshake; an empty one means any. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static String bounded(String text) {
        return text.length() <= 160 ? text : text.substring(0, 160) + "…";
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }
}
