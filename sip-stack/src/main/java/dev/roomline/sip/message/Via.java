package dev.roomline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * The topmost Via value: where an answer goes and which transaction it belongs to.
 *
 * @param transport in upper case, as {@code UDP}
 * @param host sent-by host in lower case, IPv6 without brackets
 * @param port sent-by port; −1 if absent
 * @param branch with its magic cookie; null if absent (only in what is refused)
 * @param rport whether the parameter is there (RFC 3581)
 * @param text this value as it was sent
 */
public record Via(
        String transport,
        String host,
        int port,
        @Nullable String branch,
        boolean rport,
        String text) {
    /** What every branch starts with since RFC 3261 §8.1.1.7. */
    public static final String COOKIE = "z9hG4bK";

    /** As in §17.2.3: host, colon, port, where an absent port differs from 5060. */
    public String sentBy() {
        return port < 0 ? host : host + ":" + port;
    }
}
