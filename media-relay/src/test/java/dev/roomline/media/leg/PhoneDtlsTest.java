package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.dtls.DtlsAssociation;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsIdentity;
import dev.roomline.media.dtls.DtlsListener;
import dev.roomline.media.dtls.DtlsOutcome;
import dev.roomline.media.dtls.TestDtlsClient;
import dev.roomline.media.sdp.MediaProtection;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Handshakes that key a phone's leg, begun by the phone or by us. */
class PhoneDtlsTest extends SealedPhone {
    /** Of the phone's host, so that it may be heard, and not the phone. */
    private static final InetSocketAddress BESIDE =
            new InetSocketAddress(PHONE.getAddress(), 4_002);

    /** The loop, for the handshakes' threads. */
    private static final class Loop implements Poster {
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

        @Override
        public boolean post(Runnable task) {
            return tasks.add(task);
        }

        @Override
        public boolean postEnding(Runnable task) {
            return tasks.add(task);
        }

        void runUntil(BooleanSupplier done) throws InterruptedException {
            long until = System.nanoTime() + 20_000 * MILLI;
            while (!done.getAsBoolean() && System.nanoTime() < until) {
                Runnable task = tasks.poll(20, TimeUnit.MILLISECONDS);
                if (task != null) {
                    task.run();
                }
            }
        }
    }

    /** Gives a client what its port is sent. */
    private record Answers(TestDtlsClient sound, TestDtlsClient reports) implements Wire {
        @Override
        public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
            sound.onDatagram(Arrays.copyOfRange(bytes, offset, offset + length));
        }

        @Override
        public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
            reports.onDatagram(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    /** Gives each client what its address is sent. */
    private static final class Routed implements Wire {
        final Map<InetSocketAddress, TestDtlsClient> clients = new HashMap<>();

        @Override
        public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
            TestDtlsClient client = clients.get(to);
            if (client != null) {
                client.onDatagram(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        }

        @Override
        public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {}
    }

    @Test
    @Tag("RFC5764§4.1")
    void aHandshakeOnEachPortKeysSoundAndReports() throws Exception {
        Loop loop = new Loop();
        DtlsIdentity own = DtlsIdentity.generate();
        TestDtlsClient sound = new TestDtlsClient(own, SrtpProfile.AEAD_AES_128_GCM);
        TestDtlsClient reports = new TestDtlsClient(own, SrtpProfile.AES128_CM_HMAC_SHA1_80);
        try (DtlsHandshakes handshakes =
                new DtlsHandshakes(DtlsIdentity.generate(), 2, Duration.ofSeconds(15))) {
            leg.handshakeBy(new PhoneDtls(handshakes, loop, new Answers(sound, reports)));
            agree(new MediaProtection.Dtls(List.of(own.fingerprint()), false, ""));
            comes(Arrays.copyOf(frame(), 172), PHONE);
            leg.sendMix(new byte[160], 0, 160, -30);
            assertThat(rtp).as("nothing leaves before there are keys").isEmpty();
            assertThat(drops.of(Drop.SRTP_EARLY)).isEqualTo(1);

            sound.startOver(d -> loop.post(() -> comes(d, PHONE)));
            reports.startOver(d -> loop.post(() -> reports(d)));
            loop.runUntil(() -> leg.status("r", now()).encryption().startsWith("DTLS A"));
            // the handshakes go on only while their datagrams are carried
            loop.runUntil(() -> sound.isKeyed() && reports.isKeyed());
            SrtpSession phone = new SrtpSession(sound.keys(), 8);
            comes(sealed(phone), PHONE);
            leg.sendMix(new byte[160], 0, 160, -30);
            assertThat(heard).isEqualTo(1);
            byte[] packet = rtp.removeLast();
            assertThat(phone.unprotectRtp(packet, 0, packet.length)).isEqualTo(172);

            SrtpSession ofReports = new SrtpSession(reports.keys(), 8);
            loop.runUntil(this::hasReported);
            byte[] report = rtcp.removeLast();
            assertThat(ofReports.unprotectRtcp(report, 0, report.length)).isPositive();
        }
    }

    /** A phone that waits for us to begin, on both its ports. */
    private final class WaitingPhone implements Wire, AutoCloseable {
        private final DtlsIdentity identity = DtlsIdentity.generate();
        private final DtlsHandshakes handshakes =
                new DtlsHandshakes(identity, 2, Duration.ofSeconds(15));
        private final Loop loop;
        private final Map<Boolean, DtlsAssociation> ports = new HashMap<>();
        private final Map<Boolean, SrtpKeys> keys = new ConcurrentHashMap<>();
        private final List<InetSocketAddress> reached = new ArrayList<>();

        WaitingPhone(Loop loop) {
            this.loop = loop;
        }

        @Override
        public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
            take(false, to, bytes, offset, length);
        }

        @Override
        public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
            take(true, to, bytes, offset, length);
        }

        private void take(
                boolean control, InetSocketAddress to, byte[] bytes, int offset, int length) {
            reached.add(to);
            ports.computeIfAbsent(control, this::port).offer(bytes, offset, length);
        }

        private DtlsAssociation port(boolean control) {
            return handshakes.accept(
                    List.of(server.fingerprint()),
                    new DtlsListener() {
                        @Override
                        public void onDatagram(byte[] datagram) {
                            loop.post(() -> answer(control, datagram));
                        }

                        @Override
                        public void onOutcome(DtlsOutcome outcome) {
                            if (outcome instanceof DtlsOutcome.Established(SrtpKeys made)) {
                                keys.put(control, made);
                            }
                        }

                        @Override
                        public void onClosed() {}
                    });
        }

        private void answer(boolean control, byte[] datagram) {
            if (control) {
                reports(datagram);
            } else {
                // who is not where we knock could show another certificate in the phone's place
                comes(datagram, BESIDE);
                comes(datagram, PHONE);
            }
        }

        @Override
        public void close() {
            handshakes.close();
        }
    }

    private final DtlsIdentity server = DtlsIdentity.generate();

    @Test
    @Tag("RFC5763§5")
    void whereThePhoneWaitsWeBeginOnBothPortsAndNotBeforeItsAck() throws Exception {
        Loop loop = new Loop();
        try (WaitingPhone phone = new WaitingPhone(loop);
                DtlsHandshakes handshakes = new DtlsHandshakes(server, 2, Duration.ofSeconds(15))) {
            leg.handshakeBy(new PhoneDtls(handshakes, loop, phone));
            MediaProtection active =
                    new MediaProtection.Dtls(List.of(phone.identity.fingerprint()), true, "");
            leg.agreed(media().protectedBy(active), now());
            leg.join();
            leg.maintain(now());
            assertThat(loop.tasks).as("a spoofed INVITE makes us shake nobody's hand").isEmpty();

            leg.release();
            loop.runUntil(() -> phone.keys.size() == 2);
            loop.runUntil(() -> leg.status("r", now()).encryption().startsWith("DTLS A"));
            assertThat(drops.of(Drop.DTLS_REFUSED)).isPositive();
            assertThat(phone.reached)
                    .containsOnly(PHONE, new InetSocketAddress(PHONE.getAddress(), 4_001));
            SrtpSession sound = new SrtpSession(Objects.requireNonNull(phone.keys.get(false)), 8);
            comes(sealed(sound), PHONE);
            leg.sendMix(new byte[160], 0, 160, -30);
            assertThat(heard).isEqualTo(1);
            byte[] packet = rtp.removeLast();
            assertThat(sound.unprotectRtp(packet, 0, packet.length)).isEqualTo(172);

            leg.agreed(media().protectedBy(active), now());
            comes(sealed(sound), PHONE);
            assertThat(heard).as("the same association after a re-INVITE").isEqualTo(2);
        }
    }

    private void reports(byte[] datagram) {
        leg.onRtcpPort(
                datagram,
                0,
                datagram.length,
                new InetSocketAddress(PHONE.getAddress(), 4_001),
                now());
    }

    private boolean hasReported() {
        nowMillis += 1_000;
        leg.maintain(now());
        return !rtcp.isEmpty();
    }

    @Test
    @Tag("RFC5763§5")
    void aHandshakeWithAnotherCertificateEndsTheLegAndAStrangersIsNotBegun() throws Exception {
        Loop loop = new Loop();
        TestDtlsClient other =
                new TestDtlsClient(DtlsIdentity.generate(), SrtpProfile.AEAD_AES_128_GCM);
        try (DtlsHandshakes handshakes =
                new DtlsHandshakes(DtlsIdentity.generate(), 2, Duration.ofSeconds(15))) {
            leg.handshakeBy(new PhoneDtls(handshakes, loop, new Answers(other, other)));
            agree(
                    new MediaProtection.Dtls(
                            List.of(DtlsIdentity.generate().fingerprint()), false, ""));
            other.startOver(
                    d ->
                            loop.post(
                                    () -> {
                                        comes(d, ELSEWHERE);
                                        comes(d, PHONE);
                                    }));
            loop.runUntil(other::isKeyed);
            nowMillis += 14_000;
            leg.maintain(now());
            assertThat(lost).as("the phone itself may still come").isEmpty();
            loop.runUntil(this::isLostInTime);
        }
        assertThat(lost).singleElement().asString().contains("DTLS_FAILED WRONG_FINGERPRINT");
        assertThat(drops.of(Drop.RTP_STRANGER)).isPositive();
        assertThat(heard).isZero();
    }

    private boolean isLostInTime() {
        nowMillis += 100;
        leg.maintain(now());
        return !lost.isEmpty();
    }

    private final DtlsIdentity own = DtlsIdentity.generate();

    private TestDtlsClient phone() {
        return new TestDtlsClient(own, SrtpProfile.AEAD_AES_128_GCM);
    }

    private static TestDtlsClient impostor() {
        return new TestDtlsClient(DtlsIdentity.generate(), SrtpProfile.AEAD_AES_128_GCM);
    }

    private void assertIsKeyed(Loop loop, TestDtlsClient phone) throws Exception {
        loop.runUntil(
                () -> phone.isKeyed() && leg.status("r", now()).encryption().startsWith("DTLS A"));
        comes(sealed(new SrtpSession(phone.keys(), 8)), PHONE);
        assertThat(heard).isEqualTo(1);
        nowMillis += 16_000;
        leg.maintain(now());
        assertThat(lost).isEmpty();
    }

    /** A host may have many phones behind one address, and a stranger may be one of its users. */
    @Test
    void anotherCertificateFromBesideThePhoneDoesNotTakeItsPlace() throws Exception {
        Loop loop = new Loop();
        Routed wire = new Routed();
        TestDtlsClient before = impostor();
        TestDtlsClient beside = impostor();
        TestDtlsClient phone = phone();
        InetSocketAddress third = new InetSocketAddress(PHONE.getAddress(), 4_004);
        wire.clients.putAll(Map.of(BESIDE, before, third, beside, PHONE, phone));
        try (DtlsHandshakes handshakes =
                new DtlsHandshakes(DtlsIdentity.generate(), 2, Duration.ofSeconds(15))) {
            leg.handshakeBy(new PhoneDtls(handshakes, loop, wire));
            agree(new MediaProtection.Dtls(List.of(own.fingerprint()), false, ""));
            before.startOver(d -> loop.post(() -> comes(d, BESIDE)));
            loop.runUntil(before::isKeyed);
            beside.startOver(d -> loop.post(() -> comes(d, third)));
            phone.startOver(d -> loop.post(() -> comes(d, PHONE)));

            assertIsKeyed(loop, phone);
        }
    }

    /** A phone behind a NAT is not where its description says. */
    @Test
    void whereverAmongThosePermittedItComesFromTheCertificateSaysWhoItIs() throws Exception {
        Loop loop = new Loop();
        Routed wire = new Routed();
        TestDtlsClient impostor = impostor();
        TestDtlsClient phone = phone();
        wire.clients.putAll(Map.of(PHONE, impostor, BESIDE, phone));
        try (DtlsHandshakes handshakes =
                new DtlsHandshakes(DtlsIdentity.generate(), 2, Duration.ofSeconds(15))) {
            leg.handshakeBy(new PhoneDtls(handshakes, loop, wire));
            agree(new MediaProtection.Dtls(List.of(own.fingerprint()), false, ""));
            impostor.startOver(d -> loop.post(() -> comes(d, PHONE)));
            loop.runUntil(impostor::isKeyed);
            phone.startOver(d -> loop.post(() -> comes(d, BESIDE)));

            assertIsKeyed(loop, phone);
        }
    }

    /** One datagram of each, and then silence: each keeps its place for 15 s. */
    @Test
    void whoBeginsFromManyPortsLeavesThePlaceOfTheDescribedSource() throws Exception {
        Loop loop = new Loop();
        Routed wire = new Routed();
        TestDtlsClient impostor = impostor();
        TestDtlsClient phone = phone();
        List<byte[]> hello = new ArrayList<>();
        try (DtlsHandshakes handshakes =
                new DtlsHandshakes(DtlsIdentity.generate(), 2, Duration.ofSeconds(15))) {
            leg.handshakeBy(new PhoneDtls(handshakes, loop, wire));
            agree(new MediaProtection.Dtls(List.of(own.fingerprint()), false, ""));
            impostor.startOver(d -> loop.post(() -> hello.add(d)));
            loop.runUntil(() -> !hello.isEmpty());
            for (int port = 5_000; port < 5_010; port++) {
                comes(hello.getFirst(), new InetSocketAddress(PHONE.getAddress(), port));
            }
            assertThat(drops.of(Drop.DTLS_REFUSED)).isEqualTo(10 - (PhoneDtls.MOST_OPEN - 1));
            byte[] junk = hello.getFirst().clone();
            junk[13] = 2;
            comes(junk, PHONE);
            assertThat(drops.of(Drop.DTLS_REFUSED)).as("nothing begins so").isEqualTo(9);
            // forged in the phone's name, more than a handshake has
            for (int i = 0; i < 65; i++) {
                comes(hello.getFirst(), PHONE);
            }
            assertThat(drops.of(Drop.DTLS_REFUSED)).isGreaterThan(9);

            wire.clients.put(PHONE, phone);
            phone.startOver(d -> loop.post(() -> comes(d, PHONE)));
            assertIsKeyed(loop, phone);
        }
    }
}
