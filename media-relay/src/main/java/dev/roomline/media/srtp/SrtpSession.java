package dev.roomline.media.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;

/**
 * SRTP and SRTCP with one peer (RFC 3711, RFC 7714), in place on arrays. Each method returns the
 * packet's new length, or a negative number that {@link SrtpFault#of} names. Owner: the media loop.
 *
 * <p>Every SSRC has a context of its own, with roll-over counter and replay window. What comes in
 * gets one only by its first authentic packet; until then a single spare serves whatever SSRC is
 * tried, so that forged packets leave nothing behind.
 */
public final class SrtpSession implements AutoCloseable {

    /** Octets that must be free behind a packet that is to be protected. */
    public static final int TAIL_ROOM = 20;

    private static final int RTP_HEADER = 12;
    private static final int RTCP_HEADER = 8;
    private static final int SHA1_KEY = 20;
    private static final int GCM_TAG = 16;

    // The library logs each replay and each failed tag; here they are counted, not logged.
    private static final Logger SILENT = new SilentLogger();

    private final SrtpProfile profile;
    private final int maxSsrcs;
    private final SrtpContextFactory sender;
    private final SrtpContextFactory receiver;
    private final Map<Integer, SrtpCryptoContext> sent = new HashMap<>();
    private final Map<Integer, SrtcpCryptoContext> sentControl = new HashMap<>();
    private final Map<Integer, SrtpCryptoContext> received = new HashMap<>();
    private final Map<Integer, SrtcpCryptoContext> receivedControl = new HashMap<>();

    /**
     * That of the packet before, which is mostly that of the next: no map is asked, no box made.
     */
    private @Nullable SrtpCryptoContext lastSent;

    private @Nullable SrtpCryptoContext lastReceived;
    private @Nullable SrtpCryptoContext spare;
    private @Nullable SrtcpCryptoContext spareControl;
    private final PacketView view = new PacketView();
    private final Map<SrtpFault, long[]> counts = new EnumMap<>(SrtpFault.class);

    /** A session with keys from DTLS or SDES; {@code maxSsrcs} bounds each direction. */
    public SrtpSession(SrtpKeys keys, int maxSsrcs) {
        this.profile = keys.profile();
        this.maxSsrcs = maxSsrcs;
        this.sender = factory(true, keys.profile(), keys.localKey(), keys.localSalt());
        this.receiver = factory(false, keys.profile(), keys.remoteKey(), keys.remoteSalt());
        for (SrtpFault fault : SrtpFault.values()) {
            counts.put(fault, new long[1]);
        }
    }

    private static SrtpContextFactory factory(
            boolean sends, SrtpProfile profile, byte[] key, byte[] salt) {
        return new SrtpContextFactory(
                sends,
                key.clone(),
                salt.clone(),
                policy(profile, profile.rtpTag()),
                policy(profile, profile.rtcpTag()),
                SILENT);
    }

    private static SrtpPolicy policy(SrtpProfile profile, int tag) {
        boolean aead = profile.isAead();
        SrtpPolicy policy =
                new SrtpPolicy(
                        aead ? SrtpPolicy.AESGCM_ENCRYPTION : SrtpPolicy.AESCM_ENCRYPTION,
                        profile.keyLength(),
                        aead ? SrtpPolicy.NULL_AUTHENTICATION : SrtpPolicy.HMACSHA1_AUTHENTICATION,
                        aead ? 0 : SHA1_KEY,
                        aead ? GCM_TAG : tag,
                        profile.saltLength());
        // A repeated index under AES-GCM gives the key away: the guard of what we send stays on.
        policy.setSendReplayEnabled(true);
        policy.setReceiveReplayEnabled(true);
        return policy;
    }

    /**
     * Chooses the AES implementation; once, at process start, since otherwise the first context
     * measures all providers for a second. OpenSSL if a whole packet makes it there and back by it,
     * else Java's own. Returns its name for the log.
     */
    public static String chooseCipher() {
        for (String name : new String[] {"OpenSSL", "SunJCE"}) {
            try {
                Aes.setFactoryClassName(name);
                String provider = Aes.createCipher("AES/GCM/NoPadding").getProvider().getName();
                boolean asked = name.equals("OpenSSL") != provider.equals("SunJCE");
                if (asked
                        && works(SrtpProfile.AEAD_AES_128_GCM)
                        && works(SrtpProfile.AES128_CM_HMAC_SHA1_80)) {
                    return provider;
                }
            } catch (RuntimeException | LinkageError unusable) {
                // No native library for this machine: the next one is part of Java.
            }
        }
        Aes.setFactoryClassName(null);
        return "measured";
    }

    /** Whether a packet of each kind comes back as it was; this also loads what the first needs. */
    private static boolean works(SrtpProfile profile) {
        byte[] key = new byte[profile.keyLength()];
        byte[] salt = new byte[profile.saltLength()];
        SrtpKeys keys = new SrtpKeys(profile, key, salt, key, salt);
        byte[] packet = new byte[RTP_HEADER + 20 + TAIL_ROOM];
        packet[0] = (byte) 0x80;
        packet[1] = (byte) 200;
        int length = RTP_HEADER + 20;
        try (SrtpSession session = new SrtpSession(keys, 1)) {
            return session.unprotectRtp(packet, 0, session.protectRtp(packet, 0, length)) == length
                    && session.unprotectRtcp(packet, 0, session.protectRtcp(packet, 0, length))
                            == length;
        }
    }

    /** Protects an RTP packet. The same SSRC and index is refused a second time. */
    public int protectRtp(byte[] bytes, int offset, int length) {
        if (!isRtp(bytes, offset, length) || bytes.length - offset - length < overhead(false)) {
            return fault(SrtpFault.MALFORMED);
        }
        int ssrc = int32(bytes, offset + 8);
        SrtpCryptoContext last = lastSent;
        SrtpCryptoContext context = last != null && last.getSsrc() == ssrc ? last : sent.get(ssrc);
        try {
            if (context == null) {
                if (sent.size() >= maxSsrcs) {
                    return fault(SrtpFault.TOO_MANY_SSRCS);
                }
                context = sender.deriveContext(ssrc, 0);
                sent.put(ssrc, context);
            }
            lastSent = context;
            view.wrap(bytes, offset, length);
            return result(context.transformPacket(view));
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            return fault(SrtpFault.CIPHER);
        }
    }

    /** Protects a compound RTCP packet. */
    public int protectRtcp(byte[] bytes, int offset, int length) {
        if (!isRtcp(bytes, offset, length) || bytes.length - offset - length < overhead(true)) {
            return fault(SrtpFault.MALFORMED);
        }
        int ssrc = int32(bytes, offset + 4);
        SrtcpCryptoContext context = sentControl.get(ssrc);
        try {
            if (context == null) {
                if (sentControl.size() >= maxSsrcs) {
                    return fault(SrtpFault.TOO_MANY_SSRCS);
                }
                context = sender.deriveControlContext(ssrc);
                sentControl.put(ssrc, context);
            }
            view.wrap(bytes, offset, length);
            return result(context.transformPacket(view));
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            return fault(SrtpFault.CIPHER);
        }
    }

    /** Authenticates and decrypts an RTP packet. On failure the array's content is undefined. */
    public int unprotectRtp(byte[] bytes, int offset, int length) {
        if (!isRtp(bytes, offset, length - overhead(false))) {
            return fault(SrtpFault.MALFORMED);
        }
        int ssrc = int32(bytes, offset + 8);
        SrtpCryptoContext last = lastReceived;
        SrtpCryptoContext context =
                last != null && last.getSsrc() == ssrc ? last : received.get(ssrc);
        boolean known = context != null;
        try {
            if (context == null) {
                if (received.size() >= maxSsrcs) {
                    return fault(SrtpFault.TOO_MANY_SSRCS);
                }
                if (spare == null || spare.getSsrc() != ssrc) {
                    spare = receiver.deriveContext(ssrc, 0);
                }
                context = spare;
            }
            view.wrap(bytes, offset, length);
            SrtpErrorStatus status = context.reverseTransformPacket(view, false);
            if (!known && status == SrtpErrorStatus.OK) {
                received.put(ssrc, context);
                spare = null;
                known = true;
            }
            if (known) {
                lastReceived = context;
            }
            return result(status);
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            return fault(SrtpFault.NOT_AUTHENTIC);
        }
    }

    /** Authenticates and decrypts a compound RTCP packet. */
    public int unprotectRtcp(byte[] bytes, int offset, int length) {
        if (!isRtcp(bytes, offset, length - overhead(true))) {
            return fault(SrtpFault.MALFORMED);
        }
        int ssrc = int32(bytes, offset + 4);
        SrtcpCryptoContext context = receivedControl.get(ssrc);
        boolean known = context != null;
        try {
            if (context == null) {
                if (receivedControl.size() >= maxSsrcs) {
                    return fault(SrtpFault.TOO_MANY_SSRCS);
                }
                if (spareControl == null || spareControl.getSsrc() != ssrc) {
                    spareControl = receiver.deriveControlContext(ssrc);
                }
                context = spareControl;
            }
            view.wrap(bytes, offset, length);
            SrtpErrorStatus status = context.reverseTransformPacket(view);
            if (!known && status == SrtpErrorStatus.OK) {
                receivedControl.put(ssrc, context);
                spareControl = null;
            }
            return result(status);
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            return fault(SrtpFault.NOT_AUTHENTIC);
        }
    }

    /**
     * Takes out the octets that name a packet's key (MKI), which stand in front of its tag, or at
     * its end where the tag is inside (RFC 3711 §3.1, RFC 7714 §7.1).
     *
     * @return its length without; 0, which is no packet, if it does not have these octets there
     */
    public int withoutMki(byte[] mki, byte[] bytes, int offset, int length, boolean control) {
        int tag = control ? profile.rtcpTag() : profile.rtpTag();
        int at = offset + length - tag - mki.length;
        if (at < offset || !Arrays.equals(bytes, at, at + mki.length, mki, 0, mki.length)) {
            return 0;
        }
        System.arraycopy(bytes, at + mki.length, bytes, at, tag);
        return length - mki.length;
    }

    /** How often that happened in this session. */
    public long count(SrtpFault fault) {
        long[] count = counts.get(fault);
        return count == null ? 0 : count[0];
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
    }

    private int overhead(boolean control) {
        return control ? profile.rtcpOverhead() : profile.rtpOverhead();
    }

    private int result(SrtpErrorStatus status) {
        return switch (status) {
            case OK -> view.getLength();
            case AUTH_FAIL, FAIL -> fault(SrtpFault.NOT_AUTHENTIC);
            case REPLAY_FAIL, REPLAY_OLD -> fault(SrtpFault.REPLAYED);
            case INVALID_PACKET -> fault(SrtpFault.MALFORMED);
        };
    }

    private int fault(SrtpFault fault) {
        long[] count = counts.get(fault);
        if (count != null) {
            count[0]++;
        }
        return fault.result();
    }

    /** Version 2, and CSRCs and extension within the packet: the library trusts these numbers. */
    private static boolean isRtp(byte[] b, int offset, int length) {
        if (offset < 0 || length < RTP_HEADER || offset + length > b.length) {
            return false;
        }
        int first = b[offset] & 0xff;
        int header = RTP_HEADER + 4 * (first & 0x0f);
        if ((first & 0xc0) != 0x80 || header > length) {
            return false;
        }
        if ((first & 0x10) != 0) {
            if (header + 4 > length) {
                return false;
            }
            int words = (b[offset + header + 2] & 0xff) << 8 | (b[offset + header + 3] & 0xff);
            header += 4 + 4 * words;
        }
        return header <= length;
    }

    private static boolean isRtcp(byte[] b, int offset, int length) {
        return offset >= 0
                && length >= RTCP_HEADER
                && offset + length <= b.length
                && (b[offset] & 0xc0) == 0x80;
    }

    private static int int32(byte[] b, int at) {
        return (b[at] & 0xff) << 24
                | (b[at + 1] & 0xff) << 16
                | (b[at + 2] & 0xff) << 8
                | (b[at + 3] & 0xff);
    }
}
