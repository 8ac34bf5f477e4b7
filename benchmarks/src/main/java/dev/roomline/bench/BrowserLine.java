package dev.roomline.bench;

import dev.roomline.media.dtls.DtlsAssociation;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsListener;
import dev.roomline.media.dtls.DtlsOutcome;
import dev.roomline.media.ice.DatagramKind;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.ice.IceEffect;
import dev.roomline.media.ice.IceLiteAgent;
import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a browser's connection that only listens: it is found by ICE and keyed by DTLS, then
 * packets go to it, sealed, at once. No server is between, so nothing but what sends decides when a
 * packet comes. Owner: a thread of its own until it is keyed, then whoever sends; checks of the
 * browser's are answered beside it.
 */
@SuppressWarnings("AddressSelection") // literal addresses
final class BrowserLine implements AutoCloseable {
    private static final int MOST_OCTETS = 2_048;
    private static final long KEYED_SECONDS = 20;

    private final DtlsHandshakes handshakes;
    private final List<Fingerprint> fingerprints;
    private final IceLiteAgent ice;
    private final DatagramChannel channel;
    private final String answer;
    private final CompletableFuture<SrtpSession> keyed = new CompletableFuture<>();
    private volatile @Nullable InetSocketAddress selected;
    private @Nullable DtlsAssociation association;

    /**
     * @param payloadTypes that the answer keeps, and their lines
     */
    BrowserLine(DtlsHandshakes handshakes, Fingerprint ours, String offer, String payloads) {
        this.handshakes = handshakes;
        fingerprints =
                List.of(new Fingerprint("sha-256", found(offer, "a=fingerprint:sha-256 (\\S+)")));
        IceCredentials local = IceCredentials.generate(new Random());
        ice = new IceLiteAgent(local, found(offer, "a=ice-ufrag:(\\S+)"), System.nanoTime());
        try {
            channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answer = answer(offer, local, ours, channel.socket().getLocalPort(), payloads);
        Thread.ofPlatform().daemon().name("browser-line").start(this::listen);
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile("(?m)^" + pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + text);
        }
        return matcher.group(1);
    }

    private static String answer(
            String offer, IceCredentials local, Fingerprint ours, int port, String payloads) {
        return """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=ice-lite
        a=group:BUNDLE %1$s
        m=audio %2$d UDP/TLS/RTP/SAVPF %3$s
        c=IN IP4 127.0.0.1
        a=mid:%1$s
        a=ice-ufrag:%4$s
        a=ice-pwd:%5$s
        a=fingerprint:%6$s
        a=setup:passive
        a=sendonly
        a=rtcp-mux
        a=msid:voice voice
        a=candidate:1 1 udp 2130706431 127.0.0.1 %2$d typ host
        """
                .formatted(
                        found(offer, "a=mid:(\\S+)"),
                        port,
                        payloads,
                        local.ufrag(),
                        local.password(),
                        ours)
                .replace("\n", "\r\n");
    }

    /** In answer to the browser's offer. */
    String answer() {
        return answer;
    }

    /** Waits until packets can be sent. */
    SrtpSession keyed() {
        try {
            return keyed.get(KEYED_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the browser's connection did not open", e);
        }
    }

    private void listen() {
        ByteBuffer buffer = ByteBuffer.allocate(MOST_OCTETS);
        try {
            while (true) {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                take(buffer.array(), buffer.position(), from);
            }
        } catch (AsynchronousCloseException closed) {
            // it is over
        } catch (IOException e) {
            keyed.completeExceptionally(e);
        }
    }

    private void take(byte[] octets, int length, InetSocketAddress from) {
        switch (DatagramKind.of(octets, 0, length)) {
            case STUN -> {
                var _ = ice.onStun(octets, 0, length, from, System.nanoTime(), this::onIce);
            }
            case DTLS -> {
                if (association == null) {
                    association = handshakes.accept(fingerprints, new Handshake());
                }
                association.offer(octets, 0, length);
            }
            case RTP, RTCP, OTHER -> {
                // its reports are not read: nothing is repeated for it
            }
        }
    }

    private void onIce(IceEffect effect) {
        switch (effect) {
            case IceEffect.Send send -> write(ByteBuffer.wrap(send.datagram()), send.to());
            case IceEffect.Selected found -> selected = found.remote();
            case IceEffect.ConsentExpired _ -> {}
        }
    }

    /** A sealed packet. */
    void send(byte[] octets, int length) {
        write(ByteBuffer.wrap(octets, 0, length), Objects.requireNonNull(selected));
    }

    private void write(ByteBuffer octets, InetSocketAddress to) {
        try {
            channel.send(octets, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Handshake implements DtlsListener {
        @Override
        public void onDatagram(byte[] datagram) {
            InetSocketAddress to = selected;
            if (to != null) {
                write(ByteBuffer.wrap(datagram), to);
            }
        }

        @Override
        public void onOutcome(DtlsOutcome outcome) {
            switch (outcome) {
                case DtlsOutcome.Established(var keys) -> keyed.complete(new SrtpSession(keys, 1));
                case DtlsOutcome.Failed failed ->
                        keyed.completeExceptionally(new IOException(failed.toString()));
            }
        }

        @Override
        public void onClosed() {
            // it is over
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
