package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A phone whose packets take a {@link BadNetwork} to the server, and who keeps all that it hears.
 * Owner: one thread.
 */
@SuppressWarnings("AddressSelection") // literal addresses
final class TracedPhone implements AutoCloseable {
    final HeardSpeech heard;
    private final DatagramChannel channel;
    private final Speech.Payloads says;
    private final long[] arrivals;
    private final int ssrc;
    private @Nullable InetSocketAddress remote;

    TracedPhone(
            DatagramChannel channel,
            AudioCodec codec,
            Speech.Payloads says,
            long[] arrivals,
            int ssrc) {
        this.says = says;
        this.arrivals = arrivals;
        this.ssrc = ssrc;
        heard = new HeardSpeech(codec, says.type());
        this.channel = channel;
    }

    /** A socket for the phones of one room: whom a packet is for is told by where it comes from. */
    static DatagramChannel open() {
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(SipCaller.ADDRESS, 0));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    void connect(InetSocketAddress to) {
        remote = to;
    }

    /** A packet on its way: when the network brings it to the server. */
    record Flight(long arrivalNanos, TracedPhone from, int number) {}

    /** Adds all of its packets that arrive. */
    void addFlights(List<Flight> flights) {
        for (int i = 0; i < says.frames().length; i++) {
            if (!BadNetwork.isLost(arrivals[i])) {
                flights.add(new Flight(arrivals[i], this, i));
            }
        }
    }

    void arrive(int number, ByteBuffer packet) {
        packet.clear();
        packet.put((byte) 0x80)
                .put((byte) (number == 0 ? says.type() | 0x80 : says.type()))
                .putShort((short) (ssrc + number))
                .putInt(ssrc * 31 + number * says.timestampStep())
                .putInt(ssrc)
                .put(says.frames()[number])
                .flip();
        try {
            channel.send(packet, remote);
        } catch (PortUnreachableException gone) {
            // it will be missed by what does not come back
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes what is for it. */
    private boolean take(SocketAddress from, ByteBuffer packet, long nanos) {
        if (!from.equals(remote)) {
            return false;
        }
        heard.take(packet, nanos);
        return true;
    }

    /** Hands out all that has come to the socket of two phones. */
    static void listen(TracedPhone one, TracedPhone other, ByteBuffer packet, long beganNanos) {
        try {
            packet.clear();
            SocketAddress from = one.channel.receive(packet);
            while (from != null) {
                packet.flip();
                long nanos = System.nanoTime() - beganNanos;
                boolean _ = one.take(from, packet, nanos) || other.take(from, packet, nanos);
                packet.clear();
                from = one.channel.receive(packet);
            }
        } catch (PortUnreachableException gone) {
            // the other side is not there: it will be missed by what does not come back
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the socket that it shares. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
