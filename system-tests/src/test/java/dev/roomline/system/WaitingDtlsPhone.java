package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A phone that wants to be begun with ({@code a=setup:passive}): its handshakes are OpenSSL's, with
 * a certificate of RSA as PBXs have it, behind the one port that its sound comes from too.
 */
final class WaitingDtlsPhone implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final SrtpProfile SUITE = SrtpProfile.AES128_CM_HMAC_SHA1_80;
    private static final Pattern MATERIAL = Pattern.compile("Keying material: ([0-9A-F]{120})");
    private static final Pattern SHOWN =
            Pattern.compile(
                    "-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

    static {
        SrtpSession.chooseCipher();
    }

    private final RtpPhone phone;
    private final double hertz;
    private final Path folder = Workspace.folder("waiting-phone");
    private final int tlsPort = FreePorts.one();
    private final DatagramSocket inside = RtpPhone.socket();
    private final ChildProcess openssl;
    private final List<byte[]> sealed = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private int sequence;

    private WaitingDtlsPhone(BridgeProcess bridge, double hertz) {
        phone = new RtpPhone(bridge);
        this.hertz = hertz;
        run(
                "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=phone -days 2 -keyout k.pem -out c.pem");
        openssl =
                ChildProcess.startFed(
                        "openssl",
                        folder,
                        words(
                                "openssl s_server -dtls1_2 -accept 127.0.0.1:%d -cert c.pem -key k.pem -Verify 1 -use_srtp SRTP_AES128_CM_SHA1_80 -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen 60"
                                        .formatted(tlsPort)));
        await().atMost(LIMIT).until(() -> openssl.output().contains("ACCEPT"));
        Thread.ofVirtual().start(this::fromServer);
        Thread.ofVirtual().start(this::fromOpenssl);
    }

    /** Calls; returns when the server has shaken hands with it and it says its tone. */
    static WaitingDtlsPhone call(BridgeProcess bridge, double hertz, String code) {
        WaitingDtlsPhone made = new WaitingDtlsPhone(bridge, hertz);
        made.phone.callUpToAnswer(code, made.offer());
        made.phone.acknowledge();
        SrtpSession session = new SrtpSession(made.keys(), 8);
        var _ =
                made.pace.scheduleAtFixedRate(
                        () -> made.speak(session), 0, 20, TimeUnit.MILLISECONDS);
        return made;
    }

    private String offer() {
        return SipText.offer("127.0.0.1", phone.rtp().getLocalPort())
                        .replace("RTP/AVP", "UDP/TLS/RTP/SAVP")
                + "a=rtcp-mux\r\na=setup:passive\r\na=fingerprint:sha-256 "
                + fingerprint(Workspace.read(folder.resolve("c.pem")))
                + "\r\n";
    }

    /** What the server's answer says of its own certificate and of who begins. */
    String described() {
        return phone.described();
    }

    /** The certificate that the server showed in the handshake. */
    String shownFingerprint() {
        Matcher shown = SHOWN.matcher(openssl.output());
        assertThat(shown.find()).as(openssl.output()).isTrue();
        return fingerprint(shown.group());
    }

    private static String fingerprint(String pem) {
        try {
            byte[] certificate =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)))
                            .getEncoded();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate);
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The exporter's octets: both keys, then both salts, the client's first (RFC 5764 §4.2). */
    private SrtpKeys keys() {
        await().atMost(LIMIT)
                .failFast("openssl ended", () -> !openssl.isAlive())
                .until(() -> MATERIAL.matcher(openssl.output()).find());
        Matcher found = MATERIAL.matcher(openssl.output());
        assertThat(found.find()).isTrue();
        byte[] octets = HexFormat.of().parseHex(found.group(1));
        return new SrtpKeys(
                SUITE,
                Arrays.copyOfRange(octets, 16, 32),
                Arrays.copyOfRange(octets, 46, 60),
                Arrays.copyOfRange(octets, 0, 16),
                Arrays.copyOfRange(octets, 32, 46));
    }

    private void speak(SrtpSession session) {
        byte[] frame = RtpPhone.frame(0x5ed, sequence++, hertz);
        byte[] packet = Arrays.copyOf(frame, frame.length + SrtpSession.TAIL_ROOM);
        int length = session.protectRtp(packet, 0, frame.length);
        RtpPhone.send(phone.rtp(), Arrays.copyOf(packet, length), phone.mediaPort());
    }

    /** What it has heard so far. */
    Recording heard() {
        SrtpSession session = new SrtpSession(keys(), 8);
        List<byte[]> clear =
                sealed.stream().map(byte[]::clone).map(packet -> opened(session, packet)).toList();
        return RtpPhone.sound(clear);
    }

    private static byte[] opened(SrtpSession session, byte[] packet) {
        return Arrays.copyOf(packet, Math.max(0, session.unprotectRtp(packet, 0, packet.length)));
    }

    /** DTLS goes on to OpenSSL, sound is kept (RFC 7983 §7). */
    private void fromServer() {
        carry(
                phone.rtp(),
                packet -> {
                    if (packet[0] >= 20 && packet[0] <= 63) {
                        RtpPhone.send(inside, packet, tlsPort);
                    } else {
                        sealed.add(packet);
                    }
                });
    }

    private void fromOpenssl() {
        carry(inside, packet -> RtpPhone.send(phone.rtp(), packet, phone.mediaPort()));
    }

    private static void carry(DatagramSocket from, Consumer<byte[]> to) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            while (!from.isClosed()) {
                packet.setLength(2048);
                from.receive(packet);
                to.accept(Arrays.copyOf(packet.getData(), packet.getLength()));
            }
        } catch (SocketException | UncheckedIOException closed) {
            // the test is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> words(String command) {
        return List.of(command.split(" "));
    }

    private void run(String command) {
        try (ChildProcess process = ChildProcess.start("certificate", folder, words(command))) {
            assertThat(process.awaitExit(LIMIT)).as(process.output()).isZero();
        }
    }

    void hangUp() {
        phone.hangUp();
    }

    @Override
    public void close() {
        pace.shutdownNow();
        openssl.close();
        inside.close();
        phone.close();
    }
}
