package dev.roomline.bridge.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/**
 * Reads a request's body within a number of octets and a time; owner: the request's event loop. A
 * body that is too big is refused at its first octet too many, or by what it declares.
 */
final class BodyReader {
    private static final long PATIENCE_MILLIS = 15_000;
    private static final long LINGER_MILLIS = 1_000;

    private final RoutingContext context;
    private final int limit;
    private final Consumer<Buffer> done;
    private final Consumer<Answer> refused;
    private final Buffer body = Buffer.buffer();
    private final long timer;
    private boolean over;

    private BodyReader(
            RoutingContext context, int limit, Consumer<Buffer> done, Consumer<Answer> refused) {
        this.context = context;
        this.limit = limit;
        this.done = done;
        this.refused = refused;
        this.timer =
                context.vertx()
                        .setTimer(
                                PATIENCE_MILLIS,
                                _ -> refuse(408, "The body did not come in time."));
    }

    static void read(
            RoutingContext context, int limit, Consumer<Buffer> done, Consumer<Answer> refused) {
        HttpServerRequest request = context.request();
        BodyReader reader = new BodyReader(context, limit, done, refused);
        request.handler(reader::more);
        request.exceptionHandler(_ -> reader.stop());
        request.endHandler(_ -> reader.end());
        String declared = request.getHeader("Content-Length");
        if (declared != null && tooMuch(declared, limit)) {
            reader.refuse(413, tooBig(limit));
        }
    }

    private static boolean tooMuch(String declared, int limit) {
        return declared.length() > 9 || Long.parseLong(declared) > limit;
    }

    private static String tooBig(int limit) {
        return limit == 0
                ? "This request takes no body."
                : "The body may have at most " + limit + " octets.";
    }

    private void more(Buffer chunk) {
        if (!over) {
            if (body.length() + chunk.length() > limit) {
                refuse(413, tooBig(limit));
            } else {
                body.appendBuffer(chunk);
            }
        }
    }

    private void end() {
        if (!over) {
            stop();
            done.accept(body);
        }
    }

    /**
     * What else comes is dropped, and the connection closed a moment after the answer, so that the
     * answer is read before the client's unread octets reset it.
     */
    private void refuse(int status, String detail) {
        if (!over) {
            stop();
            context.response().putHeader("Connection", "close");
            context.vertx().setTimer(LINGER_MILLIS, _ -> context.request().connection().close());
            refused.accept(Answer.problem(status, detail));
        }
    }

    private void stop() {
        over = true;
        context.vertx().cancelTimer(timer);
    }
}
