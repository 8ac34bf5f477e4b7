package dev.roomline.bridge;

import dev.roomline.bridge.api.WebServer;
import dev.roomline.bridge.config.Arguments.Verb;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Version;
import dev.roomline.bridge.entry.Plan;
import dev.roomline.bridge.entry.Reload;
import dev.roomline.bridge.inbound.AccountRegistrar;
import dev.roomline.bridge.lifecycle.RunState;
import dev.roomline.bridge.lifecycle.StartFault;
import dev.roomline.bridge.lifecycle.Stopping;
import dev.roomline.bridge.lifecycle.StoreCleaning;
import dev.roomline.bridge.overload.Pulse;
import dev.roomline.bridge.overload.ServerVitals;
import dev.roomline.bridge.store.FirstStart;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.webhook.Mailroom;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.SipSignalling;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The map of the product: what there is, who knows whom, in which order it starts and stops.
 *
 * <pre>
 *   SIP sockets ─ SipSignalling ─ Switchboard ─ Call ─┬─ Reception (trunks, digest, codes)
 *                                                     └─ LocalRooms ─ MediaRelay ─ media sockets
 *   HTTP socket ─ WebServer ─┬─ /v1 ─ PostedRooms, PostedCalls, Store
 *                            ├─ /v1/session ─ WebSocketSessions ─ Joining ─ LocalRooms
 *                            └─ pages ─ Console
 * </pre>
 *
 * {@link Heart} is what lives between the doors, {@link SipSide} and {@link WebSide} are the doors.
 */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.server");

    private final RoomlineConfig config;
    private final InstantSource clock = InstantSource.system();
    private final RunState state = new RunState(clock.instant());
    private final OpenParts parts = new OpenParts();
    private final Stopping stopping;
    private final Reload reload;
    private final int httpPort;
    private final SipSignalling sip;

    /** Builds and starts everything; what has started is closed again where a later part fails. */
    static Wiring start(Verb.Serve serve, long beganNanos, PrintWriter out) throws StartFault {
        Wiring server = new Wiring(serve, out);
        server.state.started();
        LOG.info(
                "event=started version={} start_ms={}",
                Version.current(),
                (System.nanoTime() - beganNanos) / 1_000_000);
        return server;
    }

    private Wiring(Verb.Serve serve, PrintWriter out) throws StartFault {
        this.config = serve.config();
        serve.warnings().forEach(warning -> LOG.warn("event=config_warning text=\"{}\"", warning));
        try {
            Ground ground = ground();
            Heart heart = Heart.start(ground, parts, this::command);
            recover(ground.store(), heart.mailroom());
            this.stopping = stopping(heart);

            // sockets: SIP, then HTTP, so that a page that opens finds a server that answers calls
            SipSide doorOfPhones = new SipSide(ground, parts, heart);
            this.sip = doorOfPhones.core;
            Pulse pulse = pulse(heart);
            Plan plan = heart.plan(ground.store());
            this.reload = reload(serve, ground, heart, plan, doorOfPhones.registrar);
            heart.loop()
                    .execute(
                            () -> {
                                doorOfPhones.connect();
                                pulse.start();
                            });
            // behind the task above: what trunks ask is answered by who is connected there
            plan.refresh();
            WebServer web =
                    parts.keep(
                            new WebSide(ground, heart, doorOfPhones.core)
                                    .server(plan, doorOfPhones.registrar, reload));
            this.httpPort = OpenParts.opening("http.port", web::start);
            listening();
            FirstStart.prepare(
                            config,
                            ground.store(),
                            serve.withoutFile(),
                            reachableAddress(),
                            httpPort)
                    .ifPresent(out::println);
            ground.blocking().execute(new StoreCleaning(ground.store(), config.calls(), clock));
        } catch (StartFault fault) {
            parts.close();
            throw fault;
        } catch (IOException | RuntimeException fault) {
            parts.close();
            throw new StartFault(OpenParts.sentence(fault), fault);
        }
    }

    private Ground ground() {
        ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
        parts.keep(blocking::shutdownNow);
        return new Ground(config, clock, state, parts.keep(openStore()), blocking);
    }

    /** Nothing is sent before there are sockets. */
    private void command(ClientCommand.Send command) {
        sip.command(command);
    }

    private Stopping stopping(Heart heart) {
        return new Stopping(
                state,
                heart.calls(),
                heart.rooms(),
                heart.records(),
                heart.signal(),
                config.shutdown().grace());
    }

    private static Reload reload(
            Verb.Serve serve, Ground ground, Heart heart, Plan plan, AccountRegistrar registrar) {
        return new Reload(
                serve.values(),
                serve.again(),
                ground.store(),
                plan,
                heart.mailroom()::changed,
                registrar::forget);
    }

    private Store openStore() {
        Store store = Store.open(config, clock);
        int rooms = store.rooms().deleteMadeForCalls();
        if (rooms > 0) {
            LOG.warn("event=rooms_of_lost_calls_deleted rooms={}", rooms);
        }
        return store;
    }

    /** What was open when the process last died is told, then ended, before any call is taken. */
    private void recover(Store store, Mailroom mailroom) {
        mailroom.start();
        int crashed = store.calls().endCrashed(clock.instant());
        if (crashed > 0) {
            LOG.warn("event=calls_lost_by_crash calls={}", crashed);
        }
    }

    /** Looks at the server's load from now on, and tells everybody who refuses. */
    private Pulse pulse(Heart heart) {
        Pulse pulse =
                new Pulse(
                        heart.signal(),
                        new ServerVitals(heart.loop(), sip, heart.relay(), heart.calls()),
                        overload -> {
                            sip.admit(overload.admittedKnown(), overload.admittedShare());
                            state.overloaded(overload.because());
                        });
        heart.numbers().set(new ServerNumbers(heart, sip, pulse, state));
        return pulse;
    }

    /** Reads the configuration anew; blocks. What became of it stands in the log. */
    void reload() {
        reload.reload();
    }

    /** A second signal came while the first one's grace runs. */
    void stopAtOnce() {
        stopping.atOnce();
    }

    /** Drains, then closes everything. Returns the exit code. */
    int stop() throws InterruptedException {
        int exitCode = stopping.drain();
        parts.close();
        return exitCode;
    }

    int httpPort() {
        return httpPort;
    }

    OptionalInt sipPort(TransportKind transport) {
        return sip.port(transport);
    }

    private void listening() {
        for (TransportKind transport : TransportKind.values()) {
            sip.port(transport)
                    .ifPresent(port -> LOG.info("event=listening sip={} port={}", transport, port));
        }
        LOG.info("event=listening http port={}", httpPort);
        LOG.info(
                "event=listening media rtp_ports={} webrtc_port={}",
                config.media().rtpPorts(),
                config.media().webrtcPort());
    }

    /** The first address that other machines may reach us by. */
    private static Optional<InetAddress> reachableAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> a.getAddress().length == 4)
                    .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                    .findFirst();
        } catch (SocketException none) {
            return Optional.empty();
        }
    }
}
