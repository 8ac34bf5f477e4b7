package dev.roomline.sip.transport;

import java.io.IOException;
import java.net.BindException;

/** How a failed bind is told. */
final class Binding {
    private Binding() {}

    /** Java's own exception for a port in use, whatever the socket's kind threw. */
    static IOException asIoException(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof BindException bind) {
            return bind;
        }
        if (message.contains("in use")) {
            BindException inUse = new BindException("Address already in use");
            inUse.initCause(cause);
            return inUse;
        }
        return cause instanceof IOException io ? io : new IOException(message, cause);
    }
}
