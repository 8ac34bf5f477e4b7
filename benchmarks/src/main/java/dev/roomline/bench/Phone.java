package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one phone: it sends a payload each 20 ms and counts what comes back. Owner: its
 * {@link PhoneLoop}; its counts may be read from any thread and are then a little old.
 */
@SuppressWarnings({"NonAtomicVolatileUpdate", "AddressSelection"}) // one writer; literal addresses
final class Phone implements Voice, AutoCloseable {
    static final long PTIME_NANOS = 20_000_000L;
    private static final int HEADER = 12;

    /** Takes what a phone hears, where somebody wants more than its counts. */
    interface Ear {
        void heard(ByteBuffer packet, long nowNanos);
    }

    /** Is told when a payload leaves. */
    interface Sending {
        void sent(int frame, long nowNanos);
    }

    final DatagramChannel channel;

    /** Set before its loop has it. */
    Sending sending = (_, _) -> {};

    final Speech.Payloads says;
    private final int ssrc;
    private final Ear ear;
    private int at;
    private int sequence;
    private int timestamp;
    private @Nullable InetSocketAddress remote;

    volatile long sent;
    volatile long received;
    volatile long lost;
    volatile long outOfOrder;
    volatile long longestGapNanos;
    private long lastNanos;
    private int highest;
    private int heardSsrc;
    private boolean heardAny;
    private boolean started;
    private volatile boolean forgetting;

    /**
     * @param address that it binds to, port 0
     * @param offset where in its payloads it begins, so that phones do not speak in unison
     */
    Phone(String address, Speech.Payloads says, int offset, int ssrc, Ear ear) {
        this.says = says;
        this.at = Math.floorMod(offset, says.frames().length);
        this.ssrc = ssrc;
        this.sequence = ssrc & 0x7fff;
        this.timestamp = ssrc * 31;
        this.ear = ear;
        try {
            channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(address, 0));
            channel.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    /** Where it sends to, and whom alone it hears. Before it is given to its loop. */
    void connect(InetSocketAddress to) {
        try {
            channel.connect(to);
            remote = to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets what was counted, at its next turn. Any thread. */
    void forget() {
        forgetting = true;
    }

    private void forgetNow() {
        forgetting = false;
        sent = 0;
        received = 0;
        lost = 0;
        outOfOrder = 0;
        longestGapNanos = 0;
        heardAny = false;
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    @Override
    public void send(ByteBuffer packet) {
        if (remote == null) {
            return;
        }
        if (forgetting) {
            forgetNow();
        }
        boolean isFirst = !started;
        started = true;
        packet.clear();
        packet.put((byte) 0x80)
                .put((byte) (isFirst ? says.type() | 0x80 : says.type()))
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc)
                .put(says.frames()[at])
                .flip();
        sequence++;
        timestamp += says.timestampStep();
        try {
            sending.sent(at, System.nanoTime());
            channel.write(packet);
            sent++;
        } catch (PortUnreachableException gone) {
            // the other side is not there: it will be missed by what does not come back
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        at = (at + 1) % says.frames().length;
    }

    @Override
    public void receive(ByteBuffer packet) {
        try {
            while (true) {
                packet.clear();
                if (channel.read(packet) <= 0) {
                    return;
                }
                packet.flip();
                if (packet.limit() >= HEADER) {
                    heard(packet, System.nanoTime());
                }
            }
        } catch (PortUnreachableException gone) {
            // as above
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void heard(ByteBuffer packet, long nowNanos) {
        int number = packet.getShort(2) & 0xffff;
        int source = packet.getInt(8);
        received++;
        if (heardAny && source == heardSsrc) {
            longestGapNanos = Math.max(longestGapNanos, nowNanos - lastNanos);
            int step = (short) (number - highest);
            if (step > 0) {
                lost += step - 1;
                highest = number;
            } else {
                outOfOrder++;
                lost -= step < 0 && lost > 0 ? 1 : 0;
            }
        } else {
            highest = number;
            heardSsrc = source;
            heardAny = true;
        }
        lastNanos = nowNanos;
        ear.heard(packet, nowNanos);
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
