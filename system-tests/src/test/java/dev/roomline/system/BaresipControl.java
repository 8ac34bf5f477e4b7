package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The connection by which a {@link Baresip} is driven: {@code ctrl_tcp}, netstrings of JSON. */
final class BaresipControl implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ChildProcess process;
    private final Socket socket;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    private BaresipControl(ChildProcess process, Socket socket) {
        this.process = process;
        this.socket = socket;
        Thread.ofVirtual().name("baresip-events").start(this::readEvents);
    }

    /** Waits until it listens there. */
    static BaresipControl of(ChildProcess process, InetSocketAddress address, Duration limit) {
        Socket socket =
                await("baresip's control port")
                        .atMost(limit)
                        .pollInterval(Duration.ofMillis(50))
                        .until(
                                () -> {
                                    if (!process.isAlive()) {
                                        throw new AssertionError(
                                                "baresip ended:\n" + process.output());
                                    }
                                    return tryConnect(address);
                                },
                                Optional::isPresent)
                        .orElseThrow();
        return new BaresipControl(process, socket);
    }

    private static Optional<Socket> tryConnect(InetSocketAddress control) {
        try {
            return Optional.of(new Socket(control.getAddress(), control.getPort()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    void command(String name, String parameter) {
        String json =
                JSON.writeValueAsString(
                        Map.of("command", name, "params", parameter, "token", name));
        byte[] octets = json.getBytes(UTF_8);
        byte[] head = (octets.length + ":").getBytes(UTF_8);
        byte[] netstring = new byte[head.length + octets.length + 1];
        System.arraycopy(head, 0, netstring, 0, head.length);
        System.arraycopy(octets, 0, netstring, head.length, octets.length);
        netstring[netstring.length - 1] = ',';
        try {
            socket.getOutputStream().write(netstring);
        } catch (IOException e) {
            throw new AssertionError("baresip takes no commands:\n" + report(), e);
        }
    }

    /** The events of that kind that it has told of, in order. */
    List<JsonNode> events(String type) {
        return events.stream()
                .filter(event -> event.path("type").asString("").equals(type))
                .toList();
    }

    boolean has(String type) {
        return !events(type).isEmpty();
    }

    /** What baresip printed and the events it told of. */
    String report() {
        return process.output() + "\n" + events;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readEvents() {
        try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
            int length = 0;
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet != ':') {
                    length = 10 * length + octet - '0';
                    continue;
                }
                events.add(JSON.readTree(in.readNBytes(length)));
                in.skipNBytes(1);
                length = 0;
            }
        } catch (IOException _) {
            // The test closed the connection.
        }
    }
}
