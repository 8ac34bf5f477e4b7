package dev.roomline.bridge;

import dev.roomline.bridge.api.LiveSide;
import dev.roomline.bridge.api.Pages;
import dev.roomline.bridge.api.WebServer;
import dev.roomline.bridge.api.hundredms.HundredMsFormat;
import dev.roomline.bridge.api.indus.EndReport;
import dev.roomline.bridge.api.videosdk.VideoSdkFormat;
import dev.roomline.bridge.api.videosdk.WebhookKey;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.call.CallLimits;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.Road;
import dev.roomline.bridge.call.Roads;
import dev.roomline.bridge.call.StoredCalls;
import dev.roomline.bridge.call.Switchboard;
import dev.roomline.bridge.config.Arguments.Verb;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Version;
import dev.roomline.bridge.console.Console;
import dev.roomline.bridge.entry.AccountEntries;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.entry.KeyEntries;
import dev.roomline.bridge.entry.Plan;
import dev.roomline.bridge.entry.Reload;
import dev.roomline.bridge.entry.RouteEntries;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.entry.TrunkStates;
import dev.roomline.bridge.entry.WebhookEntries;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.inbound.AccountBook;
import dev.roomline.bridge.inbound.AccountRegistrar;
import dev.roomline.bridge.inbound.Dialplan;
import dev.roomline.bridge.inbound.InboundSettings;
import dev.roomline.bridge.inbound.LiveLoad;
import dev.roomline.bridge.inbound.Reception;
import dev.roomline.bridge.inbound.RouteHook;
import dev.roomline.bridge.lifecycle.RunState;
import dev.roomline.bridge.lifecycle.StartFault;
import dev.roomline.bridge.lifecycle.Stopping;
import dev.roomline.bridge.metrics.LiveNumbers;
import dev.roomline.bridge.metrics.Metrics;
import dev.roomline.bridge.outbound.Dialer;
import dev.roomline.bridge.outbound.OutboundSettings;
import dev.roomline.bridge.outbound.RegisteredPhones;
import dev.roomline.bridge.overload.Pulse;
import dev.roomline.bridge.overload.ServerVitals;
import dev.roomline.bridge.peer.WebSocketSessions;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.room.Permissions;
import dev.roomline.bridge.room.PostedRooms;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.LoopSignal;
import dev.roomline.bridge.store.FirstStart;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.StoreException;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trunk.TrunkNews;
import dev.roomline.bridge.trunk.TrunkState;
import dev.roomline.bridge.trunk.Trunks;
import dev.roomline.bridge.webhook.AskingRoutes;
import dev.roomline.bridge.webhook.Format;
import dev.roomline.bridge.webhook.GuardedHttp;
import dev.roomline.bridge.webhook.Mailroom;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.media.loop.MediaSettings;
import dev.roomline.media.loop.NettyMediaRelay;
import dev.roomline.sip.auth.DigestAlgorithm;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.DigestSettings;
import dev.roomline.sip.auth.SecretKeyFile;
import dev.roomline.sip.endpoint.EndpointSettings;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.SignalLoop;
import dev.roomline.sip.transport.SipSignalling;
import dev.roomline.sip.transport.TransportCounters;
import dev.roomline.sip.transport.TransportSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.server");
    private static final List<String> SERVED =
            Stream.concat(EndpointSettings.SERVED.stream(), Stream.of("REGISTER")).toList();
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);
    private static final Duration DELIVERIES_KEPT = Duration.ofDays(7);
    private static final Duration ANSWERS_KEPT = Duration.ofDays(1);

    private final RoomlineConfig config;
    private final InstantSource clock = InstantSource.system();
    private final RunState state = new RunState(clock.instant());
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
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
            ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
            open.push(blocking::shutdownNow);
            Store store = keep(openStore());
            Heart heart = heart(store, blocking);
            recover(store, heart.mailroom());
            this.stopping =
                    new Stopping(
                            state,
                            heart.calls(),
                            heart.rooms(),
                            heart.records(),
                            heart.signal(),
                            config.shutdown().grace());

            // sockets: SIP, then HTTP, so that a page that opens finds a server that answers calls
            this.sip = keep(opening("sip.udp and sip.tcp", () -> sip(heart)));
            Pulse pulse = pulse(heart);
            SipSignalling core = sip;
            DigestGuard guard = guard();
            AccountBook accounts = AccountBook.of(store.accounts(), blocking);
            GuardedHttp http = keep(new GuardedHttp());
            RouteHook hook =
                    new AskingRoutes(
                            http::post,
                            () -> store.webhooks().all().stream().map(WebhookRow::webhook).toList(),
                            blocking,
                            clock,
                            heart.metrics().counters());
            Reception reception = reception(guard, accounts, hook, heart);
            AccountRegistrar registrar =
                    new AccountRegistrar(
                            config.sip().domains(),
                            guard,
                            accounts,
                            core::command,
                            heart.signal(),
                            heart.metrics().counters(),
                            heart.refusals());
            Trunks trunks = heart.trunks();
            // bindings are taken back while there still are sockets
            open.push(() -> heart.loop().execute(trunks::stop));
            Dialer dialer = dialer(heart, registrar, accounts);
            Plan plan = plan(store, heart);
            this.reload =
                    new Reload(
                            serve.values(),
                            serve.again(),
                            store,
                            plan,
                            heart.mailroom()::changed,
                            registrar::forget);
            Desk desk = desk(store, plan, heart, registrar);
            heart.loop()
                    .execute(
                            () -> {
                                core.know(
                                        (source, nonce, nowNanos) ->
                                                heart.dialplan().allows(source)
                                                        || guard.gave(nonce, source, nowNanos));
                                heart.calls().connect(core::command, reception);
                                heart.calls().connect(registrar);
                                heart.calls().connect(dialer, roads(), trunks::concluded);
                                pulse.start();
                            });
            // behind the task above: what trunks ask is answered by who is connected there
            plan.refresh();
            WebServer web = keep(web(store, blocking, heart, desk));
            this.httpPort = opening("http.port", web::start);
            listening();
            FirstStart.prepare(config, store, serve.withoutFile(), reachableAddress(), httpPort)
                    .ifPresent(out::println);
            keepStoreClean(store, blocking);
        } catch (StartFault fault) {
            close();
            throw fault;
        } catch (IOException | RuntimeException fault) {
            close();
            throw new StartFault(sentence(fault), fault);
        }
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

    /** The signalling loop and what lives on it, the media relay, and what counts them. */
    private record Heart(
            SignalLoop loop,
            LoopSignal signal,
            LocalRooms rooms,
            CodeBook codes,
            RoomDirectory directory,
            StoredCalls records,
            Switchboard calls,
            RefusalRing refusals,
            EventBus events,
            Mailroom mailroom,
            Redaction secrets,
            Dialplan dialplan,
            Trunks trunks,
            MediaRelay relay,
            AtomicReference<Supplier<LiveNumbers>> numbers,
            Metrics metrics) {
        LiveNumbers now() {
            return Objects.requireNonNull(numbers.get()).get();
        }
    }

    private Heart heart(Store store, ExecutorService blocking) throws StartFault {
        SignalLoop loop = keep(SignalLoop.start());
        LoopSignal signal = new LoopSignal(loop, clock);
        MediaRelay relay = keep(opening("media.webrtc_port", this::relay));
        AtomicReference<Supplier<LiveNumbers>> numbers =
                new AtomicReference<>(() -> LiveNumbers.NONE);
        Metrics metrics = new Metrics(() -> Objects.requireNonNull(numbers.get()).get());
        store.tell(metrics.counters()::stored);
        Ids ids = Ids.secure();
        RefusalRing refusals = new RefusalRing();
        LocalRooms rooms = new LocalRooms(relay, signal, new Permissions(config.roles()), ids);
        EventBus events = new EventBus(clock);
        rooms.tell(events);
        Mailroom mailroom =
                keep(
                        new Mailroom(
                                store,
                                events,
                                formats(store),
                                new GuardedHttp(),
                                metrics.counters(),
                                clock));
        metrics.events(events::last, mailroom::waiting);
        Redaction secrets = new Redaction(config.declared().secretHeaders());
        TraceJson traces = new TraceJson(secrets);
        StoredCalls records = new StoredCalls(store.calls(), traces, blocking);
        Switchboard calls =
                new Switchboard(
                        rooms,
                        mailroom.after(records),
                        signal,
                        CallLimits.of(config.limits().maxCallDuration(), config.calls().trace()),
                        ids,
                        metrics.counters(),
                        refusals,
                        state::draining);
        calls.tell(events);
        return new Heart(
                loop,
                signal,
                rooms,
                new CodeBook(store.rooms(), blocking),
                RoomDirectory.single(),
                records,
                calls,
                refusals,
                events,
                mailroom,
                secrets,
                new Dialplan(List.of(), List.of()),
                trunks(signal, metrics, events, calls),
                relay,
                numbers,
                metrics);
    }

    /** How webhooks are told, by the name of it. */
    private static Map<String, Format> formats(Store store) {
        return Map.of(
                "standard",
                Format.STANDARD,
                "100ms",
                new HundredMsFormat(),
                "videosdk",
                new VideoSdkFormat(new WebhookKey(store.serverKeys())),
                EndReport.NAME,
                new EndReport(store.passthrough()));
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
        heart.numbers().set(() -> numbers(heart, pulse));
        return pulse;
    }

    private LiveNumbers numbers(Heart heart, Pulse pulse) {
        MediaRelay relay = heart.relay();
        return new LiveNumbers(
                heart.calls().liveCount(),
                heart.rooms().participantCount(),
                heart.rooms().roomCount(),
                new LiveNumbers.Media(relay.loops(), relay.counters(), relay.losses()),
                signalling(heart.loop(), pulse),
                new LiveNumbers.Server(
                        pulse.overload(),
                        state.draining(),
                        relay.bufferBytes(),
                        ServerVitals.heapAfterCollection(),
                        trunkCounts(heart.trunks())));
    }

    private static Map<String, Integer> trunkCounts(Trunks trunks) {
        Map<String, Integer> counts = new HashMap<>();
        trunks.counts().forEach((health, count) -> counts.put(health.label(), count));
        return counts;
    }

    private Reception reception(
            DigestGuard guard, AccountBook accounts, RouteHook hook, Heart heart) {
        return new Reception(
                new InboundSettings(
                        config.sip().domains(),
                        config.limits().maxCalls(),
                        config.limits().invitesPerSecond(),
                        config.media().codecs()),
                heart.dialplan(),
                heart.secrets(),
                guard,
                accounts,
                heart.codes(),
                heart.directory(),
                load(heart.calls()),
                heart.signal(),
                hook);
    }

    /** Who lives by trunks and routes, and is told when they change. */
    private static Plan plan(Store store, Heart heart) {
        Plan.Follower inbound =
                (trunks, routes) -> {
                    CompletableFuture<Void> inForce = new CompletableFuture<>();
                    heart.secrets().hide(Declared.secretHeaders(trunks));
                    heart.signal()
                            .executeSurely(
                                    () -> {
                                        heart.dialplan().replace(trunks, routes);
                                        inForce.complete(null);
                                    });
                    return inForce;
                };
        Plan.Follower outbound = (trunks, _) -> heart.trunks().replace(trunks);
        return new Plan(store, List.of(inbound, outbound));
    }

    private Desk desk(Store store, Plan plan, Heart heart, AccountRegistrar registrar) {
        return new Desk(
                new AccountEntries(store.accounts(), config.sip().realm(), registrar::forget),
                registrar::registered,
                new KeyEntries(store.apiKeys()),
                new RouteEntries(store, plan),
                new TrunkEntries(store.trunks(), plan),
                () -> heart.trunks().states().thenApply(Wiring::trunkStates),
                new WebhookEntries(store.webhooks(), heart.mailroom()::changed));
    }

    private static Map<String, TrunkStates.State> trunkStates(Map<String, TrunkState> live) {
        Map<String, TrunkStates.State> states = new HashMap<>();
        live.forEach(
                (id, state) ->
                        states.put(
                                id,
                                new TrunkStates.State(
                                        state.health().label(),
                                        state.registered(),
                                        state.activeCalls(),
                                        state.lastError())));
        return states;
    }

    private WebServer web(Store store, ExecutorService blocking, Heart heart, Desk desk) {
        Joining joining =
                new Joining(
                        heart.rooms(),
                        heart.codes(),
                        heart.directory(),
                        heart.signal(),
                        this::closed,
                        heart.metrics().counters());
        WebSocketSessions sessions =
                new WebSocketSessions(
                        heart.signal(),
                        heart.rooms(),
                        joining,
                        new JoinTokens(store.apiKeys(), clock),
                        blocking,
                        config.http().iceServers(),
                        heart.calls().live(),
                        config.limits().ringTimeout());
        LiveSide live =
                new LiveSide(
                        new PostedRooms(heart.rooms(), joining, heart.signal()),
                        heart.calls().live(),
                        heart.refusals(),
                        heart::now,
                        state,
                        heart.events(),
                        heart.mailroom().formats(),
                        heart.mailroom()::wake,
                        reload);
        Console console = new Console(sipPort());
        Pages pages =
                new Pages(
                        console.start(), console.room(), console.docs(), console.asset(), sessions);
        return new WebServer(
                config,
                store,
                live,
                desk,
                heart.secrets(),
                pages,
                heart.metrics(),
                clock,
                Version.current());
    }

    /** Reads the configuration anew; blocks. What became of it stands in the log. */
    void reload() {
        reload.reload();
    }

    private Trunks trunks(LoopSignal signal, Metrics metrics, EventBus events, Switchboard calls) {
        return new Trunks(
                signal,
                command -> sip.command(command),
                new SecureRandom(),
                new TrunkNews(metrics.counters(), events),
                calls::callsOfTrunk);
    }

    private Dialer dialer(Heart heart, AccountRegistrar registrar, AccountBook accounts) {
        return new Dialer(
                OutboundSettings.of(config),
                heart.trunks(),
                new RegisteredPhones(registrar::phones, accounts),
                heart.calls()::liveCount,
                this::notPlacing);
    }

    /** Why no call is placed now. */
    private Optional<EndReason> notPlacing() {
        if (state.draining()) {
            return Optional.of(EndReason.DRAINING);
        }
        return state.overloadedBecause().isEmpty()
                ? Optional.empty()
                : Optional.of(EndReason.OVERLOADED);
    }

    /** The first of a name's addresses, and ours on the way there. */
    private Roads roads() {
        SipSignalling core = sip;
        return (uri, found) ->
                core.resolve(
                        uri,
                        targets ->
                                found.accept(
                                        targets.stream()
                                                .findFirst()
                                                .map(
                                                        target ->
                                                                new Road(
                                                                        target.address(),
                                                                        core.localAddresses()
                                                                                .toward(
                                                                                        target.address()
                                                                                                .getAddress())))));
    }

    /** A second signal came while the first one's grace runs. */
    void stopAtOnce() {
        stopping.atOnce();
    }

    /** Drains, then closes everything. Returns the exit code. */
    int stop() throws InterruptedException {
        int exitCode = stopping.drain();
        close();
        return exitCode;
    }

    int httpPort() {
        return httpPort;
    }

    OptionalInt sipPort(TransportKind transport) {
        return sip.port(transport);
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    /** The last opened first. */
    private void close() {
        for (AutoCloseable part : open) {
            try {
                part.close();
            } catch (Exception fault) {
                LOG.warn("event=close_failed part={}", part, fault);
            }
        }
        open.clear();
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    /** A port that is taken is the usual fault here: say which key moves it. */
    private static <T> T opening(String keys, Opening<T> part) throws StartFault {
        try {
            return part.open();
        } catch (IOException | RuntimeException fault) {
            String advice =
                    " Set "
                            + keys
                            + " to a free port, or stop what uses it ('ss -lnptu' shows what).";
            throw new StartFault(sentence(fault) + advice, fault);
        }
    }

    private MediaRelay relay() {
        RoomlineConfig.Media media = config.media();
        return NettyMediaRelay.start(
                new MediaSettings(
                        config.network().bind(),
                        config.network().publicAddresses(),
                        media.rtpPorts().first(),
                        media.rtpPorts().last(),
                        media.webrtcPort(),
                        media.loops(),
                        media.codecs(),
                        media.opusComplexity(),
                        media.silenceTimeout()));
    }

    private DigestGuard guard() throws IOException {
        List<DigestAlgorithm> algorithms =
                config.sip().digest().stream()
                        .map(
                                name ->
                                        name.equals("sha-256")
                                                ? DigestAlgorithm.SHA_256
                                                : DigestAlgorithm.MD5)
                        .toList();
        return new DigestGuard(
                DigestSettings.of(config.sip().realm(), config.sip().challenge(), algorithms),
                SecretKeyFile.loadOrCreate(config.dataDir().resolve("nonce.key")),
                new SecureRandom().nextLong());
    }

    private LiveLoad load(Switchboard calls) {
        return new LiveLoad() {
            @Override
            public int calls() {
                return calls.liveCount();
            }

            @Override
            public long callsOfTrunk(String trunkId) {
                return calls.callsOfTrunk(trunkId);
            }

            @Override
            public boolean draining() {
                return state.draining();
            }
        };
    }

    private SipSignalling sip(Heart heart) throws IOException {
        return SipSignalling.open(
                heart.loop(),
                TransportSettings.of(
                        config.network().bind(),
                        config.network().publicAddresses(),
                        offIfZero(config.sip().udp()),
                        offIfZero(config.sip().tcp())),
                local ->
                        EndpointSettings.of("Roomline/" + Version.current(), local).serving(SERVED),
                new SecureRandom(),
                heart.calls());
    }

    private Joining.Closed closed() {
        if (state.draining()) {
            return Joining.Closed.DRAINING;
        }
        return state.overloadedBecause().isEmpty() ? Joining.Closed.NO : Joining.Closed.OVERLOADED;
    }

    private LiveNumbers.Signalling signalling(SignalLoop loop, Pulse pulse) {
        TransportCounters counters = sip.counters();
        Map<String, Long> messages = new HashMap<>();
        for (TransportKind kind : List.of(TransportKind.UDP, TransportKind.TCP)) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            messages.put("received " + name, counters.received(kind));
            messages.put("sent " + name, counters.sent(kind));
        }
        return new LiveNumbers.Signalling(
                sip.drops(),
                messages,
                counters.openConnections(),
                loop.waitingTasks(),
                loop.faults(),
                loop.refusedTasks(),
                pulse.reading().calls());
    }

    private static int offIfZero(int port) {
        return port == 0 ? TransportSettings.OFF : port;
    }

    private int sipPort() {
        return config.sip().udp() != 0 ? config.sip().udp() : config.sip().tcp();
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

    private void keepStoreClean(Store store, ExecutorService blocking) {
        blocking.execute(
                () -> {
                    try {
                        while (!Thread.interrupted()) {
                            clean(store);
                            Thread.sleep(CLEAN_EVERY);
                        }
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** What cannot be done now is done with the next cleaning. */
    private void clean(Store store) {
        Instant now = clock.instant();
        try {
            int gone = store.calls().deleteEndedBefore(now.minus(config.calls().keep()));
            if (gone > 0) {
                LOG.info("event=calls_forgotten calls={}", gone);
            }
            store.calls().deleteTracesEndedBefore(now.minus(config.calls().traceKeep()));
            store.deliveries().deleteEndedBefore(now.minus(DELIVERIES_KEPT));
            store.idempotentAnswers().deleteBefore(now.minus(ANSWERS_KEPT));
            store.passthrough().deleteBefore(now.minus(config.calls().keep()));
        } catch (StoreException away) {
            LOG.warn("event=cleaning_put_off", away);
        }
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

    /** Faults of ours say what to do; others at least what they are. */
    private static String sentence(Exception fault) {
        Throwable told =
                fault instanceof UncheckedIOException && fault.getCause() != null
                        ? fault.getCause()
                        : fault;
        String message = told.getMessage();
        if (message == null || message.isBlank()) {
            return told.toString();
        }
        return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
    }
}
