package dev.roomline.media.dtls;

import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** A DTLS client on the other end of an in-memory wire that loses a seeded share both ways. */
public final class TestDtlsClient implements DtlsListener {

    private final @Nullable DtlsIdentity identity;
    private final SrtpProfile[] profiles;
    private boolean extendedMasterSecret = true;
    private final LinkedBlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
    private final CompletableFuture<DtlsOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<SrtpKeys> clientKeys = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Random loss = new Random(1);
    private int lossPercent;
    private int lastFlightLeftToLose;
    private @Nullable DtlsAssociation association;
    private Consumer<byte[]> out = datagram -> association().offer(datagram, 0, datagram.length);
    private @Nullable DTLSTransport transport;

    public TestDtlsClient(@Nullable DtlsIdentity identity, SrtpProfile... profiles) {
        this.identity = identity;
        this.profiles = profiles;
    }

    void withoutExtendedMasterSecret() {
        extendedMasterSecret = false;
    }

    void startSilent(DtlsHandshakes handshakes, List<Fingerprint> expected) {
        association = handshakes.accept(expected, this);
    }

    void start(DtlsHandshakes handshakes, List<Fingerprint> expected, int percent, int seed) {
        loss = new Random(seed);
        lossPercent = percent;
        startSilent(handshakes, expected);
        Thread.ofVirtual().start(this::run);
    }

    /** Begins over a road of somebody else's; what comes back is given to {@link #onDatagram}. */
    public void startOver(Consumer<byte[]> road) {
        out = road;
        Thread.ofVirtual().start(this::run);
    }

    private void run() {
        try {
            Client client = new Client();
            transport =
                    new DTLSClientProtocol().connect(client, new QueuedWire(toClient, this::send));
            clientKeys.complete(Objects.requireNonNull(client.keys));
            byte[] buffer = new byte[2048];
            while (closed.getCount() > 0) {
                transport.receive(buffer, 0, buffer.length, 200);
            }
        } catch (IOException | RuntimeException e) {
            clientKeys.completeExceptionally(e);
        }
    }

    private synchronized boolean lost() {
        return loss.nextInt(100) < lossPercent;
    }

    DtlsAssociation association() {
        return Objects.requireNonNull(association);
    }

    DtlsOutcome serverOutcome() throws Exception {
        return outcome.get(60, TimeUnit.SECONDS);
    }

    /** Whether {@link #keys()} would not wait. */
    public boolean isKeyed() {
        return clientKeys.isDone();
    }

    public SrtpKeys keys() throws Exception {
        return clientKeys.get(60, TimeUnit.SECONDS);
    }

    CountDownLatch closeTold() {
        return closed;
    }

    void close() throws IOException {
        Objects.requireNonNull(transport).close();
    }

    /** The wire will lose the server's first change_cipher_spec and the Finished behind it. */
    void losingTheServersLastFlightOnce() {
        lastFlightLeftToLose = 2;
    }

    private synchronized boolean isLastFlightLost(byte[] datagram) {
        boolean last = datagram[0] == 20 || datagram[4] != 0;
        return last && lastFlightLeftToLose-- > 0;
    }

    @Override
    public void onDatagram(byte[] datagram) {
        if (!isLastFlightLost(datagram) && !lost()) {
            toClient.add(datagram);
        }
    }

    @Override
    public void onOutcome(DtlsOutcome told) {
        if (!outcome.complete(told)) {
            throw new IllegalStateException("told twice");
        }
    }

    @Override
    public void onClosed() {
        closed.countDown();
    }

    private void send(byte[] datagram) {
        if (!lost()) {
            out.accept(datagram);
        }
    }

    private final class Client extends DefaultTlsClient {
        private @Nullable SrtpKeys keys;

        Client() {
            super(new BcTlsCrypto(new SecureRandom()));
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        public int getHandshakeResendTimeMillis() {
            return 200;
        }

        @Override
        public boolean shouldUseExtendedMasterSecret() {
            return extendedMasterSecret;
        }

        @Override
        @SuppressWarnings({"rawtypes", "JdkObsolete"})
        public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            if (profiles.length > 0) {
                int[] values = new int[profiles.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = profiles[i].dtlsValue();
                }
                TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(values, new byte[0]));
            }
            return extensions;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate certificate) {}

                @Override
                public @Nullable TlsCredentials getClientCredentials(CertificateRequest request)
                        throws IOException {
                    DtlsIdentity own = identity;
                    return own == null ? null : own.signer(context, (BcTlsCrypto) getCrypto());
                }
            };
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            int chosen =
                    TlsSRTPUtils.getUseSRTPExtension(serverExtensions).getProtectionProfiles()[0];
            for (SrtpProfile profile : SrtpProfile.values()) {
                if (profile.dtlsValue() == chosen) {
                    keys = export(profile);
                }
            }
        }

        private @Nullable Hashtable<?, ?> serverExtensions;

        @Override
        @SuppressWarnings({"rawtypes", "JdkObsolete"})
        public void processServerExtensions(Hashtable extensions) throws IOException {
            super.processServerExtensions(extensions);
            serverExtensions = extensions;
        }

        private SrtpKeys export(SrtpProfile p) {
            int key = p.keyLength();
            int salt = p.saltLength();
            byte[] m =
                    context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
            return new SrtpKeys(
                    p,
                    Arrays.copyOfRange(m, 0, key),
                    Arrays.copyOfRange(m, 2 * key, 2 * key + salt),
                    Arrays.copyOfRange(m, key, 2 * key),
                    Arrays.copyOfRange(m, 2 * key + salt, 2 * (key + salt)));
        }
    }
}
