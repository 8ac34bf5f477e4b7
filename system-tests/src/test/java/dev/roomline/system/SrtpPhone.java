package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import dev.roomline.media.srtp.SrtpSession;
import java.net.DatagramSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An {@link RtpPhone} with SRTP by keys in its descriptions, for what no real phone would do. Its
 * cipher is the server's own; that others understand it real phones prove.
 */
final class SrtpPhone implements AutoCloseable {
    private static final SrtpProfile SUITE = SrtpProfile.AES128_CM_HMAC_SHA1_80;
    private static final Pattern KEY =
            Pattern.compile("a=crypto:\\d+ AES_CM_128_HMAC_SHA1_80 inline:(\\S+)");

    private final RtpPhone phone;
    private final SecureRandom random = new SecureRandom();
    private final double hertz;
    private byte[] own = new byte[0];
    private volatile SrtpSession sealing;
    private final List<SrtpSession> sessions = new ArrayList<>();
    private int sequence;

    static {
        // else the first packet of all tries every cipher for seconds
        SrtpSession.chooseCipher();
    }

    private SrtpPhone(BridgeProcess bridge, double hertz, String code) {
        phone = new RtpPhone(bridge);
        this.hertz = hertz;
        phone.callUpToAnswer(code, newOffer());
        sealing = session(phone.described());
        phone.acknowledge();
    }

    static SrtpPhone call(BridgeProcess bridge, double hertz, String code) {
        return new SrtpPhone(bridge, hertz, code);
    }

    private String newOffer() {
        own = new byte[SUITE.keyLength() + SUITE.saltLength()];
        random.nextBytes(own);
        return offer();
    }

    private String offer() {
        return SipText.offer("127.0.0.1", phone.rtp().getLocalPort()).replace("RTP/AVP", "RTP/SAVP")
                + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
                + Base64.getEncoder().encodeToString(own)
                + "\r\n";
    }

    private SrtpSession session(String answer) {
        Matcher key = KEY.matcher(answer);
        assertThat(key.find()).as(answer).isTrue();
        byte[] theirs = Base64.getDecoder().decode(key.group(1));
        SrtpSession session =
                new SrtpSession(
                        new SrtpKeys(
                                SUITE,
                                Arrays.copyOf(own, 16),
                                Arrays.copyOfRange(own, 16, 30),
                                Arrays.copyOf(theirs, 16),
                                Arrays.copyOfRange(theirs, 16, 30)),
                        8);
        sessions.add(session);
        return session;
    }

    /** Re-INVITEs with a new key; what it says is under that as soon as the server agreed. */
    void rekey() {
        SipTrace.Message answer = phone.reinvite(newOffer());
        assertThat(answer.status()).isEqualTo(200);
        sealing = session(answer.body());
    }

    /** Says the next 20 ms. */
    void speak() {
        byte[] frame = RtpPhone.frame(0x5ec, sequence++, hertz);
        byte[] packet = Arrays.copyOf(frame, frame.length + SrtpSession.TAIL_ROOM);
        int sealed = sealing.protectRtp(packet, 0, frame.length);
        RtpPhone.send(phone.rtp(), Arrays.copyOf(packet, sealed), phone.mediaPort());
    }

    /** Where the server expects it. */
    int mediaPort() {
        return phone.mediaPort();
    }

    DatagramSocket rtp() {
        return phone.rtp();
    }

    /** What came, opened by whichever key it is under; not while it speaks. */
    List<byte[]> opened(List<byte[]> packets) {
        List<byte[]> clear = new ArrayList<>();
        for (byte[] packet : packets) {
            for (SrtpSession session : sessions) {
                byte[] copy = packet.clone();
                int length = session.unprotectRtp(copy, 0, copy.length);
                if (length > 0) {
                    clear.add(Arrays.copyOf(copy, length));
                    break;
                }
            }
        }
        return clear;
    }

    void hangUp() {
        phone.hangUp();
    }

    @Override
    public void close() {
        phone.close();
    }
}
