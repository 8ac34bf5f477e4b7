package dev.roomline.media.leg;

import dev.roomline.media.sdp.MediaProtection;
import dev.roomline.media.sdp.PhoneMedia;
import dev.roomline.media.srtp.SrtpFault;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What protects a phone's packets on the wire, as agreed: nothing, or SRTP. The keys of the two
 * directions change one by one: where ours stays, so does its numbering, since no index may be used
 * twice under a key; where the peer's changes, what was on its way under the one before is opened
 * for a while. Sans-IO. Owner: the leg's media loop.
 */
final class PhoneSeal implements PhoneDtls.Events, AutoCloseable {
    /** A phone changes its SSRC at a hold or a codec; each side's are counted by themselves. */
    private static final int MAX_SSRCS = 256;

    /** How long a peer may take to turn to keys that were agreed. */
    static final long TURN_NANOS = 30_000_000_000L;

    /** What is older than this is not on its way any more. */
    static final long IN_FLIGHT_NANOS = 2_000_000_000L;

    /** In place of a length: it was dropped, and counted. */
    static final int DROPPED = -1;

    /** In place of a length: the key may protect no more; none of {@link SrtpFault}'s. */
    private static final int SPENT = Integer.MIN_VALUE;

    private Workbench bench;

    /** Null: descriptions alone bring keys. */
    private @Nullable PhoneDtls dtls;

    private Consumer<String> failed = _ -> {};
    private boolean muxed;
    private MediaProtection agreed = MediaProtection.Plain.RTP;
    private @Nullable SrtpKeys keys;
    private byte[] mki = new byte[0];

    /** Protects what leaves. */
    private @Nullable SrtpSession sealing;

    /** Opens what comes; mostly the same. */
    private @Nullable SrtpSession opening;

    private Allowance left = new Allowance(0);

    /** Of reports on a port of their own under DTLS, which has a handshake of its own. */
    private @Nullable SrtpSession reports;

    /** Opens what was on its way when the peer's key changed. */
    private @Nullable SrtpSession former;

    private Allowance formerLeft = left;
    private byte[] formerMki = new byte[0];
    private long formerUntilNanos;
    private boolean turned;

    /** What is tried under two keys: a failed try leaves its octets undefined. */
    private byte[] spare = new byte[0];

    /** What a key of the peer's may still protect, by its own word. */
    private static final class Allowance {
        private long sound;
        private long reports;

        Allowance(long packets) {
            sound = packets;
            reports = packets;
        }

        boolean isSpent(boolean control) {
            return (control ? reports : sound) <= 0;
        }

        void use(boolean control) {
            if (control) {
                reports--;
            } else {
                sound--;
            }
        }
    }

    PhoneSeal(Workbench bench) {
        this.bench = bench;
    }

    void moveTo(Workbench other) {
        bench = other;
    }

    /**
     * Handshakes bring keys too.
     *
     * @param failure is told what ended one for sound
     */
    void handshakeBy(PhoneDtls by, Consumer<String> failure) {
        dtls = by;
        failed = failure;
        by.tell(this);
    }

    /** A description holds. */
    void agreed(PhoneMedia media, long nowNanos) {
        MediaProtection next = media.protection();
        muxed = media.rtcpMux();
        if (dtls != null) {
            boolean named = media.hasAddress();
            dtls.described(
                    media.ice() != null,
                    named ? media.remoteRtp() : null,
                    named ? media.remoteRtcp() : null);
        }
        switch (next) {
            case MediaProtection.Plain _ -> close();
            case MediaProtection.Sdes sdes -> key(sdes, nowNanos);
            case MediaProtection.Dtls over -> await(over);
        }
        agreed = next;
    }

    /** The same certificate, roles and name as before are the same association (RFC 8842 §3.1). */
    private void await(MediaProtection.Dtls over) {
        if (!over.equals(agreed)) {
            close();
            if (dtls != null && over.weBegin()) {
                dtls.prepare(over.fingerprints());
            } else if (dtls != null) {
                dtls.await(over.fingerprints());
            }
        }
    }

    /**
     * Begins the handshake if it is ours to begin.
     *
     * @param to where sound goes
     * @param reportsTo where reports go, if they have a port of their own
     */
    void begin(InetSocketAddress to, @Nullable InetSocketAddress reportsTo) {
        if (dtls != null) {
            dtls.begin(to, reportsTo);
        }
    }

    @Override
    public void onKeys(SrtpKeys made, boolean control) {
        SrtpSession session = new SrtpSession(made, MAX_SSRCS);
        if (control) {
            reports = session;
        } else {
            keys = made;
            sealing = session;
            opening = session;
        }
        left = new Allowance(MediaProtection.Sdes.LONGEST_LIFETIME);
    }

    @Override
    public void onFailed(String detail) {
        failed.accept(detail);
    }

    /**
     * A datagram that is no SRTP, from where the phone may be heard.
     *
     * @param control on the port of the reports
     */
    void onDtls(
            byte[] bytes,
            int offset,
            int length,
            InetSocketAddress source,
            boolean control,
            long nowNanos) {
        if (dtls == null || !dtls.onDatagram(bytes, offset, length, source, control, nowNanos)) {
            bench.drop(Drop.DTLS_REFUSED);
        }
    }

    /** Handshakes that are given up; ten times a second. */
    void maintain(long nowNanos) {
        if (dtls != null) {
            dtls.maintain(nowNanos);
        }
    }

    private void key(MediaProtection.Sdes agreedTo, long nowNanos) {
        SrtpKeys next = agreedTo.keys();
        byte[] nextMki = agreedTo.mki();
        if (agreed instanceof MediaProtection.Dtls) {
            close();
        }
        SrtpKeys before = keys;
        boolean sendsOn = before != null && next.sendsAs(before);
        boolean receivesOn = before != null && next.receivesAs(before);
        keys = next;
        if (sendsOn && receivesOn) {
            mki = nextMki;
            return;
        }
        SrtpSession fresh = new SrtpSession(next, MAX_SSRCS);
        if (!receivesOn) {
            SrtpSession oldest = former;
            former = opening;
            formerMki = mki;
            formerLeft = left;
            formerUntilNanos = nowNanos + TURN_NANOS;
            turned = false;
            opening = fresh;
            left = new Allowance(agreedTo.lifetimePackets());
            forget(oldest);
        }
        mki = nextMki;
        if (!sendsOn) {
            SrtpSession last = sealing;
            sealing = fresh;
            forget(last);
        }
    }

    /** Closed for good, unless it still has a direction to serve. */
    private void forget(@Nullable SrtpSession session) {
        if (session != null && session != opening && session != sealing && session != former) {
            session.close();
        }
    }

    /** Whether packets are protected, so that none passes as it is. */
    boolean isOn() {
        return !(agreed instanceof MediaProtection.Plain);
    }

    /** Whether what leaves can be protected as agreed. */
    boolean isReady() {
        return !isOn() || sealing != null;
    }

    /** What it does, as an operator reads it. */
    String label() {
        SrtpKeys made = keys;
        return agreed instanceof MediaProtection.Dtls && made != null
                ? "DTLS " + made.profile().suite()
                : agreed.label();
    }

    /**
     * Opens a packet in place.
     *
     * @param control SRTCP, else SRTP
     * @return its length in clear, or {@link #DROPPED}
     */
    int open(byte[] bytes, int offset, int length, boolean control, long nowNanos) {
        SrtpSession by = control ? ofReports(opening) : opening;
        if (!isOn()) {
            return length;
        }
        if (by == null) {
            bench.drop(Drop.SRTP_EARLY);
            return DROPPED;
        }
        SrtpSession before = former;
        if (before != null && nowNanos - formerUntilNanos >= 0) {
            former = null;
            forget(before);
            before = null;
        }
        int clear =
                before == null
                        ? opened(by, mki, left, bytes, offset, length, control)
                        : eitherWay(by, before, bytes, offset, length, control, nowNanos);
        if (clear < 0) {
            bench.drop(clear == SPENT ? Drop.SRTP_KEY_SPENT : Drop.of(SrtpFault.of(clear)));
            return DROPPED;
        }
        return clear;
    }

    private @Nullable SrtpSession ofReports(@Nullable SrtpSession ofSound) {
        return agreed instanceof MediaProtection.Dtls && !muxed ? reports : ofSound;
    }

    private int eitherWay(
            SrtpSession by,
            SrtpSession before,
            byte[] bytes,
            int offset,
            int length,
            boolean control,
            long nowNanos) {
        if (spare.length < length) {
            spare = new byte[Math.max(length, Workbench.PACKET_OCTETS)];
        }
        System.arraycopy(bytes, offset, spare, 0, length);
        int clear = opened(by, mki, left, bytes, offset, length, control);
        if (clear >= 0) {
            if (!turned) {
                turned = true;
                formerUntilNanos = nowNanos + IN_FLIGHT_NANOS;
            }
            return clear;
        }
        System.arraycopy(spare, 0, bytes, offset, length);
        int late = opened(before, formerMki, formerLeft, bytes, offset, length, control);
        return late >= 0 ? late : clear;
    }

    private static int opened(
            SrtpSession by,
            byte[] mki,
            Allowance left,
            byte[] bytes,
            int offset,
            int length,
            boolean control) {
        if (left.isSpent(control)) {
            return SPENT;
        }
        int bare = mki.length == 0 ? length : by.withoutMki(mki, bytes, offset, length, control);
        int clear =
                control
                        ? by.unprotectRtcp(bytes, offset, bare)
                        : by.unprotectRtp(bytes, offset, bare);
        if (clear >= 0) {
            left.use(control);
        }
        return clear;
    }

    /**
     * Protects a packet in place; behind it there is room for {@link SrtpSession#TAIL_ROOM}.
     *
     * @param control RTCP, else RTP
     * @return its length on the wire, or {@link #DROPPED}
     */
    int seal(byte[] bytes, int offset, int length, boolean control) {
        if (!isOn()) {
            return length;
        }
        SrtpSession by = control ? ofReports(sealing) : sealing;
        if (by == null) {
            return DROPPED;
        }
        int sealed =
                control
                        ? by.protectRtcp(bytes, offset, length)
                        : by.protectRtp(bytes, offset, length);
        if (sealed < 0) {
            bench.drop(Drop.SEND_FAILED);
            return DROPPED;
        }
        return sealed;
    }

    /** Frees the keys. */
    @Override
    public void close() {
        if (dtls != null) {
            dtls.close();
        }
        for (SrtpSession session : new SrtpSession[] {sealing, opening, former, reports}) {
            if (session != null) {
                session.close();
            }
        }
        sealing = null;
        opening = null;
        former = null;
        reports = null;
        keys = null;
    }
}
