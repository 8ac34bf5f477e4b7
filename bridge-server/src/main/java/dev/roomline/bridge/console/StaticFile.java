package dev.roomline.bridge.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of the pages with its type and its tag. Browsers ask each time whether it changed (RFC
 * 9111 §4.3), so that a page and its script are never of two versions. Immutable.
 */
final class StaticFile {
    private final String name;
    private final String text;
    private final Buffer body;
    private final String tag;

    private StaticFile(String name, String text) {
        this.name = name;
        this.text = text;
        this.body = Buffer.buffer(text.getBytes(UTF_8));
        this.tag = "\"" + digest(body.getBytes()) + "\"";
    }

    /** Reads a resource beside this package's pages; a missing one is a broken build. */
    static StaticFile load(String name) {
        try (InputStream in = StaticFile.class.getResourceAsStream("/console/" + name)) {
            if (in == null) {
                throw new IllegalStateException("page is missing from the build: " + name);
            }
            return new StaticFile(name, new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same file with a mark in it replaced. */
    StaticFile with(String mark, String replacement) {
        return new StaticFile(name, text.replace(mark, replacement));
    }

    /** 200 with the bytes, or 304 to who has them. */
    void answer(RoutingContext context) {
        HttpServerResponse response =
                context.response()
                        .putHeader("content-type", contentType(name))
                        .putHeader("cache-control", "no-cache")
                        .putHeader("etag", tag);
        if (name.startsWith("roomline.")) {
            // A module script is fetched by CORS wherever it is imported from (HTML, "fetch a
            // single module script"); it holds nothing private.
            response.putHeader("access-control-allow-origin", "*")
                    .putHeader("cross-origin-resource-policy", "cross-origin");
        }
        if (tag.equals(context.request().getHeader("if-none-match"))) {
            response.setStatusCode(304).end();
        } else {
            response.end(body);
        }
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            case ".ts" -> "text/plain; charset=utf-8";
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(sha, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
