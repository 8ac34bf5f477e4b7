package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsIdentity;
import dev.roomline.media.dtls.TestDtlsClient;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.MediaProtection;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A phone's leg under SRTP in virtual time, with its packets in lists. */
class SecuredPhoneLegTest implements Wire, LegEvents {
    private static final long MILLI = 1_000_000L;
    private static final InetSocketAddress PHONE =
            new InetSocketAddress(InetAddress.ofLiteral("203.0.113.5"), 4_000);
    private static final InetSocketAddress ELSEWHERE =
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.66"), 4_000);
    private static final byte[] NO_MKI = new byte[0];
    private static final SrtpProfile SUITE = SrtpProfile.AES128_CM_HMAC_SHA1_80;

    private final List<byte[]> rtp = new ArrayList<>();
    private final List<byte[]> rtcp = new ArrayList<>();
    private final DropCounters drops = new DropCounters();
    private final PhoneLeg leg =
            new PhoneLeg(
                    7,
                    new Workbench(
                            Codecs.load(), 5, PassThroughPolicy.AUTO, drops, new Random(3), 0),
                    new AddressRule(PHONE.getAddress(), List.of()),
                    this,
                    this,
                    "name",
                    Duration.ofSeconds(30),
                    0);
    private long nowMillis;
    private int sequence = 65_500;
    private int heard;
    private final List<String> lost = new ArrayList<>();

    @Override
    public void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        rtp.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        rtcp.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void onConnected(Leg connected) {}

    @Override
    public void onSound(Leg speaker) {}

    @Override
    public boolean onPacket(Leg speaker, SoundPacket sound, long nowNanos) {
        heard++;
        for (int i = 0; i < sound.length(); i++) {
            assertThat(sound.octets()[sound.offset() + i]).isEqualTo((byte) 0x55);
        }
        return true;
    }

    @Override
    public void onDtmf(Leg pressed, char digit, int durationMillis) {}

    @Override
    public void onLost(Leg gone, LegLoss loss, String detail) {
        lost.add(loss + " " + detail);
    }

    /**
     * @param ours seed of our key
     * @param theirs seed of the phone's
     */
    private static SrtpKeys keys(SrtpProfile profile, int ours, int theirs) {
        return new SrtpKeys(
                profile,
                octets(ours, profile.keyLength()),
                octets(-ours, profile.saltLength()),
                octets(theirs, profile.keyLength()),
                octets(-theirs, profile.saltLength()));
    }

    private static byte[] octets(int seed, int length) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    /** The phone's side of the same. */
    private static SrtpSession phone(SrtpKeys keys) {
        return new SrtpSession(
                new SrtpKeys(
                        keys.profile(),
                        /* localKey= */ keys.remoteKey(),
                        /* localSalt= */ keys.remoteSalt(),
                        /* remoteKey= */ keys.localKey(),
                        /* remoteSalt= */ keys.localSalt()),
                8);
    }

    private void agree(SrtpKeys keys, byte[] mki) {
        agree(new MediaProtection.Sdes(1, keys, mki));
    }

    private void agree(MediaProtection protection) {
        PhoneMedia plain =
                new PhoneMedia(
                        AudioCodec.PCMU,
                        0,
                        0,
                        20,
                        PHONE,
                        new InetSocketAddress(PHONE.getAddress(), 4_001),
                        false,
                        Direction.SENDRECV,
                        false,
                        null,
                        -1,
                        OpusParameters.DEFAULT);
        leg.agreed(plain.protectedBy(protection), now());
        leg.join();
        leg.release();
    }

    private long now() {
        return nowMillis * MILLI;
    }

    private byte[] frame() {
        byte[] packet = new byte[12 + 160 + SrtpSession.TAIL_ROOM];
        int at =
                new RtpWriter()
                        .start(packet, 0, false, 0, sequence & 0xFFFF, 160 * sequence, 99)
                        .end();
        Arrays.fill(packet, at, at + 160, (byte) 0x55);
        sequence++;
        nowMillis += 20;
        return packet;
    }

    private byte[] sealed(SrtpSession by) {
        byte[] packet = frame();
        return Arrays.copyOf(packet, by.protectRtp(packet, 0, 172));
    }

    private void comes(byte[] packet, InetSocketAddress from) {
        byte[] datagram = Arrays.copyOf(packet, packet.length + 32);
        leg.onRtpPort(datagram, 0, packet.length, from, now());
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void soundGoesBothWaysUnderEverySuiteAcrossARollOver(SrtpProfile profile) {
        SrtpKeys keys = keys(profile, 1, 2);
        agree(keys, NO_MKI);
        SrtpSession phone = phone(keys);
        for (int i = 0; i < 100; i++) {
            comes(sealed(phone), PHONE);
            leg.sendMix(new byte[160], 0, 160, -30);
        }

        assertThat(heard).isEqualTo(100);
        assertThat(rtp).hasSize(100);
        for (byte[] packet : rtp) {
            assertThat(packet).hasSize(172 + profile.rtpOverhead());
            assertThat(phone.unprotectRtp(packet, 0, packet.length)).isEqualTo(172);
        }
    }

    @Test
    void whatIsForgedOrPlainOrSentTwiceIsDroppedByReasonAndProvesNoSource() {
        SrtpKeys keys = keys(SUITE, 1, 2);
        agree(keys, NO_MKI);
        SrtpSession phone = phone(keys);
        byte[] first = sealed(phone);
        comes(first, PHONE);
        comes(first, PHONE);
        byte[] damaged = sealed(phone);
        damaged[50] ^= 1;
        comes(damaged, PHONE);
        for (int i = 0; i < 8; i++) {
            comes(Arrays.copyOf(frame(), 172), PHONE);
        }
        // of a permitted host: four of these in a row would prove another port
        for (int i = 0; i < 8; i++) {
            comes(Arrays.copyOf(frame(), 182), new InetSocketAddress(PHONE.getAddress(), 5_000));
        }
        for (int i = 0; i < 8; i++) {
            comes(sealed(phone), ELSEWHERE);
        }

        assertThat(heard).isEqualTo(1);
        assertThat(drops.of(Drop.SRTP_REPLAYED)).isEqualTo(1);
        assertThat(drops.of(Drop.SRTP_NOT_AUTHENTIC)).isEqualTo(17);
        assertThat(drops.of(Drop.RTP_STRANGER)).isEqualTo(8);
        comes(sealed(phone), PHONE);
        assertThat(heard).as("the phone itself is heard on").isEqualTo(2);
    }

    @Test
    void nothingLeavesPlainAndReportsAreSealedToo() {
        SrtpKeys keys = keys(SUITE, 1, 2);
        agree(keys, NO_MKI);
        SrtpSession phone = phone(keys);
        for (int i = 0; i < 400; i++) {
            comes(sealed(phone), PHONE);
            leg.sendMix(new byte[160], 0, 160, -30);
            leg.maintain(now());
        }

        assertThat(rtcp).isNotEmpty();
        for (byte[] report : rtcp) {
            byte[] copy = report.clone();
            assertThat(phone.unprotectRtcp(copy, 0, copy.length)).isPositive();
        }
        assertThat(rtp).allSatisfy(packet -> assertThat(packet).hasSize(182));
    }

    @Test
    void reportsThatAreNotAuthenticAreNotRead() {
        SrtpKeys keys = keys(SUITE, 1, 2);
        agree(keys, NO_MKI);
        byte[] report = new byte[28 + SrtpSession.TAIL_ROOM];
        report[0] = (byte) 0x80;
        report[1] = (byte) 201;
        report[3] = 1;
        leg.onRtcpPort(report.clone(), 0, 28, PHONE, now());
        assertThat(drops.of(Drop.SRTP_NOT_AUTHENTIC)).isEqualTo(1);

        int sealed = phone(keys).protectRtcp(report, 0, 8);
        leg.onRtcpPort(report, 0, sealed, PHONE, now());
        assertThat(drops.of(Drop.SRTP_NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(drops.of(Drop.RTCP_MALFORMED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void anMkiIsTakenOutWhereverItStands(SrtpProfile profile) {
        byte[] mki = {0, 0, 0, 7};
        SrtpKeys keys = keys(profile, 1, 2);
        agree(keys, mki);
        SrtpSession phone = phone(keys);
        for (int i = 0; i < 10; i++) {
            comes(withMki(sealed(phone), mki, profile.rtpTag()), PHONE);
        }
        comes(withMki(sealed(phone), new byte[] {0, 0, 0, 8}, profile.rtpTag()), PHONE);

        assertThat(heard).isEqualTo(10);
        assertThat(drops.of(Drop.SRTP_REFUSED)).isEqualTo(1);
    }

    private static byte[] withMki(byte[] packet, byte[] mki, int tag) {
        byte[] named = Arrays.copyOf(packet, packet.length + mki.length);
        int at = packet.length - tag;
        System.arraycopy(mki, 0, named, at, mki.length);
        System.arraycopy(packet, at, named, at + mki.length, tag);
        return named;
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void aNewKeyIsHeardAtOnceAndTheOneBeforeForWhatIsOnItsWay(SrtpProfile profile) {
        SrtpKeys before = keys(profile, 1, 2);
        SrtpKeys next = keys(profile, 3, 4);
        agree(before, NO_MKI);
        SrtpSession old = phone(before);
        for (int i = 0; i < 5; i++) {
            comes(sealed(old), PHONE);
        }
        byte[] late = sealed(old);
        byte[] tooLate = sealed(old);
        agree(next, NO_MKI);
        // it turns when our 200 has reached it
        for (int i = 0; i < 20; i++) {
            comes(sealed(old), PHONE);
        }
        SrtpSession fresh = phone(next);
        comes(sealed(fresh), PHONE);
        comes(late, PHONE);
        for (int i = 0; i < 20; i++) {
            comes(sealed(fresh), PHONE);
        }
        assertThat(heard).isEqualTo(47);

        nowMillis += PhoneSeal.IN_FLIGHT_NANOS / MILLI;
        comes(tooLate, PHONE);
        comes(sealed(old), PHONE);
        assertThat(heard).isEqualTo(47);
        assertThat(drops.of(Drop.SRTP_NOT_AUTHENTIC)).isEqualTo(2);
    }

    @Test
    void thePhonesNewKeyLeavesOurNumberingAsItIs() {
        SrtpKeys before = keys(SUITE, 1, 2);
        agree(before, NO_MKI);
        SrtpSession old = phone(before);
        // past a roll-over of what we send, which a new context would not know of
        for (int i = 0; i < 66_000; i++) {
            leg.sendMix(new byte[160], 0, 160, -30);
            byte[] packet = rtp.removeLast();
            assertThat(old.unprotectRtp(packet, 0, packet.length)).isEqualTo(172);
        }
        agree(keys(SUITE, 1, 5), NO_MKI);
        leg.sendMix(new byte[160], 0, 160, -30);

        byte[] packet = rtp.removeLast();
        assertThat(old.unprotectRtp(packet, 0, packet.length)).isEqualTo(172);
    }

    @Test
    void aKeyThatNobodyTurnsToLetsTheOldOneGo() {
        SrtpKeys before = keys(SUITE, 1, 2);
        agree(before, NO_MKI);
        SrtpSession old = phone(before);
        comes(sealed(old), PHONE);
        agree(keys(SUITE, 3, 4), NO_MKI);
        comes(sealed(old), PHONE);
        assertThat(heard).isEqualTo(2);

        nowMillis += PhoneSeal.TURN_NANOS / MILLI;
        comes(sealed(old), PHONE);
        assertThat(heard).isEqualTo(2);
    }

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
            agree(new MediaProtection.Dtls(List.of(own.fingerprint())));
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
            agree(new MediaProtection.Dtls(List.of(DtlsIdentity.generate().fingerprint())));
            other.startOver(
                    d ->
                            loop.post(
                                    () -> {
                                        comes(d, ELSEWHERE);
                                        comes(d, PHONE);
                                    }));
            loop.runUntil(() -> !lost.isEmpty());
        }
        assertThat(lost).singleElement().asString().contains("DTLS_FAILED WRONG_FINGERPRINT");
        assertThat(drops.of(Drop.RTP_STRANGER)).isPositive();
        assertThat(heard).isZero();
    }
}
