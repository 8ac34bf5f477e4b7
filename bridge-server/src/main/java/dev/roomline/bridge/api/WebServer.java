package dev.roomline.bridge.api;

import dev.roomline.bridge.api.v1.CallsApi;
import dev.roomline.bridge.api.v1.DeliveriesApi;
import dev.roomline.bridge.api.v1.EntriesApi;
import dev.roomline.bridge.api.v1.EventsApi;
import dev.roomline.bridge.api.v1.ParticipantsApi;
import dev.roomline.bridge.api.v1.PlacingApi;
import dev.roomline.bridge.api.v1.ReloadApi;
import dev.roomline.bridge.api.v1.RoomsApi;
import dev.roomline.bridge.api.v1.ServerApi;
import dev.roomline.bridge.api.v1.TracesApi;
import dev.roomline.bridge.api.v1.TransfersApi;
import dev.roomline.bridge.api.v1.TrunkTestApi;
import dev.roomline.bridge.api.whip.WhipEndpoint;
import dev.roomline.bridge.api.whip.WhipSession;
import dev.roomline.bridge.auth.Credentials;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.certificate.HttpCertificate;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.RoomlineConfig.HttpTls;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.metrics.Metrics;
import dev.roomline.bridge.peer.IceServers;
import dev.roomline.bridge.peer.SessionRoute;
import dev.roomline.bridge.peer.SipWebSockets;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.TraceJson;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side: sockets, limits and the {@code Routes}. Requests are answered on virtual threads,
 * of which there is a bounded number. Thread-safe.
 */
public final class WebServer implements AutoCloseable {
    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_V6 = InetAddress.ofLiteral("::");

    /** A browser sends each message in one frame, however long it is. */
    private static final int WEBSOCKET_MESSAGE = 256 * 1024;

    private static final Logger log = LoggerFactory.getLogger(WebServer.class);

    private final RoomlineConfig config;
    private final Vertx vertx;
    private final List<Route> routes;
    private final Dispatch dispatch;
    private final Browsers browsers;
    private final Pages pages;
    private final Connections connections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private @Nullable HttpCertificate certificate;

    public WebServer(
            RoomlineConfig config,
            Store store,
            LiveSide live,
            Desk desk,
            Redaction redaction,
            Pages pages,
            Metrics metrics,
            InstantSource clock,
            String version) {
        this.config = config;
        this.pages = pages;
        Credentials credentials = new Credentials(store.apiKeys(), clock);
        EventsApi events =
                new EventsApi(live.events(), store.rooms(), credentials, metrics.counters());
        metrics.eventReaders(events::readers);
        this.dispatch = new Dispatch(credentials, metrics);
        this.browsers = new Browsers(config.http().cors());
        JoinByOffer joins =
                new JoinByOffer(
                        store.rooms(), live.rooms(), new JoinTokens(store.apiKeys(), clock));
        this.routes =
                new ArrayList<>(
                        Routes.all(
                                new RoomsApi(store.rooms(), live.rooms(), config.roles().keySet()),
                                new ParticipantsApi(store.rooms(), live.rooms(), joins),
                                new CallsApi(store.calls(), store.rooms(), live.calls()),
                                new PlacingApi(
                                        store.calls(),
                                        store.rooms(),
                                        store.trunks(),
                                        live.calls(),
                                        config.limits().ringTimeout()),
                                new TransfersApi(store.calls(), live.calls()),
                                new TracesApi(
                                        store.calls(), live.calls(), new TraceJson(redaction)),
                                new ServerApi(
                                        version,
                                        live.numbers(),
                                        live.state(),
                                        live.refusals(),
                                        clock),
                                EntriesApi.all(desk),
                                new DeliveriesApi(store, live.formats(), live.deliver(), clock),
                                events,
                                new TrunkTestApi(store.trunks(), store.rooms(), live.calls()),
                                new ReloadApi(live.reload()),
                                new Idempotency(store.idempotentAnswers(), clock),
                                new MetricsPage(metrics, config.http().metrics(), credentials),
                                OpenApi::answer));
        IceServers iceServers = new IceServers(config.http().iceServers());
        routes.addAll(
                WhipRoutes.all(
                        WhipEndpoint.ofPublishers(joins, iceServers, clock),
                        WhipEndpoint.ofListeners(joins, iceServers, clock),
                        new WhipSession(store.rooms(), live.rooms())));
        routes.addAll(HostedRoutes.all(config, store, live, desk, clock));
        metrics.httpRoutes(routes.stream().map(Route::template).distinct().toList());
        this.vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setEventLoopPoolSize(2)
                                .setFileSystemOptions(
                                        new FileSystemOptions()
                                                .setFileCachingEnabled(false)
                                                .setClassPathResolvingEnabled(false)));
        this.connections = new Connections(vertx);
    }

    List<Route> routes() {
        return routes;
    }

    /**
     * Binds; waits until it listens.
     *
     * @return the port
     * @throws IllegalStateException with a sentence for the operator
     */
    public int start() {
        Router router = router();
        certificate =
                config.http()
                        .tls()
                        .map(tls -> HttpCertificate.open(tls, config.dataDir()))
                        .orElse(null);
        if (certificate != null) {
            certificate.whenRenewed(this::renew);
        }
        int port = config.http().port();
        List<InetAddress> addresses = new ArrayList<>(config.network().bind());
        if (addresses.contains(ANY_V6) && addresses.contains(ANY_V4)) {
            // Linux's :: takes IPv4 too and would collide; without IPv6 there is only the other.
            try {
                port = listen(server(router), port, ANY_V6);
                addresses.removeAll(List.of(ANY_V4, ANY_V6));
            } catch (IllegalStateException e) {
                addresses.remove(ANY_V6);
            }
        }
        for (InetAddress address : addresses) {
            port = listen(server(router), port, address);
        }
        return port;
    }

    private HttpServer server(Router router) {
        HttpServer server =
                vertx.createHttpServer(options())
                        .connectionHandler(connections::opened)
                        .requestHandler(
                                request -> {
                                    connections.asked(request.connection());
                                    router.handle(request);
                                });
        if (certificate != null) {
            servers.add(server);
        }
        return server;
    }

    private static int listen(HttpServer server, int port, InetAddress address) {
        String host = address.getHostAddress();
        try {
            return server.listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .actualPort();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "The HTTP port " + port + " of " + host + " cannot be opened; is it in use?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the HTTP port was opened.", e);
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setUseAlpn(false)
                        .setMaxInitialLineLength(4096)
                        .setMaxHeaderSize(16 * 1024)
                        .setIdleTimeout(75)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setWebSocketSubProtocols(List.of(SipWebSockets.PROTOCOL))
                        .setMaxWebSocketFrameSize(WEBSOCKET_MESSAGE)
                        .setMaxWebSocketMessageSize(WEBSOCKET_MESSAGE)
                        .setCompressionSupported(false);
        if (certificate != null) {
            options.setSsl(true).setKeyCertOptions(keys(certificate.files()));
        }
        return options;
    }

    private static PemKeyCertOptions keys(HttpTls.Pem files) {
        return new PemKeyCertOptions()
                .addCertPath(files.certificate().toString())
                .addKeyPath(files.key().toString());
    }

    /** For connections from now on. */
    private void renew(HttpTls.Pem files) {
        ServerSSLOptions next = new ServerSSLOptions().setKeyCertOptions(keys(files));
        for (HttpServer server : servers) {
            // the paths are the same: it has to read them all the same
            server.updateSSLOptions(next, true)
                    .onFailure(
                            fault ->
                                    log.error(
                                            "http.tls_certificate: {}; the certificate of before"
                                                    + " stays in use",
                                            fault.getMessage()));
        }
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(browsers::headers);
        router.get("/").handler(pages.start());
        router.get("/join/:code").handler(pages.room());
        router.get("/docs").handler(pages.docs());
        router.get("/roomline.js").handler(pages.asset());
        router.get("/roomline.d.ts").handler(pages.asset());
        router.get("/assets/*").handler(pages.asset());
        router.get("/v1/session").handler(context -> upgrade(context, pages.session()));
        pages.sip().ifPresent(sip -> router.get("/sip").handler(at -> upgrade(at, sip)));
        for (List<Route> shared : HostedRoutes.byRequest(routes)) {
            Route first = shared.getFirst();
            var served = router.route(HttpMethod.valueOf(first.method()), first.path());
            if (first.method().equals("GET")) {
                served.method(HttpMethod.HEAD); // RFC 9110 §9.3.2
            }
            served.handler(context -> read(HostedRoutes.spoken(shared, token(context)), context));
        }
        router.errorHandler(405, this::otherMethod);
        router.errorHandler(
                404, context -> unserved(context, 404, HostedRoutes.UNSERVED, Map.of()));
        for (int status : List.of(400, 413, 500)) {
            router.errorHandler(
                    status,
                    context ->
                            unserved(context, status, "The request cannot be served.", Map.of()));
        }
        return router;
    }

    private static @Nullable String token(RoutingContext context) {
        return context.request().getHeader("Authorization");
    }

    private static void unserved(
            RoutingContext context, int status, String detail, Map<String, String> headers) {
        Answer problem = Answer.problem(status, detail);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            problem = problem.with(header.getKey(), header.getValue());
        }
        Dialect dialect = HostedRoutes.of(context.request().path(), token(context));
        Dispatch.send(context, dialect.shaped(problem));
    }

    private void upgrade(RoutingContext context, SessionRoute socket) {
        if (browsers.maySpeakToUs(context.request())) {
            socket.handle(context);
        } else {
            Dispatch.send(
                    context,
                    Answer.problem(403, "Pages of this origin are not listed in http.cors."));
        }
    }

    private void read(Route route, RoutingContext context) {
        BodyReader.read(
                context,
                route.bodyLimit(),
                body -> dispatch.handle(route, context, body),
                refusal -> Dispatch.send(context, route.dialect().shaped(refusal)));
    }

    private void otherMethod(RoutingContext context) {
        unserved(
                context,
                405,
                "This method is not served here.",
                Map.of("Allow", allow(routes, context.request().path())));
    }

    /** Stops listening and closes what is open. */
    @Override
    public void close() {
        if (certificate != null) {
            certificate.close();
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The process ends anyway.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For the 405's {@code Allow}. */
    static String allow(List<Route> routes, String path) {
        return routes.stream()
                .filter(r -> path.matches(r.path().replaceAll(":[a-z]+", "[^/]+")))
                .flatMap(
                        r ->
                                r.method().equals("GET")
                                        ? Stream.of("GET", "HEAD")
                                        : Stream.of(r.method()))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
