package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The server under measurement, in its own process, with the flags of {@code scripts/run}, a data
 * folder of its own and ports that are free.
 */
final class Server implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final int ACCOUNTS = 20;
    private static final int MOST_PUT_OFF = 60;
    private static final int MOST_REPLY_OCTETS = 64 * 1_024;

    final int sipPort;
    private final int httpPort;
    private final Path folder;
    private final Child process;
    private final String profile;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * @param rooms how many there are; their codes are {@link #code}
     * @param cores that it is held to, as {@code taskset} wants them; empty: all
     * @param media further keys of the {@code media} section, {@code opus_complexity: 10}
     * @param profile file for a flight recording; empty: none
     * @param trunks further entries of {@code trunks}, as lines of YAML
     * @param collector flags that choose it; empty: as {@code scripts/run} does
     * @param flags further ones of the virtual machine
     */
    record Setup(
            int rooms,
            String cores,
            String media,
            String profile,
            String trunks,
            String collector,
            String flags) {
        static Setup of(int rooms) {
            return new Setup(rooms, "", "", "", "", "", "");
        }

        Setup on(String someCores) {
            return new Setup(rooms, someCores, media, profile, trunks, collector, flags);
        }

        Setup media(String keys) {
            return new Setup(rooms, cores, keys, profile, trunks, collector, flags);
        }

        /** With a flight recording, written to this file by {@link Server#dumpProfile}. */
        Setup profiled(String file) {
            return new Setup(rooms, cores, media, file, trunks, collector, flags);
        }

        Setup trunks(String lines) {
            return new Setup(rooms, cores, media, profile, lines, collector, flags);
        }

        /** Flags of the virtual machine that choose another collector than the product's. */
        Setup collector(String choice) {
            return new Setup(rooms, cores, media, profile, trunks, choice, flags);
        }

        Setup flags(String more) {
            return new Setup(rooms, cores, media, profile, trunks, collector, more);
        }

        /** So that {@link Server#nativeBytes} may be asked. */
        Setup countNative() {
            return flags("-XX:NativeMemoryTracking=summary");
        }
    }

    private Server(Path folder, int sipPort, int httpPort, Child process, String profile) {
        this.profile = profile;
        this.folder = folder;
        this.sipPort = sipPort;
        this.httpPort = httpPort;
        this.process = process;
    }

    /** Starts it and waits until it is ready. */
    static Server start(Setup setup) throws InterruptedException {
        Path folder = Workspace.folder("server");
        int sipPort = Workspace.port();
        int httpPort = Workspace.port();
        Workspace.write(folder.resolve("roomline.yaml"), yaml(setup, sipPort, httpPort));
        Child process =
                Child.start("server", folder, Child.on(setup.cores(), command(folder, setup)));
        Server server = new Server(folder, sipPort, httpPort, process, setup.profile());
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!server.isReady()) {
            if (!process.isAlive() || System.nanoTime() > limit) {
                throw new IllegalStateException("the server did not start:\n" + process.output());
            }
            Thread.sleep(50);
        }
        return server;
    }

    private static List<String> command(Path folder, Setup setup) {
        Path built = Workspace.root().resolve("bridge-server/target");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String flags = System.getProperty("bench.java_flags", "");
        if (!setup.collector().isEmpty()) {
            flags = flags.replace("-XX:+UseZGC", setup.collector());
        }
        command.addAll(List.of(flags.split(" ")));
        if (!setup.profile().isEmpty()) {
            command.add("-XX:StartFlightRecording=settings=profile");
        }
        if (!setup.flags().isEmpty()) {
            command.addAll(List.of(setup.flags().split(" ")));
        }
        try {
            command.addAll(
                    List.of(
                            "-cp",
                            built.resolve("classes")
                                    + ":"
                                    + Files.readString(built.resolve("classpath")),
                            "dev.roomline.bridge.Roomline",
                            "--config",
                            folder.resolve("roomline.yaml").toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("the server is not built", e);
        }
        return command;
    }

    /**
     * A call's pair of ports rests 5 s after it: 1,000 calls a second need 5,000 pairs, so the
     * range is wide. The trunk is ours alone: its calls need no digest.
     */
    private static String yaml(Setup setup, int sipPort, int httpPort) {
        StringBuilder yaml = new StringBuilder();
        yaml.append(
                """
                data_dir: data
                network: { bind: ["127.0.0.1"] }
                sip: { udp: %d, tcp: %d }
                media: { rtp_ports: 10000-32767, webrtc_port: %d%s }
                http: { port: %d, metrics: all }
                shutdown: { grace: 100ms }
                api: { keys: [ { key: bench, secret: bench-secret-0123456789abcdef0123456789abcdef, token: bench-token-0123456789abcdef, name: bench, scopes: [admin] } ] }
                trunks:
                  - { id: bench, name: bench, direction: inbound, address: 127.0.0.2, allow: ["127.0.0.2/32"], shared_addresses: false, rooms: ["*"] }
                %saccounts:
                """
                        .formatted(
                                sipPort,
                                sipPort,
                                Workspace.port(),
                                setup.media().isEmpty() ? "" : ", " + setup.media(),
                                httpPort,
                                setup.trunks()));
        for (int i = 0; i < ACCOUNTS; i++) {
            yaml.append(
                    "  - { username: phone%d, password: secret-word-%d, rooms: [\"*\"] }\n"
                            .formatted(i, i));
        }
        yaml.append("rooms:\n");
        for (int i = 0; i < setup.rooms(); i++) {
            yaml.append(
                    "  - { name: bench%d, max_participants: 10000, codes: [ { code: %s, role: guest } ] }\n"
                            .formatted(i, code(i)));
        }
        return yaml.toString();
    }

    /** The code of a room, 0 to 17,575. */
    static String code(int room) {
        String letters = "" + letter(room / 676) + letter(room / 26 % 26) + letter(room % 26);
        return letters + "-room-" + letters;
    }

    private static char letter(int index) {
        return (char) ('a' + index);
    }

    /** An injection file of SIPp: code, username, password. */
    static String fields(int rooms) {
        StringBuilder lines = new StringBuilder("SEQUENTIAL\n");
        IntStream.range(0, rooms)
                .forEach(
                        i ->
                                lines.append(
                                        "%s;[authentication username=phone%d password=secret-word-%d]\n"
                                                .formatted(code(i), i % ACCOUNTS, i % ACCOUNTS)));
        return lines.toString();
    }

    long pid() {
        return process.pid();
    }

    Path folder() {
        return folder;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** GET, as text. */
    String get(String path) {
        return send(request(path)).body();
    }

    /** A request with the key of an application. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address(path))
                .header("Authorization", "Bearer bench-token-0123456789abcdef");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * A participant that came by one POST.
     *
     * @param answer SDP
     * @param location secret: deleting it leaves
     */
    record Joined(String answer, String location) {}

    /** Joins a room by an offer; later, where the server is still too busy with being cold. */
    Joined join(String code, String offer) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address("/v1/rooms/" + code + "/participants"))
                        .header("Content-Type", "application/sdp")
                        .POST(BodyPublishers.ofString(offer));
        HttpResponse<String> response = send(request);
        for (int i = 0; response.statusCode() == 503 && i < MOST_PUT_OFF; i++) {
            Thread.sleep(1_000);
            response = send(request);
        }
        if (response.statusCode() != 201) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return new Joined(response.body(), response.headers().firstValue("location").orElseThrow());
    }

    /** Takes a participant out again. */
    void leave(Joined joined) {
        var _ = send(HttpRequest.newBuilder(address(joined.location())).DELETE());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + httpPort).resolve(path);
    }

    Scrape metrics() {
        return Scrape.of(get("/metrics"));
    }

    private boolean isReady() {
        try {
            return get("/readyz").contains("\"ready\"");
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** Has the garbage collected, twice: what references kept is gone after the second. */
    void collectGarbage() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            var _ = diagnose("GC.run");
            Thread.sleep(300);
        }
    }

    /**
     * Runs a diagnostic command in its JVM. The first time by {@code jcmd}, which opens a socket in
     * the JVM; from then on through that socket (HotSpot's attach protocol, version 1), since
     * starting another JVM would disturb what is measured.
     */
    private String diagnose(String command) throws InterruptedException {
        Path door = Path.of("/proc/" + pid() + "/root/tmp/.java_pid" + pid());
        if (!Files.exists(door)) {
            String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            try (Child child =
                    Child.start("jcmd", folder, List.of(jcmd, Long.toString(pid()), command))) {
                child.await(Duration.ofSeconds(30));
                return child.output();
            }
        }
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(door))) {
            byte[] request = ("1\0jcmd\0" + command + "\0\0\0").getBytes(StandardCharsets.UTF_8);
            socket.write(ByteBuffer.wrap(request));
            ByteBuffer reply = ByteBuffer.allocate(MOST_REPLY_OCTETS);
            while (socket.read(reply) >= 0 && reply.hasRemaining()) {
                // the JVM closes when it has said everything
            }
            return new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the flight recording, if one was asked for. */
    void dumpProfile() throws InterruptedException {
        if (!profile.isEmpty()) {
            var _ = diagnose("JFR.dump filename=" + profile);
        }
    }

    /** Resident memory in bytes. */
    long residentBytes() {
        return status("VmRSS");
    }

    /**
     * What is allocated outside the heap by the program itself: codecs' states and buffers; not the
     * JVM's own, its compiler's least of all.
     */
    long nativeBytes() throws InterruptedException {
        Matcher other =
                Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB")
                        .matcher(diagnose("VM.native_memory summary"));
        return other.find() ? 1_024 * Long.parseLong(other.group(1)) : 0;
    }

    private long status(String field) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its threads, but for those of the compiler, which come and go with what there is to do. */
    int threads() {
        int count = 0;
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                count += Files.readString(thread.resolve("comm")).contains("Compiler") ? 0 : 1;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    @Override
    public void close() {
        process.close();
    }
}
