package dev.roomline.bridge.webhook;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts to addresses that users chose. A name is resolved once, its addresses are looked at, and
 * the one that passed is what is connected to: a second answer of the DNS changes nothing.
 * Redirects are not followed; an answer is read up to a bound; everything ends by a deadline.
 * Thread-safe.
 */
public final class GuardedHttp implements AutoCloseable {
    /** Octets of an answer's body that are read. */
    public static final int MOST_BODY = 64 * 1024;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int AT_ONCE_PER_HOST = 32;

    private final Vertx vertx;
    private final HttpClient client;
    private final Resolver resolver;

    /** The DNS; blocks. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    public GuardedHttp() {
        this(InetAddress::getAllByName);
    }

    GuardedHttp(Resolver resolver) {
        this.resolver = resolver;
        this.vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setEventLoopPoolSize(1)
                                .setFileSystemOptions(
                                        new FileSystemOptions()
                                                .setFileCachingEnabled(false)
                                                .setClassPathResolvingEnabled(false)));
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setConnectTimeout(CONNECT_MILLIS)
                                .setKeepAliveTimeout(15)
                                .setMaxHeaderSize(16 * 1024)
                                .setDecompressionSupported(false),
                        new PoolOptions().setHttp1MaxSize(AT_ONCE_PER_HOST));
    }

    /** What became of it. */
    public sealed interface Outcome {
        /**
         * @param body its first {@link #MOST_BODY} octets
         */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Answered(int status, byte[] body) implements Outcome {}

        /** Not asked: the target is none that may be called. */
        record Refused(String why) implements Outcome {}

        /** No answer came. */
        record Failed(String why) implements Outcome {}
    }

    /**
     * @param allowPrivate whether the target may be of our own network
     * @param deadline for all of it
     * @return ends with an outcome, never with an exception; not on a thread of the caller's
     */
    public CompletionStage<Outcome> post(
            URI target,
            Map<String, String> headers,
            byte[] body,
            boolean allowPrivate,
            Duration deadline) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        CompletableFuture<Outcome> bounded =
                outcome.completeOnTimeout(
                        new Outcome.Failed("no answer within " + deadline.toMillis() + " ms"),
                        deadline.toMillis(),
                        TimeUnit.MILLISECONDS);
        Thread.startVirtualThread(
                () -> {
                    try {
                        resolved(target, allowPrivate)
                                .ifPresentOrElse(
                                        address -> send(target, address, headers, body, outcome),
                                        () ->
                                                outcome.complete(
                                                        new Outcome.Refused(notPublic(target))));
                    } catch (UnknownHostException e) {
                        outcome.complete(
                                new Outcome.Failed("the name " + target.getHost() + " is unknown"));
                    } catch (RuntimeException e) {
                        outcome.complete(new Outcome.Failed(sentence(e)));
                    }
                });
        return bounded;
    }

    private static String notPublic(URI target) {
        return (target.getHost() == null ? "what names no host" : target.getHost())
                + " is of a loopback, private, link-local or otherwise special network;"
                + " allow_private lets it be called";
    }

    /** The first address that may be called. */
    private Optional<InetAddress> resolved(URI target, boolean allowPrivate)
            throws UnknownHostException {
        String host = target.getHost();
        if (host == null) {
            return Optional.empty();
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return Arrays.stream(resolver.addresses(bare))
                .filter(address -> allowPrivate || PublicAddress.is(address))
                .findFirst();
    }

    private void send(
            URI target,
            InetAddress address,
            Map<String, String> headers,
            byte[] body,
            CompletableFuture<Outcome> outcome) {
        boolean tls = "https".equals(target.getScheme());
        int port = target.getPort() >= 0 ? target.getPort() : tls ? 443 : 80;
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                        .setHost(target.getHost())
                        .setPort(port)
                        .setSsl(tls)
                        .setFollowRedirects(false)
                        .setURI(path(target));
        headers.forEach(options::putHeader);
        client.request(options)
                .onSuccess(request -> exchange(request, body, outcome))
                .onFailure(fault -> outcome.complete(new Outcome.Failed(sentence(fault))));
    }

    private static String path(URI target) {
        String path = target.getRawPath();
        String query = target.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** Whoever waits has gone when the deadline passes: the connection goes too. */
    private static void exchange(
            HttpClientRequest request, byte[] body, CompletableFuture<Outcome> outcome) {
        if (outcome.isDone()) {
            request.reset();
            return;
        }
        var _ = outcome.whenComplete((_, _) -> request.reset());
        request.send(Buffer.buffer(body))
                .onSuccess(response -> read(response, outcome))
                .onFailure(fault -> outcome.complete(new Outcome.Failed(sentence(fault))));
    }

    private static void read(HttpClientResponse response, CompletableFuture<Outcome> outcome) {
        Buffer read = Buffer.buffer();
        int status = response.statusCode();
        response.handler(
                chunk -> {
                    read.appendBuffer(chunk);
                    if (read.length() >= MOST_BODY) {
                        outcome.complete(new Outcome.Answered(status, read.getBytes(0, MOST_BODY)));
                    }
                });
        response.exceptionHandler(
                fault -> outcome.complete(new Outcome.Failed("the answer broke off")));
        response.endHandler(_ -> outcome.complete(new Outcome.Answered(status, read.getBytes())));
    }

    /** Words of the network, without our own insides. */
    private static String sentence(Throwable fault) {
        String words = fault instanceof IOException ? fault.getMessage() : null;
        String said = words == null ? fault.getClass().getSimpleName() : words;
        return said.length() <= 200 ? said : said.substring(0, 200);
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // the process ends anyway
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
