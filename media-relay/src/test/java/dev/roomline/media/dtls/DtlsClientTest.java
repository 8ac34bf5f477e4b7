package dev.roomline.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.Hashtable;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcRSAContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** We begin: against our own server over a wire that loses, and against servers unlike it. */
class DtlsClientTest {
    private static final DtlsIdentity OURS = DtlsIdentity.generate();
    private static final DtlsIdentity THEIRS = DtlsIdentity.generate();

    /** One end of a wire that loses a seeded share. */
    private static class End implements DtlsListener {
        private final CompletableFuture<DtlsOutcome> outcome = new CompletableFuture<>();
        private final CompletableFuture<DtlsAssociation> other = new CompletableFuture<>();
        private final Random loss;
        private final int lossPercent;

        End(int lossPercent, int seed) {
            this.lossPercent = lossPercent;
            loss = new Random(seed);
        }

        @Override
        public void onDatagram(byte[] datagram) {
            if (loss.nextInt(100) >= lossPercent) {
                other.join().offer(datagram, 0, datagram.length);
            }
        }

        @Override
        public void onOutcome(DtlsOutcome told) {
            if (!outcome.complete(told)) {
                throw new IllegalStateException("told twice");
            }
        }

        @Override
        public void onClosed() {}

        DtlsOutcome told() throws Exception {
            return outcome.get(60, TimeUnit.SECONDS);
        }

        SrtpKeys keys() throws Exception {
            DtlsOutcome got = told();
            assertThat(got).isInstanceOf(DtlsOutcome.Established.class);
            return ((DtlsOutcome.Established) got).keys();
        }

        DtlsOutcome.Reason failure() throws Exception {
            DtlsOutcome got = told();
            assertThat(got).isInstanceOf(DtlsOutcome.Failed.class);
            return ((DtlsOutcome.Failed) got).reason();
        }
    }

    private record Pair(End client, End server) {}

    private static DtlsHandshakes of(DtlsIdentity identity, int limitMillis) {
        return new DtlsHandshakes(identity, 2, Duration.ofMillis(limitMillis));
    }

    private static Pair connect(
            DtlsHandshakes ours,
            DtlsHandshakes theirs,
            Fingerprint expected,
            int lossPercent,
            int seed) {
        End client = new End(lossPercent, seed);
        End server = new End(lossPercent, seed + 1);
        server.other.complete(ours.connect(List.of(expected), client));
        client.other.complete(theirs.accept(List.of(OURS.fingerprint()), server));
        return new Pair(client, server);
    }

    @Test
    @Tag("RFC5764§4.2")
    void bothSidesEndWithMirroredKeysOfTheBestProfile() throws Exception {
        try (DtlsHandshakes ours = of(OURS, 15_000);
                DtlsHandshakes theirs = of(THEIRS, 15_000)) {
            Pair pair = connect(ours, theirs, THEIRS.fingerprint(), 0, 1);
            SrtpKeys client = pair.client().keys();
            SrtpKeys server = pair.server().keys();

            assertThat(client.profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
            assertThat(server.profile()).isEqualTo(client.profile());
            assertThat(client.localKey()).isEqualTo(server.remoteKey());
            assertThat(client.remoteKey()).isEqualTo(server.localKey());
            assertThat(client.localSalt()).isEqualTo(server.remoteSalt());
            assertThat(client.remoteSalt()).isEqualTo(server.localSalt());
            assertThat(client.localKey()).isNotEqualTo(client.remoteKey());
        }
    }

    @Test
    void twentyAtOnceOverALossyWireAllAreKeyed() throws Exception {
        try (DtlsHandshakes ours = of(OURS, 60_000);
                DtlsHandshakes theirs = of(THEIRS, 60_000)) {
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pairs.add(connect(ours, theirs, THEIRS.fingerprint(), 10, 2 * i));
            }
            for (Pair pair : pairs) {
                assertThat(pair.client().keys().localKey())
                        .isEqualTo(pair.server().keys().remoteKey());
            }
        }
    }

    @Test
    @Tag("RFC5763§5")
    void aServerWithAnotherCertificateThanTheDescriptionsIsRefused() throws Exception {
        try (DtlsHandshakes ours = of(OURS, 15_000);
                DtlsHandshakes theirs = of(THEIRS, 15_000)) {
            Pair pair = connect(ours, theirs, OURS.fingerprint(), 0, 1);

            assertThat(pair.client().failure()).isEqualTo(DtlsOutcome.Reason.WRONG_FINGERPRINT);
            assertThat(pair.server().told()).isInstanceOf(DtlsOutcome.Failed.class);
        }
    }

    @Test
    void aServerThatNeverAnswersTimesOutAndOurCloseEndsTheWaiting() throws Exception {
        try (DtlsHandshakes ours = of(OURS, 600)) {
            End silent = new End(100, 1);
            ours.connect(List.of(THEIRS.fingerprint()), silent);
            assertThat(silent.failure()).isEqualTo(DtlsOutcome.Reason.TIMED_OUT);
        }
        try (DtlsHandshakes ours = of(OURS, 15_000)) {
            End closed = new End(100, 1);
            ours.connect(List.of(THEIRS.fingerprint()), closed).close();
            assertThat(closed.failure()).isEqualTo(DtlsOutcome.Reason.CLOSED);
        }
    }

    /** As PBXs have them. */
    @Test
    void aServerWithACertificateOfRsaIsServed() throws Exception {
        Server server = new Server(SrtpProfile.AES128_CM_HMAC_SHA1_80, true);
        End end = server.reachedBy(15_000);

        assertThat(end.keys().profile()).isEqualTo(SrtpProfile.AES128_CM_HMAC_SHA1_80);
        assertThat(server.clientsCertificate.get(20, TimeUnit.SECONDS))
                .isEqualTo(OURS.fingerprint());
    }

    @Test
    @Tag("RFC5764§4.1")
    void aServerWithoutSrtpIsRefused() throws Exception {
        assertThat(new Server(null, true).reachedBy(15_000).failure())
                .isEqualTo(DtlsOutcome.Reason.NO_SRTP_PROFILE);
    }

    @Test
    void aServerWithoutExtendedMasterSecretIsRefused() throws Exception {
        assertThat(
                        new Server(SrtpProfile.AES128_CM_HMAC_SHA1_80, false)
                                .reachedBy(15_000)
                                .failure())
                .isEqualTo(DtlsOutcome.Reason.NO_EXTENDED_MASTER_SECRET);
    }

    /** A server of the library's own making. */
    private static final class Server extends DefaultTlsServer {
        private final @Nullable SrtpProfile profile;
        private final boolean extendedMasterSecret;
        private final AsymmetricCipherKeyPair pair;
        private final TlsCertificate certificate;
        private final Fingerprint fingerprint;
        private final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<Fingerprint> clientsCertificate = new CompletableFuture<>();
        private Consumer<byte[]> out = _ -> {};

        Server(@Nullable SrtpProfile profile, boolean extendedMasterSecret) throws Exception {
            super(new BcTlsCrypto(new SecureRandom()));
            this.profile = profile;
            this.extendedMasterSecret = extendedMasterSecret;
            RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
            generator.init(
                    new RSAKeyGenerationParameters(
                            BigInteger.valueOf(65_537), new SecureRandom(), 2048, 64));
            pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=pbx");
            Instant now = Instant.now();
            var signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withRSA");
            var signer =
                    new BcRSAContentSignerBuilder(
                                    signature,
                                    new DefaultDigestAlgorithmIdentifierFinder().find(signature))
                            .build(pair.getPrivate());
            byte[] encoded =
                    new X509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(now.minus(Duration.ofDays(1))),
                                    Date.from(now.plus(Duration.ofDays(1))),
                                    name,
                                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                                            pair.getPublic()))
                            .build(signer)
                            .getEncoded();
            certificate = getCrypto().createCertificate(encoded);
            fingerprint = DtlsIdentity.fingerprintOf("sha-256", encoded);
        }

        /** How it ends for a client of ours. */
        End reachedBy(int limitMillis) throws Exception {
            try (DtlsHandshakes ours = of(OURS, limitMillis)) {
                End end =
                        new End(0, 1) {
                            @Override
                            public void onDatagram(byte[] datagram) {
                                received.add(datagram);
                            }
                        };
                DtlsAssociation association = ours.connect(List.of(fingerprint), end);
                out = datagram -> association.offer(datagram, 0, datagram.length);
                Thread.ofVirtual().start(this::run);
                end.told();
                return end;
            }
        }

        private void run() {
            try {
                DTLSTransport transport =
                        new DTLSServerProtocol().accept(this, new QueuedWire(received, out));
                transport.receive(new byte[2048], 0, 2048, 1000);
            } catch (IOException | RuntimeException ended) {
                clientsCertificate.completeExceptionally(ended);
            }
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        public boolean shouldUseExtendedMasterSecret() {
            return extendedMasterSecret;
        }

        @Override
        protected TlsCredentialedSigner getRSASignerCredentials() {
            return new BcDefaultTlsCredentialedSigner(
                    new TlsCryptoParameters(context),
                    (BcTlsCrypto) getCrypto(),
                    pair.getPrivate(),
                    new Certificate(new TlsCertificate[] {certificate}),
                    SignatureAndHashAlgorithm.getInstance(
                            HashAlgorithm.sha256, SignatureAlgorithm.rsa));
        }

        @Override
        public CertificateRequest getCertificateRequest() {
            return new CertificateRequest(
                    new short[] {ClientCertificateType.ecdsa_sign},
                    DtlsIdentity.peerSignatures(),
                    null);
        }

        @Override
        public void notifyClientCertificate(Certificate chain) throws IOException {
            clientsCertificate.complete(
                    DtlsIdentity.fingerprintOf("sha-256", chain.getCertificateAt(0).getEncoded()));
        }

        @Override
        @SuppressWarnings({"rawtypes", "JdkObsolete"})
        public Hashtable getServerExtensions() throws IOException {
            Hashtable extensions = super.getServerExtensions();
            if (profile != null) {
                TlsSRTPUtils.addUseSRTPExtension(
                        extensions, new UseSRTPData(new int[] {profile.dtlsValue()}, new byte[0]));
            }
            return extensions;
        }
    }
}
