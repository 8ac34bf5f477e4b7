package dev.roomline.bridge.api;

import dev.roomline.bridge.auth.Caller;
import dev.roomline.bridge.auth.Credentials;
import dev.roomline.bridge.metrics.Metrics;
import dev.roomline.bridge.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the HTTP event loop to a virtual thread and back: who asks, may they, the endpoint, the
 * answer. No more than {@link #AT_ONCE} requests are in work; who goes away interrupts theirs.
 */
final class Dispatch {
    static final int AT_ONCE = 256;
    private static final int LONGEST_NAME = 255;
    private static final Duration STORE_AWAY = Duration.ofSeconds(5);

    /** Who waits for a telephone to be answered costs little more than a connection. */
    static final int WAITING_AT_ONCE = 2048;

    /** Below the idle timeout of {@link WebServer}. */
    private static final long STILL_WAITING_MILLIS = 60_000;

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private final Credentials credentials;
    private final Metrics metrics;
    private final Semaphore working = new Semaphore(AT_ONCE);
    private final Semaphore waiting = new Semaphore(WAITING_AT_ONCE);

    Dispatch(Credentials credentials, Metrics metrics) {
        this.credentials = credentials;
        this.metrics = metrics;
    }

    /** On the event loop, the body read. */
    void handle(Route route, RoutingContext context, Buffer body) {
        Semaphore free = route.waits() ? waiting : working;
        if (!free.tryAcquire()) {
            write(
                    route,
                    context,
                    Answer.problem(503, "Too many requests are in work.")
                            .retryAfter(Duration.ofSeconds(1)));
            return;
        }
        Ask ask = ask(context, body.getBytes());
        Context loop = context.vertx().getOrCreateContext();
        metrics.httpBusy().incrementAndGet();
        Thread thread =
                Thread.ofVirtual()
                        .name("http")
                        .unstarted(
                                () -> {
                                    Answer answer;
                                    try {
                                        answer = answer(route, ask);
                                    } finally {
                                        free.release();
                                        metrics.httpBusy().decrementAndGet();
                                    }
                                    loop.runOnContext(_ -> write(route, context, answer));
                                });
        OptionalLong alive =
                route.waits() ? OptionalLong.of(stayAlive(context)) : OptionalLong.empty();
        context.response()
                .closeHandler(
                        _ -> {
                            alive.ifPresent(context.vertx()::cancelTimer);
                            thread.interrupt();
                        });
        thread.start();
    }

    /**
     * Who waits for longer than an idle connection may live is told that its request is in work
     * (RFC 9110 §15.2.1).
     */
    private static long stayAlive(RoutingContext context) {
        return context.vertx()
                .setPeriodic(
                        STILL_WAITING_MILLIS,
                        timer -> {
                            if (context.response().ended() || context.response().closed()) {
                                context.vertx().cancelTimer(timer);
                            } else {
                                context.response().writeContinue();
                            }
                        });
    }

    private Answer answer(Route route, Ask ask) {
        try {
            if (route.scopes().isEmpty()) {
                return served(route, ask);
            }
            return switch (credentials.check(
                    ask.header("authorization").orElse(null), route.dialect().credentials())) {
                case Credentials.Verdict.Unknown unknown ->
                        Answer.problem(401, unknown.detail()).with("WWW-Authenticate", "Bearer");
                case Credentials.Verdict.Known known -> allowed(route, ask, known.caller());
            };
        } catch (TimeoutException e) {
            return Answer.problem(504, "The server did not come to it in time.");
        } catch (InterruptedException e) {
            return Answer.problem(503, "The request was given up.");
        } catch (RuntimeException | Error e) {
            // an Error too (a stack that overflowed, say): whoever asks is answered
            return failed(route, ask, e);
        }
    }

    private Answer failed(Route route, Ask ask, Throwable e) {
        if (Thread.currentThread().isInterrupted()) {
            // Whatever waited (a connection of the pool, say) was cut off by the client's going.
            return Answer.problem(503, "The request was given up.");
        }
        if (e instanceof StoreException) {
            LOG.warn("event=store_away method={} route={}", ask.method(), route.path(), e);
            return Answer.problem(503, "The store does not answer.").retryAfter(STORE_AWAY);
        }
        metrics.counters().fault("http");
        LOG.error("http request failed method={} route={}", ask.method(), route.path(), e);
        return ourFault();
    }

    private static Answer ourFault() {
        return Answer.problem(500, "This is our fault; the server's log tells more.");
    }

    private static Answer allowed(Route route, Ask ask, Caller caller)
            throws TimeoutException, InterruptedException {
        boolean reads = READING.contains(ask.method());
        if (route.scopes().stream().noneMatch(scope -> caller.may(scope, reads))) {
            return Answer.problem(
                    403,
                    "This key lacks the scope "
                            + route.scopes().stream()
                                    .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                                    .sorted()
                                    .collect(Collectors.joining(" or "))
                            + ".");
        }
        return served(
                route,
                new Ask(
                        ask.method(),
                        ask.path(),
                        ask.query(),
                        ask.headers(),
                        ask.body(),
                        ask.secure(),
                        ask.peer(),
                        Optional.of(caller)));
    }

    /** What can be nothing's name is not looked for: a store need not take every character. */
    private static Answer served(Route route, Ask ask)
            throws TimeoutException, InterruptedException {
        for (String parameter : ask.path().keySet()) {
            if (!Texts.plain(ask.path(parameter), LONGEST_NAME)) {
                return Answer.problem(404, "There is no such " + route.noun(parameter) + ".");
            }
        }
        return route.endpoint().answer(ask);
    }

    private static Ask ask(RoutingContext context, byte[] body) {
        HttpServerRequest request = context.request();
        Map<String, String> query = new HashMap<>();
        context.queryParams().forEach(e -> query.putIfAbsent(e.getKey(), e.getValue()));
        Map<String, String> headers = new HashMap<>();
        request.headers()
                .forEach(
                        e ->
                                headers.putIfAbsent(
                                        e.getKey().toLowerCase(Locale.ROOT), e.getValue()));
        return new Ask(
                request.method().name(),
                context.pathParams(),
                query,
                headers,
                body,
                request.isSSL(),
                peer(request),
                Optional.empty());
    }

    private static InetAddress peer(HttpServerRequest request) {
        String address = request.connection().remoteAddress().hostAddress();
        int zone = address.indexOf('%');
        return InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
    }

    private void write(Route route, RoutingContext context, Answer answer) {
        metrics.httpAnswered(route.template(), answer.status());
        try {
            send(context, route.dialect().shaped(answer));
        } catch (RuntimeException | Error e) {
            metrics.counters().fault("http");
            LOG.error("http answer not written route={}", route.path(), e);
            if (!context.response().headWritten()) {
                context.response().headers().clear();
                send(context, ourFault());
            }
        }
    }

    /** On the event loop; nothing happens where the client has gone. */
    static void send(RoutingContext context, Answer answer) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        response.putHeader("Cache-Control", "no-store");
        answer.headers().forEach(response::putHeader);
        Answer.Stream stream = answer.stream();
        if (stream != null) {
            response.putHeader("Content-Type", answer.contentType());
            stream.open(context.vertx(), response);
        } else if (answer.contentType().isEmpty()) {
            response.end();
        } else {
            response.putHeader("Content-Type", answer.contentType());
            response.end(Buffer.buffer(answer.body()));
        }
    }
}
