package dev.roomline.sip.transport;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a handshake failed, in words that tell an operator where to look. */
final class TlsFault {
    static final String CLOSED = "it closed the connection in the middle of the handshake";

    private static final Pattern ALERT =
            Pattern.compile("Received (?:fatal|close_notify) alert: ([a-z_]+)");
    private static final int MOST_CAUSES = 8;

    private TlsFault() {}

    /**
     * @param seconds that a handshake may take
     */
    static String sentence(Throwable fault, long seconds) {
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof TlsTrust.Refused refused) {
                return String.valueOf(refused.getMessage());
            }
            if (cause instanceof SslHandshakeTimeoutException) {
                return "the handshake took longer than " + seconds + " s";
            }
            if (cause instanceof NotSslRecordException) {
                return "what it sent is not TLS";
            }
            if (cause instanceof RejectedExecutionException) {
                return "too many handshakes are under way";
            }
            Matcher alert = ALERT.matcher(String.valueOf(cause.getMessage()));
            if (alert.find()) {
                return alert(alert.group(1));
            }
            cause = cause.getCause();
        }
        boolean closed =
                fault instanceof ClosedChannelException
                        || String.valueOf(fault.getMessage()).contains("losed");
        return closed ? CLOSED : bounded(String.valueOf(fault.getMessage()));
    }

    private static String alert(String name) {
        String meaning =
                switch (name) {
                    case "bad_certificate",
                            "unsupported_certificate",
                            "certificate_revoked",
                            "certificate_expired",
                            "certificate_unknown",
                            "unknown_ca" ->
                            "it does not accept our certificate";
                    case "certificate_required" ->
                            "it wants a certificate of ours: set sip.tls_certificate and"
                                    + " sip.tls_key";
                    case "protocol_version" -> "it speaks neither TLS 1.2 nor TLS 1.3";
                    case "unrecognized_name" -> "it does not know the name that it was called by";
                    case "handshake_failure" ->
                            "it found nothing in common with us, or wants a certificate";
                    default -> "it broke the handshake off";
                };
        return meaning + " (alert " + name.toLowerCase(Locale.ROOT) + ")";
    }

    private static String bounded(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
