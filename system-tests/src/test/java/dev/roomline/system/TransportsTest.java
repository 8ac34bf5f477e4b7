package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * The same calls over every road: UDP, TCP and TLS, each on IPv4 and IPv6, with SIPp and baresip,
 * in and out. Each call shares a room with a phone on IPv4 over UDP, so that sound goes from family
 * to family. They all run at once on one server. SIPp of Debian is built without TLS: there a
 * {@link TlsTunnel} speaks it for SIPp, which writes TLS into its messages.
 */
final class TransportsTest {
    private static final double PHONE = 437;
    private static final double FRIEND = 1009;
    private static final double HEARD_DBFS = -20;
    private static final double SILENT_DBFS = -50;
    private static final Duration WINDOW = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String TO = "+15551234567";
    private static final int TLS_PORT = FreePorts.one();
    private static final Certificates CERTIFICATES = new Certificates();
    private static final Path AUTHORITIES = CERTIFICATES.authorityFile();
    private static final Certificates.Shown SHOWN = CERTIFICATES.of("127.0.0.1", "::1");
    private static final Path PHONE_PEM = CERTIFICATES.whole(SHOWN, "phone.pem");
    private static final ScheduledExecutorService PACE =
            Executors.newSingleThreadScheduledExecutor();

    /** Where each road's SIPp and baresip are called: the port, and by TLS the one after it. */
    private static final Ports SIPPS = Ports.free();

    private static final Ports BARESIPS = Ports.free();

    static {
        CERTIFICATES.write(SHOWN, "sip");
    }

    @RegisterExtension
    static final BridgeProcess bridge =
            CERTIFICATES
                    .trustedBy(BridgeProcess.named("transports"))
                    .bind("127.0.0.1\", \"::1")
                    .rtpPortPairs(80)
                    .set("calls.trace=all")
                    .set("sip.tls=" + TLS_PORT)
                    .set("sip.tls_certificate=" + CERTIFICATES.folder.resolve("sip.pem"))
                    .set("sip.tls_key=" + CERTIFICATES.folder.resolve("sip-key.pem"))
                    .section("rooms", rooms())
                    .section("trunks", trunks());

    private final PlacedCalls calls = new PlacedCalls(bridge);

    private record Ports(Map<Road, Integer> ports) {
        static Ports free() {
            Map<Road, Integer> ports = new EnumMap<>(Road.class);
            for (Road road : Road.values()) {
                ports.put(road, FreePorts.block(2));
            }
            return new Ports(ports);
        }

        int of(Road road) {
            return Objects.requireNonNull(ports.get(road));
        }

        /** Where the server calls it. */
        int called(Road road) {
            return of(road) + (road.secure() ? 1 : 0);
        }
    }

    private static String rooms() {
        StringBuilder yaml = new StringBuilder("rooms:\n");
        for (Road road : Road.values()) {
            for (String peer : List.of("sipp", "baresip")) {
                yaml.append(
                        "  - { name: %s, codes: [ { code: %s, role: guest } ] }\n"
                                .formatted(peer + road, code(peer, road)));
            }
        }
        return yaml.toString();
    }

    private static String code(String peer, Road road) {
        return (peer.equals("sipp") ? "spp" : "brs") + "-road-aa" + road.letter;
    }

    private static String code(Flow flow, Road road) {
        return code(flow.name().startsWith("SIPp") ? "sipp" : "baresip", road);
    }

    private static String trunks() {
        StringBuilder yaml = new StringBuilder("trunks:\n");
        for (Road road : Road.values()) {
            for (var peer : Map.of("sipp", SIPPS, "baresip", BARESIPS).entrySet()) {
                yaml.append(
                        ("  - { id: %s, address: \"%s:%d;transport=%s\", options_ping: 0s,"
                                        + " numbers: [\"+15550100000\"], codecs: [pcmu] }\n")
                                .formatted(
                                        trunk(peer.getKey(), road),
                                        road.host(),
                                        peer.getValue().called(road),
                                        road.transport));
            }
        }
        return yaml.toString();
    }

    private static String trunk(String peer, Road road) {
        return peer + "-" + road.letter;
    }

    @AfterAll
    static void silence() {
        PACE.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> callsComeInByEveryRoad() {
        return atOnce(
                new Flow("SIPp calls, holds, resumes, calls again and is hung up", this::sippCalls),
                new Flow("baresip calls, holds, resumes and is hung up", this::baresipCalls));
    }

    @TestFactory
    Stream<DynamicTest> callsGoOutByEveryRoad() {
        return atOnce(
                new Flow("SIPp is called and hung up", this::sippIsCalled),
                new Flow("baresip is called, holds, resumes and hangs up", this::baresipIsCalled));
    }

    private record Flow(String name, Run run) {}

    @FunctionalInterface
    private interface Run {
        void over(Road road, Friend friend) throws Exception;
    }

    /** All of them begin now; each is told by itself. */
    private static Stream<DynamicTest> atOnce(Flow... flows) {
        List<DynamicTest> tests = new ArrayList<>();
        ExecutorService runs = Executors.newCachedThreadPool();
        for (Flow flow : flows) {
            for (Road road : Road.values()) {
                // one after the other: the server is cold
                Friend friend = new Friend(code(flow, road));
                Future<?> run =
                        runs.submit(
                                () -> {
                                    try (friend) {
                                        flow.run().over(road, friend);
                                    }
                                    return null;
                                });
                tests.add(dynamicTest(road + ": " + flow.name(), () -> outcome(run)));
            }
        }
        runs.shutdown();
        return tests.stream();
    }

    private static void outcome(Future<?> run) throws InterruptedException {
        try {
            run.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause() + "\n" + bridge.log(), failed.getCause());
        }
    }

    private void sippCalls(Road road, Friend friend) {
        try (TlsTunnel tunnel = TlsTunnel.toServer(road.address(), TLS_PORT, context())) {
            sipp("hold.xml", road, friend, tunnel).run().assertPassed();
            friend.isLeftAlone();
            SippRunner again = sipp("call-hung-up-by-us.xml", road, friend, tunnel).echoRtp();
            try (SippRunner.Running sipp = again.start()) {
                String id = friend.other();
                friend.hears(FRIEND);
                assertThat(calls.hangUp(id)).isEqualTo(204);
                sipp.await().assertPassed();
                assertThat(calls.awaitEnd(id)).isEqualTo("hangup_api");
                assertWent(id, road);
            }
        }
    }

    private static SippRunner sipp(String scenario, Road road, Friend friend, TlsTunnel tunnel) {
        return SippRunner.scenario(scenario, road.secure() ? tunnel.port() : bridge.sipPort())
                .on(road)
                .dial(friend.code)
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
    }

    private void baresipCalls(Road road, Friend friend) {
        try (Baresip baresip = baresip(road, BridgeProcess.USERNAME, FreePorts.block(2))) {
            int server = road.secure() ? TLS_PORT : bridge.sipPort();
            baresip.call(
                    "sip:%s@%s:%d;transport=%s"
                            .formatted(friend.code, road.host(), server, road.transport));
            String id = friend.other();
            holdsAndResumes(baresip, friend);
            assertThat(calls.hangUp(id)).isEqualTo(204);
            baresip.awaitClosed();
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_api");
            assertWent(id, road);
        }
    }

    private void sippIsCalled(Road road, Friend friend) {
        int port = SIPPS.of(road);
        SippRunner scenario =
                SippRunner.scenario("echo-uas.xml", bridge.sipPort())
                        .with(":[local_port];transport", ":" + SIPPS.called(road) + ";transport")
                        .on(road)
                        .localPort(port)
                        .echoRtp();
        try (SippRunner.Running sipp = scenario.start()) {
            if (!road.transport.equals("udp")) {
                FreePorts.awaitListening(port);
            }
            try (TlsTunnel _ = TlsTunnel.fromServer(road.address(), port + 1, context(), port)) {
                String id = place("sipp", road, "sip:callee@" + road.host());
                friend.hears(FRIEND);
                assertThat(calls.hangUp(id)).isEqualTo(204);
                sipp.await().assertPassed();
                assertThat(calls.awaitEnd(id)).isEqualTo("hangup_api");
                assertWent(id, road);
            }
        }
    }

    private void baresipIsCalled(Road road, Friend friend) {
        try (Baresip baresip = baresip(road, TO, BARESIPS.of(road))) {
            String id = place("baresip", road, TO);
            holdsAndResumes(baresip, friend);
            baresip.hangUp();
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_callee");
            assertWent(id, road);
        }
    }

    private static Baresip baresip(Road road, String user, int port) {
        Baresip.Phone phone = Baresip.Phone.of(bridge, Codec.PCMU, PHONE).named(user);
        return Baresip.on(road, phone, port, AUTHORITIES, PHONE_PEM);
    }

    private static void holdsAndResumes(Baresip baresip, Friend friend) {
        friend.hears(PHONE);
        heardBy(baresip);
        baresip.hold(true);
        friend.hearsNothingOf(PHONE);
        baresip.hold(false);
        friend.hears(PHONE);
        heardBy(baresip);
    }

    private static void heardBy(Baresip baresip) {
        await("the friend to be heard by baresip")
                .atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            Recording all = baresip.heard();
                            double end = all.seconds();
                            Recording last = all.slice(Math.max(0, end - 0.4), end);
                            assertThat(end).isGreaterThan(0.4);
                            assertThat(AudioMeasure.levelDbfs(last, FRIEND))
                                    .isGreaterThan(HEARD_DBFS);
                        });
    }

    /** By the API, until it is answered. */
    private static String place(String peer, Road road, String to) {
        HttpResponse<String> answer =
                bridge.send(
                        bridge.request("/v1/calls")
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofString(
                                                """
                                                {"to": "%s", "room": "%s", "trunk": "%s", "wait": "answered"}
                                                """
                                                        .formatted(
                                                                to,
                                                                code(peer, road),
                                                                trunk(peer, road))))
                                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return BridgeProcess.JSON.readTree(answer.body()).path("id").asString();
    }

    /** By its trace every message of the call went that way. */
    private static void assertWent(String id, Road road) {
        JsonNode messages = bridge.get("/v1/calls/" + id + "/trace").path("messages");
        assertThat(messages.findValuesAsString("transport"))
                .hasSizeGreaterThan(4)
                .containsOnly(road.transport);
        assertThat(messages.findValuesAsString("remote"))
                .allMatch(remote -> remote.startsWith(road.host() + ":"));
    }

    private static SSLContext context() {
        return CERTIFICATES.peer(SHOWN);
    }

    /** A phone on IPv4 over UDP that talks in the room, and hears who else does. */
    private static final class Friend implements AutoCloseable {
        private final RtpPhone phone = new RtpPhone(bridge);
        private final AtomicInteger sequence = new AtomicInteger();
        private final Future<?> voice;
        private final Set<String> before;
        private final String code;

        Friend(String code) {
            this.code = code;
            phone.call(code);
            before = answered();
            voice = PACE.scheduleAtFixedRate(this::talk, 0, 20, TimeUnit.MILLISECONDS);
        }

        private void talk() {
            byte[] frame = RtpPhone.frame(1, sequence.incrementAndGet(), FRIEND);
            RtpPhone.send(phone.rtp(), frame, phone.mediaPort());
        }

        private Set<String> answered() {
            return bridge.get("/v1/calls?state=answered&room=" + code)
                    .path("items")
                    .valueStream()
                    .map(call -> call.path("id").asString())
                    .collect(Collectors.toCollection(HashSet::new));
        }

        /** The call of who came into the room since. */
        String other() {
            return await("another call in " + code)
                    .atMost(LIMIT)
                    .until(
                            () -> {
                                Set<String> now = answered();
                                now.removeAll(before);
                                return now.stream().findFirst().orElse("");
                            },
                            id -> !id.isEmpty());
        }

        void isLeftAlone() {
            await(code + " to be left").atMost(LIMIT).until(this::answered, before::equals);
        }

        void hears(double hertz) {
            await(hertz + " Hz to be heard in " + code)
                    .atMost(LIMIT)
                    .until(() -> level(hertz), level -> level > HEARD_DBFS);
        }

        void hearsNothingOf(double hertz) {
            await(hertz + " Hz to be silent in " + code)
                    .atMost(LIMIT)
                    .until(() -> level(hertz), level -> level < SILENT_DBFS);
        }

        /** Of what comes from now on; of nothing at all it is silent. */
        private double level(double hertz) {
            flush();
            Recording heard = RtpPhone.sound(RtpPhone.receiveAll(phone.rtp(), WINDOW));
            return heard.samples().length == 0 ? -150 : AudioMeasure.levelDbfs(heard, hertz);
        }

        private void flush() {
            try {
                phone.rtp().setSoTimeout(1);
                while (true) {
                    phone.rtp().receive(new DatagramPacket(new byte[2048], 2048));
                }
            } catch (IOException empty) {
                // all that had come before is gone
            }
        }

        @Override
        public void close() {
            voice.cancel(false);
            phone.hangUp();
            phone.close();
        }
    }
}
