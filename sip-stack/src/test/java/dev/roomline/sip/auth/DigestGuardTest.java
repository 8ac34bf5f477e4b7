package dev.roomline.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DigestGuardTest {
    private static final long SECOND = 1_000_000_000L;
    private static final byte[] KEY = new byte[32];
    private static final InetAddress PHONE = InetAddress.ofLiteral("198.51.100.7");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.9");
    private static final Ha1 ALICE = Ha1.of("alice", "roomline", "wonderland");

    private long nowNanos = 5 * SECOND;
    private DigestGuard guard = guard(407, List.of(DigestAlgorithm.MD5), 1);

    private static DigestGuard guard(int status, List<DigestAlgorithm> algorithms, long seed) {
        return new DigestGuard(DigestSettings.of("roomline", status, algorithms), KEY, seed);
    }

    @Test
    void aRequestWithoutCredentialsIsChallengedWithoutBeingCounted() {
        for (int i = 0; i < 100; i++) {
            Verdict verdict = decided(guard.examine("INVITE", "c", List.of(), PHONE, nowNanos));
            assertThat(verdict.outcome()).isEqualTo(AuthOutcome.NO_CREDENTIALS);
            assertThat(answer(verdict).status()).isEqualTo(407);
            assertThat(answer(verdict).headers().getFirst().name()).isEqualTo("Proxy-Authenticate");
            assertThat(answer(verdict).headers().getFirst().value())
                    .matches(
                            "Digest realm=\"roomline\", nonce=\"[A-Za-z0-9_=-]+\","
                                    + " algorithm=MD5, qop=\"auth\"");
        }
    }

    @Test
    @Tag("RFC3261§22.4")
    void theRightPasswordIsAccepted() {
        assertThat(attempt(nonce(), 1, "wonderland", ALICE))
                .isEqualTo(new Verdict.Accepted("alice"));
    }

    @Test
    void theResponseIsCheckedOverTheUriThatTheClientSent() {
        String nonce = nonce();
        String header = credentials("alice", nonce, 1, "wonderland", "INVITE", "sip:other:5060");
        assertThat(verify(header, ALICE)).isEqualTo(new Verdict.Accepted("alice"));
        String tampered =
                credentials("alice", nonce(), 1, "wonderland", "INVITE", "sip:a")
                        .replace("sip:a", "sip:b");
        assertThat(verify(tampered, ALICE).outcome()).isEqualTo(AuthOutcome.WRONG_RESPONSE);
    }

    @Test
    void anUnknownUserAndAWrongPasswordGetTheSameAnswers() {
        List<String> unknown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < DigestGuard.FAILURES_PER_CALL; i++) {
            unknown.add(shape(attempt(nonce(), 1, "guess", null)));
        }
        guard = guard(407, List.of(DigestAlgorithm.MD5), 1);
        for (int i = 0; i < DigestGuard.FAILURES_PER_CALL; i++) {
            wrong.add(shape(attempt(nonce(), 1, "guess", ALICE)));
        }
        assertThat(unknown).isEqualTo(wrong);
        assertThat(wrong).hasSize(3);
        assertThat(wrong.get(0)).startsWith("407 Proxy-Authenticate");
        assertThat(wrong.get(1)).isEqualTo(wrong.get(0));
        assertThat(wrong.get(2)).isEqualTo("403");
    }

    @Test
    void anotherCallOfTheSameSourceStartsWithItsOwnThree() {
        for (int i = 0; i < 3; i++) {
            attempt(nonce(), 1, "guess", ALICE);
        }
        Verdict other =
                verify(
                        "other-call",
                        credentials("alice", nonce(), 1, "guess", "INVITE", "sip:a"),
                        ALICE);
        assertThat(answer(other).status()).isEqualTo(407);
    }

    @Test
    void aRequestThatIsSentAgainSinceOurAnswerWasLostIsOneFailure() {
        String header = credentials("alice", nonce(), 1, "guess", "INVITE", "sip:a");
        for (int i = 0; i < 10; i++) {
            assertThat(answer(verify(header, ALICE)).status()).isEqualTo(407);
        }
        assertThat(answer(attempt(nonce(), 1, "guess", ALICE)).status()).isEqualTo(407);
        assertThat(answer(attempt(nonce(), 1, "guess", ALICE)).status()).isEqualTo(403);
    }

    @Test
    void aSourceThatGoesOnIsRefusedUnseenForAGrowingWhile() {
        List<Long> waits = new ArrayList<>();
        for (int call = 0; call < 20; call++) {
            String header = credentials("alice", nonce(), 1, "guess", "INVITE", "sip:a");
            if (examine("call" + call, header)
                    instanceof Examination.Decided(Verdict.Refused refused)) {
                assertThat(refused.outcome()).isEqualTo(AuthOutcome.BACKED_OFF);
                long waitSeconds = Long.parseLong(refused.answer().headers().getFirst().value());
                waits.add(waitSeconds);
                nowNanos += waitSeconds * SECOND;
            } else {
                verify("call" + call, header, ALICE);
            }
        }
        assertThat(waits.size()).isGreaterThan(4);
        assertThat(waits).isSorted();
        assertThat(waits.getFirst()).isLessThanOrEqualTo(2);
        assertThat(waits.getLast()).isGreaterThan(8);
    }

    @Test
    void theRightPasswordIsAcceptedAgainAfterTheBackOff() {
        for (int call = 0; call < 7; call++) {
            verify("c" + call, credentials("alice", nonce(), 1, "x", "INVITE", "sip:a"), ALICE);
        }
        String good = credentials("alice", nonce(), 1, "wonderland", "INVITE", "sip:a");
        assertThat(decided(examine("good", good)).outcome()).isEqualTo(AuthOutcome.BACKED_OFF);
        nowNanos += 2 * SECOND;
        assertThat(verify("good", good, ALICE)).isEqualTo(new Verdict.Accepted("alice"));
    }

    @Test
    void anAttackerWithAnotherAddressCannotLockAPhoneOut() {
        // fetched by the attacker himself, then sent with the phone's address forged
        String fetched = nonceFor(STRANGER);
        for (int i = 0; i < 50; i++) {
            Examination forged =
                    guard.examine(
                            "INVITE",
                            "c" + i,
                            List.of(credentials("alice", fetched, 1, "x", "INVITE", "sip:a")),
                            PHONE,
                            nowNanos);
            assertThat(decided(forged).outcome()).isEqualTo(AuthOutcome.FOREIGN_NONCE);
        }
        assertThat(attempt(nonce(), 1, "wonderland", ALICE))
                .isEqualTo(new Verdict.Accepted("alice"));
    }

    @Test
    void aNeighbouringGatewayMayAnswerTheChallenge() {
        String nonce = nonce();
        InetAddress neighbour = InetAddress.ofLiteral("198.51.100.9");
        Examination examined =
                guard.examine(
                        "INVITE",
                        "c",
                        List.of(credentials("alice", nonce, 1, "wonderland", "INVITE", "sip:a")),
                        neighbour,
                        nowNanos);
        assertThat(examined).isInstanceOf(Examination.LookUp.class);
    }

    @Test
    @Tag("RFC7616§3.4")
    void aReplayIsRefusedAndTheNextCountIsNot() {
        String nonce = nonce();
        assertThat(attempt(nonce, 1, "wonderland", ALICE)).isInstanceOf(Verdict.Accepted.class);
        Verdict replay = attempt(nonce, 1, "wonderland", ALICE);
        assertThat(replay.outcome()).isEqualTo(AuthOutcome.REPLAYED);
        assertThat(shape(replay)).contains("stale=true");
        assertThat(attempt(nonce, 2, "wonderland", ALICE)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void requestsThatOvertakeOneAnotherAreAcceptedOnceEach() {
        String nonce = nonce();
        for (int count : new int[] {3, 1, 2, 66}) {
            assertThat(attempt(nonce, count, "wonderland", ALICE))
                    .isInstanceOf(Verdict.Accepted.class);
        }
        for (int count : new int[] {1, 2, 3, 66}) {
            assertThat(attempt(nonce, count, "wonderland", ALICE).outcome())
                    .isEqualTo(AuthOutcome.REPLAYED);
        }
    }

    @Test
    @Tag("RFC7616§3.3")
    void anExpiredNonceIsStale() {
        String nonce = nonce();
        nowNanos += 301 * SECOND;
        Verdict verdict =
                decided(
                        examine(
                                "c",
                                credentials("alice", nonce, 1, "wonderland", "INVITE", "sip:a")));
        assertThat(verdict.outcome()).isEqualTo(AuthOutcome.STALE_NONCE);
        assertThat(shape(verdict)).contains("stale=true");
    }

    @Test
    void aNonceOfAnEarlierRunIsStaleSinceItsCountsAreLost() {
        String used = nonce();
        assertThat(attempt(used, 1, "wonderland", ALICE)).isInstanceOf(Verdict.Accepted.class);
        guard = guard(407, List.of(DigestAlgorithm.MD5), 2);
        assertThat(
                        decided(
                                        examine(
                                                "c",
                                                credentials(
                                                        "alice",
                                                        used,
                                                        1,
                                                        "wonderland",
                                                        "INVITE",
                                                        "sip:a")))
                                .outcome())
                .isEqualTo(AuthOutcome.STALE_NONCE);
    }

    @Test
    void aNonceWithOneOtherCharacterIsForeign() {
        String nonce = nonce();
        for (int i = 0; i < nonce.length(); i++) {
            char other = nonce.charAt(i) == 'A' ? 'B' : 'A';
            String forged = nonce.substring(0, i) + other + nonce.substring(i + 1);
            Examination examined =
                    examine("c", credentials("alice", forged, 1, "wonderland", "INVITE", "sip:a"));
            assertThat(decided(examined).outcome()).isEqualTo(AuthOutcome.FOREIGN_NONCE);
        }
    }

    @Test
    @Tag("RFC3261§22.4")
    void credentialsWithoutQopAreNotTaken() {
        String nonce = nonce();
        String ha2 = DigestAlgorithm.MD5.hex("INVITE:sip:a");
        String response = DigestAlgorithm.MD5.hex(ALICE.md5() + ":" + nonce + ":" + ha2);
        String header =
                "Digest username=\"alice\", realm=\"roomline\", nonce=\"%s\", uri=\"sip:a\", response=\"%s\""
                        .formatted(nonce, response);
        assertThat(decided(examine("c", header)).outcome()).isEqualTo(AuthOutcome.UNSUPPORTED);
    }

    @Test
    void credentialsForAnotherRealmAreNotOurs() {
        String header =
                credentials("alice", nonce(), 1, "wonderland", "INVITE", "sip:a")
                        .replace("realm=\"roomline\"", "realm=\"elsewhere\"");
        assertThat(decided(examine("c", header)).outcome()).isEqualTo(AuthOutcome.NO_CREDENTIALS);
    }

    @Test
    @Tag("RFC8760§2.4")
    void sha256IsOfferedFirstAndTakenWhenItIsSwitchedOn() {
        guard = guard(401, List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5), 1);
        Verdict challenge = decided(guard.examine("INVITE", "c", List.of(), PHONE, nowNanos));
        assertThat(answer(challenge).headers())
                .extracting(
                        h -> h.name() + " " + h.value().replaceAll(".*(algorithm=[^,]*).*", "$1"))
                .containsExactly(
                        "WWW-Authenticate algorithm=SHA-256", "WWW-Authenticate algorithm=MD5");
        String nonce = nonce();
        String sha =
                credentials(
                        DigestAlgorithm.SHA_256,
                        "alice",
                        nonce,
                        1,
                        "wonderland",
                        "INVITE",
                        "sip:a");
        assertThat(verify(sha, ALICE)).isEqualTo(new Verdict.Accepted("alice"));
        String onlyMd5 =
                credentials(
                        DigestAlgorithm.SHA_256,
                        "alice",
                        nonce(),
                        1,
                        "wonderland",
                        "INVITE",
                        "sip:a");
        assertThat(verify(onlyMd5, Ha1.ofMd5(ALICE.md5())).outcome())
                .isEqualTo(AuthOutcome.WRONG_RESPONSE);
    }

    @Test
    @Tag("RFC3261§22.2")
    void aRegistrarAsksWith401WhateverIsSet() {
        Verdict verdict = decided(guard.examine("REGISTER", "c", List.of(), PHONE, nowNanos));
        assertThat(answer(verdict).status()).isEqualTo(401);
        assertThat(answer(verdict).headers().getFirst().name()).isEqualTo("WWW-Authenticate");
    }

    @Test
    void whatIsRememberedIsBounded() {
        FailureLedger ledger = new FailureLedger(100);
        for (int i = 0; i < 1000; i++) {
            ledger.failed(
                    InetAddress.ofLiteral("10.0." + i / 250 + "." + i % 250),
                    "c" + i,
                    "g",
                    nowNanos);
        }
        assertThat(ledger.size()).isEqualTo(200);
    }

    @Test
    void aForgottenNonceIsNotTakenAgain() {
        NonceCounts counts = new NonceCounts(10, java.time.Duration.ofMinutes(5));
        for (int i = 0; i < 20; i++) {
            assertThat(counts.use("n" + i, i, 1, 100)).isEqualTo(NonceCounts.Use.FIRST);
        }
        assertThat(counts.size()).isEqualTo(10);
        assertThat(counts.use("n0", 0, 1, 100)).isEqualTo(NonceCounts.Use.FORGOTTEN);
        assertThat(counts.use("n19", 19, 1, 100)).isEqualTo(NonceCounts.Use.REPEATED);
        assertThat(counts.use("fresh", 20, 1, 100)).isEqualTo(NonceCounts.Use.FIRST);
    }

    private String nonce() {
        return nonceFor(PHONE);
    }

    private String nonceFor(InetAddress source) {
        Verdict verdict = decided(guard.examine("INVITE", "c", List.of(), source, nowNanos));
        return answer(verdict)
                .headers()
                .getFirst()
                .value()
                .replaceAll(".*nonce=\"([^\"]*)\".*", "$1");
    }

    private Verdict attempt(String nonce, int count, String password, @Nullable Ha1 ha1) {
        return verify(credentials("alice", nonce, count, password, "INVITE", "sip:a"), ha1);
    }

    private Verdict verify(String header, @Nullable Ha1 ha1) {
        return verify("c", header, ha1);
    }

    private Verdict verify(String callId, String header, @Nullable Ha1 ha1) {
        return switch (examine(callId, header)) {
            case Examination.Decided(Verdict verdict) -> verdict;
            case Examination.LookUp(String username, Attempt attempt) -> {
                assertThat(username).isEqualTo("alice");
                yield guard.verify(attempt, ha1, nowNanos);
            }
        };
    }

    private Examination examine(String callId, String header) {
        return guard.examine("INVITE", callId, List.of(header), PHONE, nowNanos);
    }

    private static Verdict decided(Examination examination) {
        assertThat(examination).isInstanceOf(Examination.Decided.class);
        return ((Examination.Decided) examination).verdict();
    }

    private static AuthAnswer answer(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Challenged challenged -> challenged.answer();
            case Verdict.Refused refused -> refused.answer();
            case Verdict.Accepted accepted -> throw new AssertionError("accepted " + accepted);
        };
    }

    /** What a client sees of a verdict, without the nonce. */
    private static String shape(Verdict verdict) {
        StringBuilder shape = new StringBuilder(Integer.toString(answer(verdict).status()));
        answer(verdict)
                .headers()
                .forEach(
                        h ->
                                shape.append(' ')
                                        .append(h.name())
                                        .append(": ")
                                        .append(h.value().replaceAll("nonce=\"[^\"]*\"", "nonce")));
        return shape.toString();
    }

    private static String credentials(
            String username, String nonce, int count, String password, String method, String uri) {
        return credentials(DigestAlgorithm.MD5, username, nonce, count, password, method, uri);
    }

    /** A client of its own, so that the server is not checked against itself. */
    private static String credentials(
            DigestAlgorithm algorithm,
            String username,
            String nonce,
            int count,
            String password,
            String method,
            String uri) {
        String ha1 = algorithm.hex(username + ":roomline:" + password);
        String nc = "%08x".formatted(count);
        String response =
                algorithm.hex(
                        ha1
                                + ":"
                                + nonce
                                + ":"
                                + nc
                                + ":0a4f113b:auth:"
                                + algorithm.hex(method + ":" + uri));
        return "Digest username=\"%s\", realm=\"roomline\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=%s, qop=auth, nc=%s, cnonce=\"0a4f113b\""
                .formatted(username, nonce, uri, response, algorithm.token(), nc);
    }
}
