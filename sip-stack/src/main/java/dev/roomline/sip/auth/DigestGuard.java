package dev.roomline.sip.auth;

import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is let in by digest (RFC 3261 §22, RFC 7616 §3.4.6), in two steps, because looking an
 * account up takes time that the loop does not have:
 *
 * <pre>
 *   examine(request) ── no credentials, stale, malformed, backed off ──▶ verdict
 *         └─ LookUp(username) ··· account found or not ···▶ verify(attempt, HA1 or null) ──▶ verdict
 * </pre>
 *
 * An unknown user, a wrong password and malformed credentials get the same fresh challenge after
 * the same work; the third failure of a call gets 403; a source that goes on is refused unseen for
 * a growing while. Failures count only against a network that we gave the nonce to, so that nobody
 * can have another's address locked out by forging it.
 *
 * <p>Owner: the signalling loop. Sans-IO.
 */
public final class DigestGuard {
    static final int FAILURES_PER_CALL = 3;

    private final DigestSettings settings;
    private final Nonces nonces;
    private final NonceCounts counts;
    private final FailureLedger failures;
    private final Ha1 nobody;

    /**
     * @param nonceKey 32 secret bytes, kept over restarts so that nonces given before are known to
     *     be ours
     * @param seed for nonces' uniqueness and the mark of this run; not a secret
     */
    public DigestGuard(DigestSettings settings, byte[] nonceKey, long seed) {
        this.settings = settings;
        SplittableRandom random = new SplittableRandom(seed);
        this.nonces = new Nonces(nonceKey, settings.realm(), settings.nonceLifetime(), random);
        this.counts = new NonceCounts(settings.rememberedNonces(), settings.nonceLifetime());
        this.failures = new FailureLedger(settings.rememberedSources());
        this.nobody = Ha1.of("nobody", settings.realm(), Long.toHexString(random.nextLong()));
    }

    /** Reads a request's credentials. Counts nothing against a source that sent none. */
    public Examination examine(SipRequest request, InetAddress source, long nowNanos) {
        List<String> values = new ArrayList<>(request.headers("Proxy-Authorization"));
        values.addAll(request.headers("Authorization"));
        return examine(request.method(), request.callId(), values, source, nowNanos);
    }

    /** Whether this is a fresh nonce that we gave to the source's network; nothing is counted. */
    public boolean gave(String nonce, InetAddress source, long nowNanos) {
        return nonces.check(nonce, source, nowNanos) == Nonces.Check.FRESH;
    }

    Examination examine(
            String method,
            String callId,
            List<String> credentials,
            InetAddress source,
            long nowNanos) {
        DigestCredentials ours = null;
        boolean malformed = false;
        for (String value : credentials) {
            switch (DigestCredentials.read(value)) {
                case DigestCredentials.Reading.Parsed(DigestCredentials read) -> {
                    // one request may carry credentials for other realms on its way (§22.3)
                    if (read.realm().equals(settings.realm()) && better(read, ours)) {
                        ours = read;
                    }
                }
                case DigestCredentials.Reading.Malformed ignored -> malformed = true;
                case DigestCredentials.Reading.OtherScheme ignored -> {}
            }
        }
        if (ours == null) {
            AuthOutcome why = malformed ? AuthOutcome.MALFORMED : AuthOutcome.NO_CREDENTIALS;
            return decided(challenge(why, method, source, false, nowNanos));
        }
        return examine(method, callId, ours, source, nowNanos);
    }

    private Examination examine(
            String method,
            String callId,
            DigestCredentials credentials,
            InetAddress source,
            long nowNanos) {
        long waitNanos = failures.backOffNanos(source, nowNanos);
        if (waitNanos > 0) {
            return decided(refusal(AuthOutcome.BACKED_OFF, waitNanos));
        }
        switch (nonces.check(credentials.nonce(), source, nowNanos)) {
            case FOREIGN -> {
                return decided(
                        challenge(AuthOutcome.FOREIGN_NONCE, method, source, false, nowNanos));
            }
            case STALE -> {
                return decided(challenge(AuthOutcome.STALE_NONCE, method, source, true, nowNanos));
            }
            case FRESH -> {}
        }
        DigestAlgorithm algorithm =
                DigestAlgorithm.ofToken(credentials.algorithm())
                        .filter(settings.algorithms()::contains)
                        .orElse(null);
        if (algorithm == null || !"auth".equals(lower(credentials.qop()))) {
            return decided(
                    failed(AuthOutcome.UNSUPPORTED, method, callId, source, credentials, nowNanos));
        }
        if (credentials.cnonce() == null || nonceCount(credentials.nc()) <= 0) {
            return decided(
                    failed(AuthOutcome.MALFORMED, method, callId, source, credentials, nowNanos));
        }
        return new Examination.LookUp(
                credentials.username(),
                new Attempt(method, callId, source, credentials, algorithm));
    }

    /**
     * The second step.
     *
     * @param ha1 of the account with that very user name; null if there is none
     */
    public Verdict verify(Attempt attempt, @Nullable Ha1 ha1, long nowNanos) {
        DigestCredentials credentials = attempt.credentials;
        String secret = (ha1 == null ? nobody : ha1).forAlgorithm(attempt.algorithm);
        boolean usable = ha1 != null && secret != null;
        String expected =
                response(
                        attempt.algorithm,
                        secret == null ? nobody.md5() : secret,
                        attempt.method,
                        credentials);
        boolean equal =
                MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8),
                        credentials
                                .response()
                                .toLowerCase(Locale.ROOT)
                                .getBytes(StandardCharsets.UTF_8));
        if (!usable || !equal) {
            AuthOutcome why = ha1 == null ? AuthOutcome.UNKNOWN_USER : AuthOutcome.WRONG_RESPONSE;
            return failed(
                    why, attempt.method, attempt.callId, attempt.source, credentials, nowNanos);
        }
        long issuedNanos = nonces.issuedNanos(credentials.nonce());
        return switch (counts.use(
                credentials.nonce(), issuedNanos, nonceCount(credentials.nc()), nowNanos)) {
            case FIRST -> {
                failures.succeeded(attempt.source, attempt.callId, nowNanos);
                yield new Verdict.Accepted(credentials.username());
            }
            case REPEATED ->
                    challenge(AuthOutcome.REPLAYED, attempt.method, attempt.source, true, nowNanos);
            case FORGOTTEN ->
                    challenge(
                            AuthOutcome.STALE_NONCE,
                            attempt.method,
                            attempt.source,
                            true,
                            nowNanos);
        };
    }

    /** The request-digest with qop=auth (RFC 7616 §3.4.1). */
    static String response(
            DigestAlgorithm algorithm, String ha1, String method, DigestCredentials credentials) {
        String ha2 = algorithm.hex(method + ":" + credentials.uri());
        return algorithm.hex(
                String.join(
                        ":",
                        ha1,
                        credentials.nonce(),
                        String.valueOf(credentials.nc()),
                        String.valueOf(credentials.cnonce()),
                        String.valueOf(credentials.qop()),
                        ha2));
    }

    private Verdict failed(
            AuthOutcome why,
            String method,
            String callId,
            InetAddress source,
            DigestCredentials credentials,
            long nowNanos) {
        String guess = credentials.nonce() + credentials.response();
        int failuresOfCall = failures.failed(source, callId, guess, nowNanos);
        if (failuresOfCall >= FAILURES_PER_CALL) {
            return refusal(AuthOutcome.TOO_MANY_FAILURES, 0);
        }
        return challenge(why, method, source, false, nowNanos);
    }

    private Verdict challenge(
            AuthOutcome why, String method, InetAddress source, boolean stale, long nowNanos) {
        // A registrar authenticates for itself, so it never asks as a proxy does (§10.3, §22.2)
        int status = method.equals("REGISTER") ? 401 : settings.challengeStatus();
        String name = status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
        List<HeaderField> headers = new ArrayList<>();
        for (DigestAlgorithm algorithm : settings.algorithms()) {
            headers.add(
                    new HeaderField(
                            name,
                            "Digest realm=\""
                                    + settings.realm()
                                    + "\", nonce=\""
                                    + nonces.issue(source, nowNanos)
                                    + "\", algorithm="
                                    + algorithm.token()
                                    + ", qop=\"auth\""
                                    + (stale ? ", stale=true" : "")));
        }
        return new Verdict.Challenged(why, new AuthAnswer(status, headers));
    }

    private static Verdict refusal(AuthOutcome why, long waitNanos) {
        List<HeaderField> headers =
                waitNanos <= 0
                        ? List.of()
                        : List.of(
                                new HeaderField(
                                        "Retry-After",
                                        Long.toString(1 + waitNanos / 1_000_000_000L)));
        return new Verdict.Refused(why, new AuthAnswer(403, headers));
    }

    /** Of several for our realm, the one by the algorithm that we prefer. */
    private boolean better(DigestCredentials read, @Nullable DigestCredentials than) {
        return than == null || rank(read) < rank(than);
    }

    private int rank(DigestCredentials credentials) {
        int index =
                DigestAlgorithm.ofToken(credentials.algorithm())
                        .map(settings.algorithms()::indexOf)
                        .orElse(-1);
        return index < 0 ? Integer.MAX_VALUE : index;
    }

    private static Examination decided(Verdict verdict) {
        return new Examination.Decided(verdict);
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    /** −1 if it is not one to eight hex digits. */
    private static long nonceCount(@Nullable String nc) {
        if (nc == null || nc.isEmpty() || nc.length() > 8) {
            return -1;
        }
        long count = 0;
        for (int i = 0; i < nc.length(); i++) {
            int digit = Character.digit(nc.charAt(i), 16);
            if (digit < 0 || nc.charAt(i) > 'f') {
                return -1;
            }
            count = (count << 4) | digit;
        }
        return count;
    }
}
