package dev.roomline.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who sends octets and takes answers wherever their Vias lead: without rport an answer goes to the
 * port of the sent-by, or to 5060. So it has an address of its own on loopback.
 */
interface TorturePeer extends AutoCloseable {
    String ADDRESS = "127.0.47.5";
    int LIMIT_MILLIS = 5000;

    /** Headers as they stand, whatever else the message is. */
    record Message(String text) {
        int status() {
            return text.startsWith("SIP/2.0 ") ? Integer.parseInt(text.substring(8, 11)) : 0;
        }

        String requestUri() {
            return text.split(" ", 3)[1];
        }

        String callId() {
            return header("Call-ID", "i");
        }

        /** The first of that name; empty if there is none. */
        String header(String name, String compact) {
            Matcher line =
                    Pattern.compile("(?im)^(?:" + name + "|" + compact + ")\\s*:\\s*(.*?)\\s*$")
                            .matcher(text.split("\r\n\r\n", 2)[0]);
            return line.find() ? line.group(1) : "";
        }

        boolean answers(Message request) {
            return callId().equals(request.callId());
        }
    }

    void send(byte[] octets);

    /** The next message; empty if there is none for a while, or the connection is closed. */
    Optional<Message> receive();

    /** Sends nothing more. */
    void finish();

    @Override
    void close();

    static TorturePeer overUdp(int serverPort) {
        return new Udp(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
    }

    static TorturePeer overTcp(int serverPort) {
        return new Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
    }

    /** The first port sends; each hears. */
    final class Udp implements TorturePeer {
        private static final int[] PORTS = {5060, 5050, 6050, 19823};

        private final Selector selector;
        private final DatagramChannel sender;
        private final InetSocketAddress server;

        Udp(InetSocketAddress server) {
            this.server = server;
            try {
                selector = Selector.open();
                sender = open(PORTS[0]);
                for (int i = 1; i < PORTS.length; i++) {
                    open(PORTS[i]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private DatagramChannel open(int port) throws IOException {
            DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(ADDRESS, port)).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return channel;
        }

        @Override
        public void send(byte[] octets) {
            try {
                sender.send(ByteBuffer.wrap(octets), server);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<Message> receive() {
            ByteBuffer datagram = ByteBuffer.allocate(65_535);
            try {
                selector.select(LIMIT_MILLIS);
                for (SelectionKey key : selector.keys()) {
                    if (((DatagramChannel) key.channel()).receive(datagram) != null) {
                        selector.selectedKeys().clear();
                        return Optional.of(
                                new Message(
                                        new String(
                                                datagram.array(),
                                                0,
                                                datagram.position(),
                                                ISO_8859_1)));
                    }
                }
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void finish() {}

        @Override
        public void close() {
            try {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
                selector.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers are cut by their Content-Length. */
    final class Tcp implements TorturePeer {
        private final Socket socket;

        Tcp(InetSocketAddress server) {
            try {
                socket = new Socket();
                socket.bind(new InetSocketAddress(ADDRESS, 0));
                socket.connect(server, LIMIT_MILLIS);
                socket.setSoTimeout(LIMIT_MILLIS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void send(byte[] octets) {
            try {
                socket.getOutputStream().write(octets);
            } catch (IOException closedByTheServer) {
                // what it said before is read
            }
        }

        @Override
        public Optional<Message> receive() {
            try {
                InputStream in = socket.getInputStream();
                StringBuilder text = new StringBuilder();
                while (text.indexOf("\r\n\r\n") < 0) {
                    int octet = in.read();
                    if (octet < 0) {
                        return Optional.empty();
                    }
                    text.append((char) octet);
                }
                Matcher length = Pattern.compile("(?im)^Content-Length:\\s*(\\d+)").matcher(text);
                int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
                text.append(new String(in.readNBytes(body), ISO_8859_1));
                return Optional.of(new Message(text.toString()));
            } catch (SocketTimeoutException nothing) {
                return Optional.empty();
            } catch (IOException reset) {
                return Optional.empty();
            }
        }

        @Override
        public void finish() {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
