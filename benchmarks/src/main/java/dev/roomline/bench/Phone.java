package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A phone with a socket of its own. Owner: its {@link PhoneLoop}. */
@SuppressWarnings("AddressSelection") // literal addresses
final class Phone extends PhoneStream implements Voice, AutoCloseable {
    private final DatagramChannel channel;

    /**
     * @param address that it binds to, port 0
     * @param offset where in its payloads it begins, so that phones do not speak in unison
     */
    Phone(String address, Speech.Payloads says, int offset, int ssrc, Ear ear) {
        super(says, offset, ssrc, ear);
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

    @Override
    void connect(InetSocketAddress to) {
        super.connect(to);
        try {
            channel.connect(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    @Override
    public void send(ByteBuffer packet) {
        if (remote() == null) {
            return;
        }
        packet.clear();
        speak(packet, System.nanoTime());
        packet.flip();
        try {
            channel.write(packet);
        } catch (PortUnreachableException gone) {
            // the other side is not there: it will be missed by what does not come back
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                hear(packet, System.nanoTime());
            }
        } catch (PortUnreachableException gone) {
            // as above
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
