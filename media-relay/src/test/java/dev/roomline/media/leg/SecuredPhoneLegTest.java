package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.sdp.MediaProtection;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A phone's leg under SRTP in virtual time, with its packets in lists. */
class SecuredPhoneLegTest extends SealedPhone {
    private static final byte[] NO_MKI = new byte[0];
    private static final SrtpProfile SUITE = SrtpProfile.AES128_CM_HMAC_SHA1_80;

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
        agree(new MediaProtection.Sdes(1, keys, mki, MediaProtection.Sdes.LONGEST_LIFETIME));
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

    @Test
    @Tag("RFC4568§6.1")
    void aKeyIsNotTakenBeyondTheLifetimeThatItsOwnerNamed() {
        SrtpKeys keys = keys(SUITE, 1, 2);
        agree(new MediaProtection.Sdes(1, keys, NO_MKI, 16));
        SrtpSession phone = phone(keys);
        for (int i = 0; i < 20; i++) {
            comes(sealed(phone), PHONE);
        }
        assertThat(heard).isEqualTo(16);
        assertThat(drops.of(Drop.SRTP_KEY_SPENT)).isEqualTo(4);

        agree(new MediaProtection.Sdes(1, keys, NO_MKI, 16));
        comes(sealed(phone), PHONE);
        assertThat(heard).as("the same key again is as old as it was").isEqualTo(16);

        SrtpKeys next = keys(SUITE, 1, 4);
        agree(new MediaProtection.Sdes(1, next, NO_MKI, 16));
        comes(sealed(phone(next)), PHONE);
        assertThat(heard).isEqualTo(17);
    }

    @Test
    @Tag("RFC4568§6.1")
    void aKeyThatIsMadeNewInTimeLosesNoPacketOfEither() {
        SrtpKeys before = keys(SUITE, 1, 2);
        SrtpKeys next = keys(SUITE, 1, 4);
        agree(new MediaProtection.Sdes(1, before, NO_MKI, 16));
        SrtpSession old = phone(before);
        for (int i = 0; i < 10; i++) {
            comes(sealed(old), PHONE);
        }
        agree(new MediaProtection.Sdes(1, next, NO_MKI, 16));
        // what it says until our 200 has reached it
        for (int i = 0; i < 6; i++) {
            comes(sealed(old), PHONE);
        }
        SrtpSession fresh = phone(next);
        for (int i = 0; i < 16; i++) {
            comes(sealed(fresh), PHONE);
        }
        assertThat(heard).isEqualTo(32);

        comes(sealed(old), PHONE);
        comes(sealed(fresh), PHONE);
        assertThat(heard).as("neither is taken beyond its own lifetime").isEqualTo(32);
        assertThat(drops.of(Drop.SRTP_KEY_SPENT)).isEqualTo(2);
    }
}
