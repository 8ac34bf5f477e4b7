package dev.roomline.bridge;

import dev.roomline.bridge.lifecycle.StartFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server has opened, so that it is closed again, the last first. Owner: who starts and
 * stops the server, one thread at a time.
 */
final class OpenParts {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.server");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    interface Opening<T> {
        T open() throws IOException;
    }

    <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    /** A port that is taken is the usual fault here: says which key moves it. */
    <T extends AutoCloseable> T keep(String keys, Opening<T> part) throws StartFault {
        return keep(opening(keys, part));
    }

    static <T> T opening(String keys, Opening<T> part) throws StartFault {
        try {
            return part.open();
        } catch (IOException | RuntimeException fault) {
            String advice =
                    " Set "
                            + keys
                            + " to a free port, or stop what uses it ('ss -lnptu' shows what).";
            boolean aFile = fault instanceof IOException && !(fault instanceof BindException);
            throw new StartFault(sentence(fault) + (aFile ? "" : advice), fault);
        }
    }

    void close() {
        for (AutoCloseable part : open) {
            try {
                part.close();
            } catch (Exception fault) {
                LOG.warn("event=close_failed part={}", part, fault);
            }
        }
        open.clear();
    }

    /** Faults of ours say what to do; others at least what they are. */
    static String sentence(Exception fault) {
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
