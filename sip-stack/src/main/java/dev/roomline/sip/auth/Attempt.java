package dev.roomline.sip.auth;

import java.net.InetAddress;

/**
 * Credentials on their way from the first step to the second. Immutable; its content is this
 * package's affair.
 */
public final class Attempt {
    final String method;
    final String callId;
    final InetAddress source;
    final DigestCredentials credentials;
    final DigestAlgorithm algorithm;

    Attempt(
            String method,
            String callId,
            InetAddress source,
            DigestCredentials credentials,
            DigestAlgorithm algorithm) {
        this.method = method;
        this.callId = callId;
        this.source = source;
        this.credentials = credentials;
        this.algorithm = algorithm;
    }

    /** Who it claims to be. */
    public String username() {
        return credentials.username();
    }
}
