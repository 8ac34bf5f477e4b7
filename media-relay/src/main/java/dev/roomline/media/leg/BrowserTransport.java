package dev.roomline.media.leg;

import dev.roomline.media.dtls.DtlsAssociation;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsListener;
import dev.roomline.media.dtls.DtlsOutcome;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.ice.IceEffect;
import dev.roomline.media.ice.IceLiteAgent;
import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpFault;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A browser's secured path: ICE finds it, DTLS keys it, SRTP carries it. Owner: the leg's media
 * loop; the handshake runs on a virtual thread and posts back.
 */
public final class BrowserTransport implements BrowserPath {
    /** Streams that a browser may send: its microphone, and some changes of it. */
    private static final int MAX_SSRCS = 16;

    /** What the transport tells its leg, on the loop. */
    public interface Events {
        /** Keyed, and nominated: media flows. Told once. */
        void onOpen();

        /** Authenticated and decrypted, in place. */
        void onRtp(byte[] bytes, int offset, int length, long nowNanos);

        /** Authenticated and decrypted, in place. */
        void onRtcp(byte[] bytes, int offset, int length, long nowNanos);

        /** It is over. Told once. */
        void onLost(LegLoss loss, String detail);
    }

    private final Workbench bench;
    private final Wire wire;
    private final Events events;
    private final DtlsHandshakes handshakes;
    private final Poster poster;
    private final Consumer<IceEffect> iceOutbox = this::onIce;
    private final IceLiteAgent ice;

    private List<Fingerprint> fingerprints;
    private @Nullable DtlsAssociation dtls;
    private @Nullable SrtpSession srtp;
    private @Nullable InetSocketAddress selected;

    /** Where a handshake is answered before anything is nominated. */
    private @Nullable InetSocketAddress dtlsSource;

    private boolean opened;
    private boolean lost;
    private boolean closed;
    private final Budget budget = Budget.ofPackets();

    /**
     * @param poster the way from the handshake's thread to the loop
     */
    public BrowserTransport(
            Workbench bench,
            Wire wire,
            Events events,
            DtlsHandshakes handshakes,
            Poster poster,
            IceCredentials local,
            String remoteUfrag,
            List<Fingerprint> fingerprints,
            long nowNanos) {
        this.bench = bench;
        this.wire = wire;
        this.events = events;
        this.handshakes = handshakes;
        this.poster = poster;
        this.fingerprints = fingerprints;
        ice = new IceLiteAgent(local, remoteUfrag, nowNanos);
    }

    /** An ICE restart was agreed; DTLS and SRTP live on (RFC 8842 §4.4). */
    public void restart(IceCredentials local, String remoteUfrag, long nowNanos) {
        ice.restart(local, remoteUfrag, nowNanos);
    }

    /** The user names that checks may come under now. */
    public List<String> localUfrags() {
        return ice.localUfrags();
    }

    /** Whether the source has passed an authenticated check. */
    public boolean isValid(InetSocketAddress source) {
        return ice.isValid(source);
    }

    @Override
    public boolean isOpen() {
        return opened && !lost;
    }

    public void onStun(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        Drop refused = Drop.of(ice.onStun(bytes, offset, length, source, nowNanos, iceOutbox));
        if (refused != null) {
            bench.drop(refused);
        }
    }

    /** Only from a source that {@link #isValid}. */
    public void onDtls(byte[] bytes, int offset, int length, InetSocketAddress source) {
        dtlsSource = source;
        if (closed || lost) {
            bench.drop(Drop.DTLS_REFUSED);
            return;
        }
        DtlsAssociation association = dtls;
        if (association == null) {
            association = handshakes.accept(fingerprints, new Handshake());
            dtls = association;
        }
        if (association.offer(bytes, offset, length) != DtlsAssociation.Verdict.TAKEN) {
            bench.drop(Drop.DTLS_REFUSED);
        }
    }

    /** Only from a source that {@link #isValid}. */
    public void onSrtp(
            byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        SrtpSession session = srtp;
        if (session == null) {
            bench.drop(Drop.SRTP_EARLY);
            return;
        }
        int clear = session.unprotectRtp(bytes, offset, length);
        if (clear < 0) {
            bench.drop(Drop.of(SrtpFault.of(clear)));
            return;
        }
        if (!budget.takes(nowNanos)) {
            bench.drop(Drop.RTP_FLOOD);
            return;
        }
        if (!source.equals(selected)) {
            ice.onAuthenticSrtp(source, nowNanos, iceOutbox);
        }
        events.onRtp(bytes, offset, clear, nowNanos);
    }

    /** Only from a source that {@link #isValid}. */
    public void onSrtcp(byte[] bytes, int offset, int length, long nowNanos) {
        SrtpSession session = srtp;
        if (session == null) {
            bench.drop(Drop.SRTP_EARLY);
            return;
        }
        int clear = session.unprotectRtcp(bytes, offset, length);
        if (clear < 0) {
            bench.drop(Drop.of(SrtpFault.of(clear)));
        } else {
            events.onRtcp(bytes, offset, clear, nowNanos);
        }
    }

    @Override
    public int sendRtp(byte[] bytes, int length) {
        SrtpSession session = srtp;
        InetSocketAddress remote = selected;
        if (session == null || remote == null || !isOpen()) {
            return 0;
        }
        int sealed = session.protectRtp(bytes, 0, length);
        if (sealed < 0) {
            bench.drop(Drop.SEND_FAILED);
            return 0;
        }
        bench.traffic().sent();
        wire.send(remote, bytes, 0, sealed);
        return sealed;
    }

    @Override
    public void resend(byte[] sealed, int offset, int length) {
        InetSocketAddress remote = selected;
        if (remote != null && isOpen()) {
            bench.traffic().sent();
            wire.send(remote, sealed, offset, length);
        }
    }

    @Override
    public void sendRtcp(byte[] bytes, int length) {
        SrtpSession session = srtp;
        InetSocketAddress remote = selected;
        if (session == null || remote == null || !isOpen()) {
            return;
        }
        int sealed = session.protectRtcp(bytes, 0, length);
        if (sealed < 0) {
            bench.drop(Drop.SEND_FAILED);
            return;
        }
        wire.send(remote, bytes, 0, sealed);
    }

    @Override
    public void maintain(long nowNanos) {
        if (!closed && nowNanos >= ice.nextDeadlineNanos()) {
            ice.onDeadline(nowNanos, iceOutbox);
        }
    }

    private void onIce(IceEffect effect) {
        switch (effect) {
            case IceEffect.Send send ->
                    wire.send(send.to(), send.datagram(), 0, send.datagram().length);
            case IceEffect.Selected chosen -> {
                selected = chosen.remote();
                openIfReady();
            }
            case IceEffect.ConsentExpired expired -> {
                if (selected == null) {
                    bench.drop(Drop.ICE_NEVER_CONNECTED);
                }
                lose(LegLoss.CONSENT_EXPIRED, "no authenticated STUN check for 30 s");
            }
        }
    }

    private void openIfReady() {
        if (!opened && srtp != null && selected != null) {
            opened = true;
            events.onOpen();
        }
    }

    private void lose(LegLoss loss, String detail) {
        if (!lost && !closed) {
            lost = true;
            events.onLost(loss, detail);
        }
    }

    private void onOutcome(DtlsOutcome outcome) {
        if (closed) {
            return;
        }
        switch (outcome) {
            case DtlsOutcome.Established ok -> key(ok.keys());
            case DtlsOutcome.Failed failed ->
                    lose(LegLoss.DTLS_FAILED, failed.reason() + ": " + failed.detail());
        }
    }

    private void key(SrtpKeys keys) {
        srtp = new SrtpSession(keys, MAX_SSRCS);
        openIfReady();
    }

    /** Says close_notify and frees the keys. */
    @Override
    public void close() {
        closed = true;
        if (dtls != null) {
            dtls.close();
        }
        if (srtp != null) {
            srtp.close();
            srtp = null;
        }
    }

    /** Brings what happens on the handshake's thread to the loop. */
    private final class Handshake implements DtlsListener {
        @Override
        public void onDatagram(byte[] datagram) {
            poster.post(
                    () -> {
                        InetSocketAddress remote = selected != null ? selected : dtlsSource;
                        if (remote != null) {
                            wire.send(remote, datagram, 0, datagram.length);
                        }
                    });
        }

        @Override
        public void onOutcome(DtlsOutcome outcome) {
            poster.postEnding(() -> BrowserTransport.this.onOutcome(outcome));
        }

        @Override
        public void onClosed() {
            poster.postEnding(() -> lose(LegLoss.DTLS_CLOSED, "the browser closed DTLS"));
        }
    }
}
