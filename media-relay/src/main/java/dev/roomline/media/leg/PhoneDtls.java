package dev.roomline.media.leg;

import dev.roomline.media.dtls.DtlsAssociation;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsListener;
import dev.roomline.media.dtls.DtlsOutcome;
import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpKeys;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The DTLS handshakes that key a phone's SRTP (RFC 5764): one on its RTP port, and where reports
 * have a port of their own another there (§4.1). The phone begins them, or we do where it wants us
 * to. Whoever else may be heard there could begin one as well, in the phone's place: so each source
 * has its own, and the first that shows the certificate of the description is the phone. Owner: the
 * leg's media loop; a handshake runs on a virtual thread and posts back.
 */
public final class PhoneDtls {
    /** What comes of them, on the loop. */
    interface Events {
        /**
         * @param control of the reports' own port
         */
        void onKeys(SrtpKeys keys, boolean control);

        /** There will be no keys for sound. */
        void onFailed(String detail);
    }

    /** Sources that shake hands at a time: the one that the description names, and others. */
    static final int MOST_OPEN = 3;

    /** Handshakes that others may begin, one after the other: each costs a signature. */
    private static final int MOST_BEGUN = 16;

    /** As long as a handshake may last: who comes by then may still be the phone. */
    private static final long PATIENCE_NANOS = 15_000_000_000L;

    private final DtlsHandshakes handshakes;
    private final Poster poster;
    private final Wire wire;
    private List<Fingerprint> fingerprints = List.of();
    private boolean weBegin;

    /** Nobody but the phone gets here: ICE has proven each source, and it may change. */
    private boolean proven;

    private @Nullable InetSocketAddress soundFrom;
    private @Nullable InetSocketAddress reportsFrom;
    private Port sound = new Port(false);
    private Port reports = new Port(true);
    private @Nullable Events events;

    /**
     * @param poster the way from a handshake's thread to the loop
     */
    public PhoneDtls(DtlsHandshakes handshakes, Poster poster, Wire wire) {
        this.handshakes = handshakes;
        this.poster = poster;
        this.wire = wire;
    }

    /** Who hears what comes of them. */
    void tell(Events to) {
        events = to;
    }

    /**
     * A description holds.
     *
     * @param byIce only sources that ICE has proven are heard
     * @param rtp from where it says that its sound comes; null: from nowhere
     * @param rtcp the same of reports
     */
    void described(
            boolean byIce, @Nullable InetSocketAddress rtp, @Nullable InetSocketAddress rtcp) {
        proven = byIce;
        soundFrom = rtp;
        reportsFrom = rtcp;
    }

    /** What comes from the phone is a handshake's, with a certificate of one of these. */
    void await(List<Fingerprint> expected) {
        close();
        fingerprints = expected;
    }

    /** The same, but we are to {@link #begin}. */
    void prepare(List<Fingerprint> expected) {
        await(expected);
        weBegin = true;
    }

    /**
     * Begins what is ours to begin and has not begun.
     *
     * @param to where sound goes
     * @param reportsTo where reports go, if they have a port of their own
     */
    void begin(InetSocketAddress to, @Nullable InetSocketAddress reportsTo) {
        if (!weBegin || fingerprints.isEmpty()) {
            return;
        }
        sound.connect(to);
        if (reportsTo != null) {
            reports.connect(reportsTo);
        }
    }

    /**
     * A datagram from where the phone may be heard.
     *
     * @param control on the port of the reports
     * @return false if it was refused
     */
    boolean onDatagram(
            byte[] bytes,
            int offset,
            int length,
            InetSocketAddress source,
            boolean control,
            long nowNanos) {
        return !fingerprints.isEmpty()
                && (control ? reports : sound).take(bytes, offset, length, source, nowNanos);
    }

    /** Ten times a second: nobody else may come any more. */
    void maintain(long nowNanos) {
        sound.settle(nowNanos);
    }

    /** Says close_notify; nothing of what is under way will be told. */
    void close() {
        sound.close();
        reports.close();
        sound = new Port(false);
        reports = new Port(true);
        fingerprints = List.of();
        weBegin = false;
    }

    /** One of the two ports, and who shakes hands there. */
    private final class Port {
        private final boolean control;
        private final List<Handshake> open = new ArrayList<>(MOST_OPEN);

        /** The phone's, since it has shown its certificate. */
        private @Nullable Handshake won;

        private int begun;
        private long firstNanos;

        /**
         * Why there are no keys, if nobody comes any more: what the described source did, rather.
         */
        private @Nullable String failure;

        Port(boolean control) {
            this.control = control;
        }

        void connect(InetSocketAddress to) {
            if (begun == 0) {
                open(to);
            }
        }

        private Handshake open(InetSocketAddress peer) {
            begun++;
            Handshake made = new Handshake(this, peer);
            made.association =
                    weBegin
                            ? handshakes.connect(fingerprints, made)
                            : handshakes.accept(fingerprints, made);
            open.add(made);
            return made;
        }

        boolean take(
                byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
            Handshake under = of(source);
            if (under == null
                    && !weBegin
                    && mayBegin(source)
                    && DtlsAssociation.isBegun(bytes, offset, length)) {
                firstNanos = begun == 0 ? nowNanos : firstNanos;
                under = open(source);
            }
            return under != null && under.take(bytes, offset, length, source);
        }

        private @Nullable Handshake of(InetSocketAddress source) {
            if (won != null) {
                return won;
            }
            for (int i = 0; i < open.size(); i++) {
                if (proven || open.get(i).peer.equals(source)) {
                    return open.get(i);
                }
            }
            return null;
        }

        private boolean isDescribed(InetSocketAddress source) {
            return source.equals(control ? reportsFrom : soundFrom);
        }

        /** The source that the description names has a place kept. */
        private boolean mayBegin(InetSocketAddress source) {
            if (proven || isDescribed(source)) {
                return begun < 2 * MOST_BEGUN;
            }
            int others = 0;
            for (int i = 0; i < open.size(); i++) {
                others += isDescribed(open.get(i).peer) ? 0 : 1;
            }
            return others < MOST_OPEN - 1 && begun < MOST_BEGUN;
        }

        void established(Handshake by, SrtpKeys keys, Events told) {
            won = by;
            open.remove(by);
            closeOpen();
            told.onKeys(keys, control);
        }

        void failed(Handshake by, String detail) {
            open.remove(by);
            if (failure == null || isDescribed(by.peer)) {
                failure = detail;
            }
            if (weBegin || proven) {
                tellFailure();
            }
        }

        /** Those that began first may not have been the phone. */
        void settle(long nowNanos) {
            if (open.isEmpty() && won == null && nowNanos - firstNanos >= PATIENCE_NANOS) {
                tellFailure();
            }
        }

        private void tellFailure() {
            Events told = events;
            String detail = failure;
            if (!control && told != null && detail != null) {
                failure = null;
                told.onFailed(detail);
            }
        }

        private void closeOpen() {
            open.forEach(Handshake::close);
            open.clear();
        }

        void close() {
            closeOpen();
            if (won != null) {
                won.close();
            }
        }
    }

    /** One source's; what happens on the handshake's thread is brought to the loop. */
    private final class Handshake implements DtlsListener {
        private final Port port;
        private @Nullable DtlsAssociation association;
        private InetSocketAddress peer;
        private boolean closed;

        Handshake(Port port, InetSocketAddress peer) {
            this.port = port;
            this.peer = peer;
        }

        boolean take(byte[] bytes, int offset, int length, InetSocketAddress from) {
            DtlsAssociation running = association;
            if (running == null) {
                return false;
            }
            DtlsAssociation.Verdict verdict = running.offer(bytes, offset, length);
            if (verdict == DtlsAssociation.Verdict.TAKEN && proven) {
                peer = from;
            }
            if (verdict == DtlsAssociation.Verdict.TOO_MANY && !proven && !weBegin) {
                // who has forged so much in its name must not keep it out
                close();
                port.failed(this, "PROTOCOL: more datagrams than a handshake has");
            }
            return verdict == DtlsAssociation.Verdict.TAKEN;
        }

        void close() {
            closed = true;
            if (association != null) {
                association.close();
            }
        }

        @Override
        public void onDatagram(byte[] datagram) {
            poster.post(() -> send(datagram));
        }

        private void send(byte[] datagram) {
            if (closed) {
                return;
            }
            if (port.control) {
                wire.sendRtcp(peer, datagram, 0, datagram.length);
            } else {
                wire.send(peer, datagram, 0, datagram.length);
            }
        }

        @Override
        public void onOutcome(DtlsOutcome outcome) {
            poster.postEnding(() -> ended(outcome));
        }

        private void ended(DtlsOutcome outcome) {
            Events told = events;
            if (closed || told == null) {
                return;
            }
            switch (outcome) {
                case DtlsOutcome.Established(SrtpKeys keys) -> port.established(this, keys, told);
                case DtlsOutcome.Failed failed ->
                        port.failed(this, failed.reason() + ": " + failed.detail());
            }
        }

        /** Phones say so a moment before they hang up: what was keyed stays so until then. */
        @Override
        public void onClosed() {}
    }
}
