package dev.roomline.bridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages over real HTTP, as a browser asks for them. */
final class ConsoleTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"(/[a-z.]*[^\"]*)\"");

    private static Vertx vertx;
    private static HttpServer server;
    private static HttpClient client;

    @BeforeAll
    static void serve() throws Exception {
        vertx = Vertx.vertx();
        Console console = new Console(5070);
        Router router = Router.router(vertx);
        router.get("/").handler(console.start());
        router.get("/join/:code").handler(console.room());
        router.get().handler(console.asset());
        server =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/join/abc-defg-hij, text/html",
        "/roomline.js, text/javascript",
        "/roomline.d.ts, text/plain",
        "/assets/room.js, text/javascript",
        "/assets/start.js, text/javascript",
        "/assets/style.css, text/css",
        "/assets/icon.svg, image/svg+xml",
    })
    void eachPathIsServedWithItsType(String path, String type) throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith(type);
        assertThat(response.body()).isNotBlank();
    }

    @Test
    void whoHasTheFileAlreadyIsToldSo() throws Exception {
        String tag = get("/roomline.js").headers().firstValue("etag").orElseThrow();

        assertThat(get("/roomline.js", "if-none-match", tag).statusCode()).isEqualTo(304);
        assertThat(get("/assets/room.js", "if-none-match", tag).statusCode()).isEqualTo(200);
    }

    @Test
    void otherSitesMayImportTheScriptButNotReadThePages() throws Exception {
        assertThat(get("/roomline.js").headers().firstValue("access-control-allow-origin"))
                .contains("*");
        assertThat(get("/join/x").headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/none.js", "/assets/../start.html", "/assets/%2e%2e/room.html"})
    void nothingElseIsServed(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/join/abc"})
    void pagesHoldNoInlineScriptOrStyleAndReferOnlyToWhatIsThere(String path) throws Exception {
        String page = get(path).body();

        assertThat(page).doesNotContainPattern("<script(?![^>]*\\bsrc=)");
        assertThat(page).doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=");
        List<String> assets =
                REFERENCE.matcher(page).results().map(ConsoleTest::path).distinct().toList();
        assertThat(assets).hasSizeGreaterThan(2);
        for (String asset : assets) {
            if (asset.startsWith("/assets/") || asset.startsWith("/roomline")) {
                assertThat(get(asset).statusCode()).as(asset).isEqualTo(200);
            }
        }
    }

    @Test
    void thePortThatPhonesDialIsShown() throws Exception {
        assertThat(get("/").body()).contains("content=\":5070\"").doesNotContain("{{");
        assertThat(get("/join/abc").body()).contains("content=\":5070\"").doesNotContain("{{");
    }

    private static String path(MatchResult match) {
        return match.group(1);
    }

    private static HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
