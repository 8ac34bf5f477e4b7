package dev.roomline.media.leg;

import dev.roomline.media.dtls.DtlsAssociation;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsListener;
import dev.roomline.media.dtls.DtlsOutcome;
import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpKeys;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The DTLS handshakes that key a phone's SRTP (RFC 5764): one on its RTP port, and where reports
 * have a port of their own another there (§4.1). The phone begins them, or we do where it wants us
 * to. Owner: the leg's media loop; a handshake runs on a virtual thread and posts back.
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

    private final DtlsHandshakes handshakes;
    private final Poster poster;
    private final Wire wire;
    private List<Fingerprint> fingerprints = List.of();
    private boolean weBegin;
    private @Nullable Handshake sound;
    private @Nullable Handshake reports;
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
        if (sound == null) {
            sound = open(false, to);
        }
        if (reports == null && reportsTo != null) {
            reports = open(true, reportsTo);
        }
    }

    private Handshake open(boolean control, InetSocketAddress peer) {
        Handshake made = new Handshake(control, peer);
        made.association =
                weBegin
                        ? handshakes.connect(fingerprints, made)
                        : handshakes.accept(fingerprints, made);
        return made;
    }

    /**
     * A datagram from where the phone may be heard.
     *
     * @param control on the port of the reports
     * @return false if it was refused
     */
    boolean onDatagram(
            byte[] bytes, int offset, int length, InetSocketAddress source, boolean control) {
        Handshake under = control ? reports : sound;
        if (under == null) {
            if (fingerprints.isEmpty() || weBegin) {
                return false;
            }
            under = open(control, source);
            if (control) {
                reports = under;
            } else {
                sound = under;
            }
        }
        return under.take(bytes, offset, length, source);
    }

    /** Says close_notify; nothing of what is under way will be told. */
    void close() {
        for (Handshake each : new Handshake[] {sound, reports}) {
            if (each != null) {
                each.close();
            }
        }
        sound = null;
        reports = null;
        fingerprints = List.of();
        weBegin = false;
    }

    /** One port's; what happens on the handshake's thread is brought to the loop. */
    private final class Handshake implements DtlsListener {
        private final boolean control;
        private @Nullable DtlsAssociation association;
        private InetSocketAddress peer;
        private boolean closed;

        Handshake(boolean control, InetSocketAddress peer) {
            this.control = control;
            this.peer = peer;
        }

        boolean take(byte[] bytes, int offset, int length, InetSocketAddress from) {
            DtlsAssociation open = association;
            boolean taken =
                    open != null
                            && open.offer(bytes, offset, length) == DtlsAssociation.Verdict.TAKEN;
            if (taken) {
                peer = from;
            }
            return taken;
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
            if (control) {
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
                case DtlsOutcome.Established(SrtpKeys keys) -> told.onKeys(keys, control);
                case DtlsOutcome.Failed failed -> {
                    if (!control) {
                        told.onFailed(failed.reason() + ": " + failed.detail());
                    }
                }
            }
        }

        /** Phones say so a moment before they hang up: what was keyed stays so until then. */
        @Override
        public void onClosed() {}
    }
}
