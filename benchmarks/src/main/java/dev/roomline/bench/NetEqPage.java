package dev.roomline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A Chromium with so many connections that only listen, each of which has a NetEq of its own, and
 * what they made of what was sent: all that they played, and their figures. Owner: the bench's
 * thread.
 */
@SuppressWarnings("AddressSelection") // literal addresses
final class NetEqPage implements AutoCloseable {
    static final int OPUS_TYPE = 111;
    private static final long READY_SECONDS = 30;
    private static final long DONE_SECONDS = 60;

    private final HttpServer http;
    private final Child chromium;
    private final DtlsIdentity identity = DtlsIdentity.generate();
    private final DtlsHandshakes handshakes =
            new DtlsHandshakes(identity, 2, Duration.ofSeconds(15));
    private final AudioCodec codec;
    private final int count;
    private final List<BrowserLine> lines = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<List<BrowserLine>> ready = new CompletableFuture<>();
    private final CompletableFuture<String> done = new CompletableFuture<>();
    private final Map<String, byte[]> told = new ConcurrentHashMap<>();
    private volatile boolean over;

    NetEqPage(AudioCodec codec, int count) {
        this.codec = codec;
        this.count = count;
        try {
            http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/", this::answer);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
        Path folder = Workspace.folder("neteq");
        chromium = Child.start("chromium", folder, command(folder));
    }

    private List<String> command(Path folder) {
        return List.of(
                executable().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--mute-audio",
                "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding",
                "--disable-features=WebRtcHideLocalIpsWithMdns",
                "--allow-loopback-in-peer-connection",
                "--autoplay-policy=no-user-gesture-required",
                "--user-data-dir=" + folder.resolve("profile"),
                "http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    private static Path executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Chromium is missing"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] said = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().substring(1);
            byte[] answer = answer(path, said);
            exchange.getResponseHeaders().set("content-type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            done.completeExceptionally(e);
        }
    }

    private byte[] answer(String path, byte[] said) throws IOException {
        if (path.startsWith("offer/")) {
            return join(new String(said, US_ASCII)).getBytes(US_ASCII);
        }
        return switch (path) {
            case "" -> page();
            case "lines" -> Integer.toString(count).getBytes(US_ASCII);
            case "state" -> (over ? "over" : "on").getBytes(US_ASCII);
            case "done" -> {
                done.complete(new String(said, US_ASCII));
                yield new byte[0];
            }
            case "failed" -> throw new IllegalStateException(new String(said, US_ASCII));
            default -> {
                told.put(path, said);
                yield new byte[0];
            }
        };
    }

    private static byte[] page() throws IOException {
        try (var in = NetEqPage.class.getResourceAsStream("/neteq/page.html")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private String join(String offer) {
        String payloads =
                codec == AudioCodec.OPUS
                        ? OPUS_TYPE
                                + "\na=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1"
                        : codec.staticPayloadType()
                                + "\na=rtpmap:%d %s/8000"
                                        .formatted(codec.staticPayloadType(), codec.encodingName());
        BrowserLine line = new BrowserLine(handshakes, identity.fingerprint(), offer, payloads);
        lines.add(line);
        if (lines.size() == count) {
            ready.complete(List.copyOf(lines));
        }
        return line.answer();
    }

    /** All connections, by their order. */
    List<BrowserLine> await() {
        return got(ready, READY_SECONDS);
    }

    private <T> T got(CompletableFuture<T> future, long seconds) {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Chromium:\n" + chromium.output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends the measurement; returns the browser's name. */
    String finish() {
        over = true;
        return got(done, DONE_SECONDS);
    }

    /**
     * All that a connection played.
     *
     * @param moments when each block of 10 ms came, in ms since the epoch
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Sound(int rateHz, short[] samples, double[] moments) {}

    Sound sound(int line) {
        double[] numbers =
                text("moments/" + line).lines().mapToDouble(Double::parseDouble).toArray();
        ByteBuffer octets =
                ByteBuffer.wrap(Objects.requireNonNull(told.get("sound/" + line)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        short[] samples = new short[octets.remaining() / 2];
        octets.asShortBuffer().get(samples);
        return new Sound((int) numbers[0], samples, Arrays.copyOfRange(numbers, 1, numbers.length));
    }

    /** Rows of figures as {@code page.html} notes them, each with its moment first. */
    List<double[]> figures(int line) {
        return text("figures/" + line)
                .lines()
                .map(row -> Stream.of(row.split(" ")).mapToDouble(Double::parseDouble).toArray())
                .toList();
    }

    private String text(String path) {
        return new String(Objects.requireNonNull(told.get(path), path), US_ASCII);
    }

    @Override
    public void close() {
        chromium.close();
        lines.forEach(BrowserLine::close);
        http.stop(0);
    }
}
