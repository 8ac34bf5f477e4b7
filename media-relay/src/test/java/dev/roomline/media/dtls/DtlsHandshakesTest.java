package dev.roomline.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DtlsHandshakesTest {

    private static final DtlsIdentity SERVER = DtlsIdentity.generate();
    private static final DtlsIdentity CLIENT = DtlsIdentity.generate();

    private static DtlsHandshakes handshakes(int limitMillis) {
        return new DtlsHandshakes(SERVER, 1, Duration.ofMillis(limitMillis));
    }

    private static DtlsOutcome.Reason failure(DtlsOutcome outcome) {
        assertThat(outcome).isInstanceOf(DtlsOutcome.Failed.class);
        return ((DtlsOutcome.Failed) outcome).reason();
    }

    private static SrtpKeys keys(DtlsOutcome outcome) {
        assertThat(outcome).isInstanceOf(DtlsOutcome.Established.class);
        return ((DtlsOutcome.Established) outcome).keys();
    }

    private static void assertMirrored(SrtpKeys server, SrtpKeys client) {
        assertThat(server.profile()).isEqualTo(client.profile());
        assertThat(server.localKey()).isEqualTo(client.remoteKey());
        assertThat(server.remoteKey()).isEqualTo(client.localKey());
        assertThat(server.localSalt()).isEqualTo(client.remoteSalt());
        assertThat(server.remoteSalt()).isEqualTo(client.localSalt());
        assertThat(server.localKey()).isNotEqualTo(server.remoteKey());
    }

    @ParameterizedTest
    @EnumSource(
            value = SrtpProfile.class,
            names = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES128_CM_HMAC_SHA1_80"})
    @Tag("RFC5764§4.2")
    void bothSidesEndWithMirroredKeys(SrtpProfile profile) throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT, profile);
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            SrtpKeys server = keys(client.serverOutcome());
            assertThat(server.profile()).isEqualTo(profile);
            assertMirrored(server, client.keys());
        }
    }

    @Test
    @Tag("RFC5764§4.1")
    void gcmIsPreferredWhateverTheClientPrefers() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client =
                    new TestDtlsClient(
                            CLIENT,
                            SrtpProfile.AES128_CM_HMAC_SHA1_80,
                            SrtpProfile.AEAD_AES_128_GCM);
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            assertThat(keys(client.serverOutcome()).profile())
                    .isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
        }
    }

    @Test
    void fiftyAtOnceOverALossyWireAllReachUs() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(60_000)) {
            List<TestDtlsClient> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
                client.start(handshakes, List.of(CLIENT.fingerprint()), 10, i);
                clients.add(client);
            }
            for (TestDtlsClient client : clients) {
                keys(client.serverOutcome());
            }
        }
    }

    @Test
    void aLostLastFlightIsSentAgainAfterTheHandshakeIsOverForUs() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            client.losingTheServersLastFlightOnce();
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            assertMirrored(keys(client.serverOutcome()), client.keys());
        }
    }

    @Test
    @Tag("RFC5763§5")
    void anotherCertificateThanTheDescriptionsIsRefused() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            client.start(handshakes, List.of(SERVER.fingerprint()), 0, 1);

            assertThat(failure(client.serverOutcome()))
                    .isEqualTo(DtlsOutcome.Reason.WRONG_FINGERPRINT);
        }
    }

    @Test
    void aFingerprintUnderAHashThatIsNotServedMatchesNothing() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            client.start(handshakes, List.of(new Fingerprint("sha-1", "")), 0, 1);

            assertThat(failure(client.serverOutcome()))
                    .isEqualTo(DtlsOutcome.Reason.WRONG_FINGERPRINT);
        }
    }

    @Test
    void aClientWithoutCertificateIsRefused() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(null, SrtpProfile.AEAD_AES_128_GCM);
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            assertThat(failure(client.serverOutcome()))
                    .isEqualTo(DtlsOutcome.Reason.NO_CERTIFICATE);
        }
    }

    @Test
    @Tag("RFC7627§5.3")
    void aClientWithoutExtendedMasterSecretIsRefused() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            client.withoutExtendedMasterSecret();
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            assertThat(failure(client.serverOutcome()))
                    .isEqualTo(DtlsOutcome.Reason.NO_EXTENDED_MASTER_SECRET);
        }
    }

    @Test
    @Tag("RFC5764§4.1")
    void aClientWithoutSrtpIsRefused() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT);
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            assertThat(failure(client.serverOutcome()))
                    .isEqualTo(DtlsOutcome.Reason.NO_SRTP_PROFILE);
        }
    }

    @Test
    void aSilentPeerTimesOutAndHoldsUpNobody() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(700)) {
            TestDtlsClient silent = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            silent.startSilent(handshakes, List.of(CLIENT.fingerprint()));
            TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);

            keys(client.serverOutcome());
            assertThat(failure(silent.serverOutcome())).isEqualTo(DtlsOutcome.Reason.TIMED_OUT);
        }
    }

    @Test
    void theClientsCloseIsTold() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient client = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            client.start(handshakes, List.of(CLIENT.fingerprint()), 0, 1);
            keys(client.serverOutcome());
            client.keys();
            client.close();

            assertThat(client.closeTold().await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void ourCloseEndsAHandshakeThatWaits() throws Exception {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient silent = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            silent.startSilent(handshakes, List.of(CLIENT.fingerprint()));
            silent.association().close();

            assertThat(failure(silent.serverOutcome())).isEqualTo(DtlsOutcome.Reason.CLOSED);
            assertThat(silent.association().offer(new byte[20], 0, 20))
                    .isEqualTo(DtlsAssociation.Verdict.CLOSED);
        }
    }

    @Test
    void garbageIsFilteredBoundedAndNeverThrows() {
        try (DtlsHandshakes handshakes = handshakes(15_000)) {
            TestDtlsClient silent = new TestDtlsClient(CLIENT, SrtpProfile.AEAD_AES_128_GCM);
            silent.startSilent(handshakes, List.of(CLIENT.fingerprint()));
            Random random = new Random(4);
            int taken = 0;
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[13 + random.nextInt(100)];
                random.nextBytes(bytes);
                bytes[0] = (byte) (20 + random.nextInt(4));
                bytes[1] = (byte) 0xfe;
                bytes[2] = (byte) 0xfd;
                bytes[11] = 0;
                if (silent.association().offer(bytes, 0, bytes.length)
                        == DtlsAssociation.Verdict.TAKEN) {
                    taken++;
                }
            }
            assertThat(taken).isBetween(1, RecordFilter.MAX_HANDSHAKE_DATAGRAMS);
        }
    }

    /** Found on the lossy wire: the library never looks at the old epoch again. */
    @Test
    void aChangeOfCipherThatOvertookTheCertificateVerifyIsWithheld() {
        RecordFilter filter = new RecordFilter(/* peerSigns= */ true);
        byte[] change = {20, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
        byte[] verify = new byte[13 + 12 + 4];
        verify[0] = 22;
        verify[1] = (byte) 0xfe;
        verify[2] = (byte) 0xfd;
        verify[12] = 16;
        verify[13] = 15;
        verify[16] = 8; // declared
        verify[24] = 4; // its first half
        byte[] rest = verify.clone();
        rest[21] = 4; // its second half

        assertThat(filter.inOrder(change, 0, change.length)).isZero();
        assertThat(filter.inOrder(rest, 0, rest.length)).isEqualTo(rest.length);
        assertThat(filter.inOrder(verify, 0, verify.length)).isEqualTo(verify.length);
        assertThat(filter.inOrder(change, 0, change.length)).isZero();
        byte[] both = java.util.Arrays.copyOf(rest, rest.length + change.length);
        System.arraycopy(change, 0, both, rest.length, change.length);
        assertThat(filter.inOrder(both, 0, both.length)).isEqualTo(both.length);
        assertThat(filter.inOrder(change, 0, change.length)).isEqualTo(change.length);
    }

    @Test
    void lyingLengthsAreMalformed() {
        byte[] hello = new byte[13 + 12];
        hello[0] = 22;
        hello[1] = (byte) 0xfe;
        hello[2] = (byte) 0xfd;
        hello[12] = 12;
        hello[13] = 1;
        assertThat(RecordFilter.isSound(hello, 0, hello.length)).isTrue();
        byte[] huge = hello.clone();
        huge[14] = 1; // declares 65,536 octets
        assertThat(RecordFilter.isSound(huge, 0, huge.length)).isFalse();
        byte[] beyond = hello.clone();
        beyond[16] = 5;
        beyond[24] = 5; // a fragment that is not in the record
        assertThat(RecordFilter.isSound(beyond, 0, beyond.length)).isFalse();
        byte[] outside = hello.clone();
        outside[21] = 9; // a fragment beyond the declared end
        assertThat(RecordFilter.isSound(outside, 0, outside.length)).isFalse();
        byte[] longRecord = hello.clone();
        longRecord[11] = 1;
        assertThat(RecordFilter.isSound(longRecord, 0, longRecord.length)).isFalse();
        assertThat(RecordFilter.isSound(new byte[65_507], 0, 65_507)).isFalse();
    }
}
