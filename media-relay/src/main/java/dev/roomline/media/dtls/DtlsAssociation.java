package dev.roomline.media.dtls;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One peer's DTLS, seen from its loop. Methods never block. Thread-safe: the loop puts datagrams
 * in, a virtual thread takes them out and lives as long as the association, since a peer whose last
 * flight was answered by a datagram that got lost sends it again (RFC 6347 §4.2.4).
 *
 * <pre>
 *   loop ── offer ──▶ filter ──▶ queue ──▶ virtual thread: handshake ──▶ onOutcome
 *                                              │  then: resent flights answered,
 *        ◀────────── onDatagram ───────────────┘  close_notify awaited ──▶ onClosed
 * </pre>
 */
public final class DtlsAssociation implements AutoCloseable {

    private static final int QUEUE_LENGTH = 32;
    private static final int IDLE_MILLIS = 60_000;
    private static final int MAX_DATAGRAM = 4096;
    // Fits every path that IPv6 allows, with room for IP and UDP headers.
    private static final int SEND_LIMIT = 1200;

    /** Closed set of what became of a datagram; for counters. */
    public enum Verdict {
        TAKEN,
        /** Not DTLS records, or ones that no honest peer sends. */
        MALFORMED,
        /** More datagrams than an honest handshake needs. */
        TOO_MANY,
        /** The queue is full. */
        QUEUE_FULL,
        /** The association is over. */
        CLOSED
    }

    private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final RecordFilter filter;
    private final DtlsListener listener;
    private final Semaphore computing;
    private volatile boolean established;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /**
     * @param computing held by a handshake whenever it does not wait for its peer
     * @param peerSigns it is a client: its signature has to come before it changes the cipher
     */
    DtlsAssociation(DtlsListener listener, Semaphore computing, boolean peerSigns) {
        filter = new RecordFilter(peerSigns);
        this.listener = listener;
        this.computing = computing;
    }

    /** Whether a datagram may be a peer's first: nothing is begun for any other. */
    public static boolean isBegun(byte[] bytes, int offset, int length) {
        return RecordFilter.isHello(bytes, offset, length);
    }

    /** Copies a datagram that the peer sent into the queue. Called by one thread, the loop. */
    public Verdict offer(byte[] bytes, int offset, int length) {
        if (closed) {
            return Verdict.CLOSED;
        }
        if (!RecordFilter.isSound(bytes, offset, length)) {
            return Verdict.MALFORMED;
        }
        if (!established && !filter.count()) {
            return Verdict.TOO_MANY;
        }
        int usable = established ? length : filter.inOrder(bytes, offset, length);
        if (usable == 0) {
            return Verdict.TAKEN;
        }
        return queue.offer(Arrays.copyOfRange(bytes, offset, offset + usable))
                ? Verdict.TAKEN
                : Verdict.QUEUE_FULL;
    }

    /** Says close_notify if it can and ends the thread. */
    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Called on the virtual thread, first thing. */
    void attach(Thread running) {
        thread = running;
        if (closed) {
            running.interrupt();
        }
    }

    /** The association is over before it began. */
    void fail(DtlsOutcome.Reason reason, String detail) {
        closed = true;
        listener.onOutcome(new DtlsOutcome.Failed(reason, detail));
    }

    /** The handshake; blocks. Null if it failed, which the listener then knows. */
    @Nullable DTLSTransport handshake(DtlsSide side) {
        computing.acquireUninterruptibly();
        try {
            DTLSTransport transport = side.shakeHands(new Wire());
            var keys = side.keys();
            if (keys == null) {
                fail(DtlsOutcome.Reason.PROTOCOL, "the handshake ended without keys");
                return null;
            }
            established = true;
            listener.onOutcome(new DtlsOutcome.Established(keys));
            return transport;
        } catch (IOException | RuntimeException e) {
            DtlsOutcome.Reason named = side.refusal();
            if (closed) {
                fail(DtlsOutcome.Reason.CLOSED, "the association was closed by us");
            } else if (named != null) {
                fail(named, "the handshake was refused by us");
            } else if (e instanceof TlsTimeoutException) {
                fail(DtlsOutcome.Reason.TIMED_OUT, "the handshake did not end in time");
            } else {
                fail(DtlsOutcome.Reason.PROTOCOL, sentence(e));
            }
            return null;
        } finally {
            computing.release();
        }
    }

    private static String sentence(Exception e) {
        return e instanceof TlsFatalAlert alert
                ? "the handshake broke with alert " + alert.getAlertDescription()
                : "the handshake broke: " + e.getClass().getSimpleName();
    }

    /** After the handshake: answers resent flights, waits for the end; blocks. */
    void serve(DTLSTransport transport, DtlsSide side) {
        byte[] buffer = new byte[MAX_DATAGRAM];
        try {
            while (!closed && !side.peerClosed()) {
                // Application data is not ours to use: there are no data channels.
                transport.receive(buffer, 0, buffer.length, IDLE_MILLIS);
            }
        } catch (IOException | RuntimeException e) {
            // A fatal alert of the peer's, or the interrupt of close(): the association is over.
        }
        boolean byPeer = !closed;
        closed = true;
        try {
            transport.close();
        } catch (IOException | RuntimeException e) {
            // Nothing is left to tell.
        }
        if (byPeer) {
            listener.onClosed();
        }
    }

    /** The queue and the listener as the library wants to see them. */
    private final class Wire implements DatagramTransport {

        private boolean shut;

        @Override
        public int getReceiveLimit() {
            return MAX_DATAGRAM;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis)
                throws IOException {
            if (shut) {
                // The library closed it at close_notify, yet goes on asking until its time is up.
                throw new IOException("closed by the peer");
            }
            // The peer is waited for without a permit: only computing needs one.
            boolean handshaking = !established;
            if (handshaking) {
                computing.release();
            }
            try {
                byte[] datagram = queue.poll(Math.max(1, waitMillis), TimeUnit.MILLISECONDS);
                if (datagram == null) {
                    return -1;
                }
                int size = Math.min(length, datagram.length);
                System.arraycopy(datagram, 0, buffer, offset, size);
                return size;
            } catch (InterruptedException e) {
                throw new IOException("closed", e);
            } finally {
                if (handshaking) {
                    computing.acquireUninterruptibly();
                }
            }
        }

        @Override
        public int getSendLimit() {
            return SEND_LIMIT;
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            listener.onDatagram(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        @Override
        public void close() {
            shut = true;
        }
    }
}
