package dev.roomline.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** For programs that speak no TLS: what stands between their TCP and the server's TLS. */
final class TlsTunnel implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final Way way;

    @FunctionalInterface
    private interface Way {
        Socket connect() throws IOException;
    }

    private TlsTunnel(ServerSocket listener, Way way) {
        this.listener = listener;
        this.way = way;
        Thread.ofVirtual().name("tunnel").start(this::accept);
    }

    /** TCP in, TLS out to the server, whose certificate must be for that address. */
    static TlsTunnel toServer(String address, int serverPort, SSLContext context) {
        try {
            InetAddress here = InetAddress.ofLiteral(address);
            return new TlsTunnel(
                    new ServerSocket(0, 8, here),
                    () -> {
                        SSLSocket socket =
                                (SSLSocket)
                                        context.getSocketFactory().createSocket(here, serverPort);
                        SSLParameters parameters = socket.getSSLParameters();
                        parameters.setEndpointIdentificationAlgorithm("HTTPS");
                        socket.setSSLParameters(parameters);
                        socket.startHandshake();
                        return socket;
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** TLS in at that port, TCP out to a program that listens already. */
    static TlsTunnel fromServer(String address, int port, SSLContext context, int programPort) {
        try {
            InetAddress here = InetAddress.ofLiteral(address);
            return new TlsTunnel(
                    context.getServerSocketFactory().createServerSocket(port, 8, here),
                    () -> new Socket(here, programPort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket in = listener.accept();
                open.add(in);
                Socket out = way.connect();
                open.add(out);
                Thread.ofVirtual().start(() -> copy(in, out));
                Thread.ofVirtual().start(() -> copy(out, in));
            }
        } catch (IOException closed) {
            // the test is over, or sees that nothing comes
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException closed) {
            // so is the other side now
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
