package dev.roomline.bridge.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.entry.RegisteredPhone;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.sip.auth.DigestAlgorithm;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.DigestSettings;
import dev.roomline.sip.auth.Ha1;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.registrar.RegistrarOutbox;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may register, in virtual time. What a registration is, {@code RegistrarTest} says. */
final class AccountRegistrarTest {
    private static final Flow PHONE = Invites.from("198.51.100.9");
    private static final String ALICE = "sip:alice@host.test";

    private final VirtualSignal signal = new VirtualSignal();
    private final List<SipCommand> commands = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private final RefusalRing refusals = new RefusalRing();
    private List<String> domains = List.of();
    private boolean storeAway;
    private int requests;
    private int nonceCount;
    private final AccountRegistrar registrar = registrar();

    private AccountRegistrar registrar() {
        Ha1 ha1 = Ha1.of("alice", "roomline", "secret");
        AccountRow alice =
                new AccountRow(
                        "acc_1",
                        "alice",
                        "roomline",
                        ha1.md5(),
                        String.valueOf(ha1.sha256()),
                        List.of("*"),
                        Instant.EPOCH,
                        "api");
        return new AccountRegistrar(
                domains,
                new DigestGuard(
                        DigestSettings.of("roomline", 407, List.of(DigestAlgorithm.MD5)),
                        new byte[32],
                        1),
                name ->
                        storeAway
                                ? CompletableFuture.failedStage(new IllegalStateException("away"))
                                : CompletableFuture.completedStage(
                                        name.equals("alice")
                                                ? Optional.of(alice)
                                                : Optional.empty()),
                commands::add,
                signal,
                new Counted(),
                refusals);
    }

    private final class Counted implements Counters {
        @Override
        public void register(RegistrarOutbox.Answer outcome) {
            counted.add(outcome.name());
        }

        @Override
        public void phoneGone(RegistrarOutbox.Unbound why) {
            counted.add(why.name());
        }

        @Override
        public void phonesRegistered(int now) {
            counted.add(Integer.toString(now));
        }
    }

    /** One REGISTER; what it was answered. */
    private SipCommand.Respond register(
            AccountRegistrar at, String record, Flow flow, String... headers) {
        commands.clear();
        counted.clear();
        requests++;
        List<String> all = new ArrayList<>(List.of(headers));
        var request =
                Invites.request(
                        "REGISTER", record, "<" + record + ">", "", all.toArray(String[]::new));
        at.register(new RequestId(requests), request, flow);
        signal.run();
        assertThat(commands).hasSize(1);
        return (SipCommand.Respond) commands.getFirst();
    }

    private String credentials(AccountRegistrar at, String user, String password) {
        return credentials(register(at, ALICE, PHONE), user, password);
    }

    private String credentials(SipCommand.Respond challenge, String user, String password) {
        assertThat(challenge.status()).isEqualTo(401);
        Matcher nonce =
                Pattern.compile("nonce=\"([^\"]+)\"")
                        .matcher(challenge.headers().getFirst().value());
        assertThat(nonce.find()).isTrue();
        String nc = "%08x".formatted(++nonceCount);
        String response =
                md5(
                        String.join(
                                ":",
                                md5(user + ":roomline:" + password),
                                nonce.group(1),
                                nc,
                                "abc",
                                "auth",
                                md5("REGISTER:sip:host.test")));
        return "Authorization: Digest username=\"%s\", realm=\"roomline\", nonce=\"%s\", uri=\"sip:host.test\", response=\"%s\", algorithm=MD5, cnonce=\"abc\", qop=auth, nc=%s"
                .formatted(user, nonce.group(1), response, nc);
    }

    private static String header(SipCommand.Respond answer, String name) {
        return answer.headers().stream()
                .filter(field -> field.name().equals(name))
                .map(field -> field.value())
                .findFirst()
                .orElse("");
    }

    @Test
    void a_phone_is_challenged_as_by_a_registrar_then_bound_and_found() {
        SipCommand.Respond challenge = register(registrar, ALICE, PHONE);
        assertThat(challenge.status()).isEqualTo(401);
        assertThat(challenge.once()).isTrue();
        assertThat(header(challenge, "WWW-Authenticate")).startsWith("Digest realm=\"roomline\"");
        assertThat(refusals.list()).as("a first request is no refusal").isEmpty();

        SipCommand.Respond answer =
                register(registrar, ALICE, PHONE, credentials(challenge, "alice", "secret"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "Contact")).isEqualTo("<sip:alice@192.0.2.7>;expires=300");
        assertThat(header(answer, "Date")).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
        assertThat(counted).containsExactly("BOUND", "1");
        assertThat(registrar.phones("alice").getFirst().flow()).isEqualTo(PHONE);
        var shown = registrar.registered(List.of("alice", "bob"));
        signal.run();
        assertThat(shown.toCompletableFuture().join())
                .isEqualTo(
                        Map.of(
                                "alice",
                                List.of(
                                        new RegisteredPhone(
                                                "sip:alice@192.0.2.7",
                                                "udp",
                                                "198.51.100.9:5060",
                                                "",
                                                signal.now().plusSeconds(300)))));
    }

    @Test
    void wrong_passwords_and_unknown_accounts_see_the_same_and_are_backed_off_like_calls() {
        String wrong = credentials(registrar, "alice", "guess");
        SipCommand.Respond first = register(registrar, ALICE, PHONE, wrong);
        assertThat(first.status()).isEqualTo(401);
        String unknown = credentials(registrar, "mallory", "guess");
        assertThat(register(registrar, ALICE, PHONE, unknown).status()).isEqualTo(401);
        assertThat(refusals.list().getFirst().method()).isEqualTo("REGISTER");
        assertThat(refusals.list().getFirst().reason()).isEqualTo("unauthenticated");
        int status = 401;
        for (int i = 0; i < 20 && status == 401; i++) {
            SipCommand.Respond challenge = register(registrar, ALICE, PHONE);
            String guess = credentials(challenge, "alice", "guess" + i);
            status = register(registrar, ALICE, PHONE, guess).status();
        }
        assertThat(status).isEqualTo(403);
        assertThat(registrar.phones("alice")).isEmpty();
    }

    @Test
    void nobody_unregisters_a_phone_without_its_password_nor_by_what_was_overheard() {
        String right = credentials(registrar, "alice", "secret");
        assertThat(register(registrar, ALICE, PHONE, right).status()).isEqualTo(200);
        String expires = "Expires: 0";
        assertThat(register(registrar, ALICE, PHONE, expires).status()).isEqualTo(401);
        SipCommand.Respond replayed = register(registrar, ALICE, PHONE, right, expires);
        assertThat(replayed.status()).isEqualTo(401);
        assertThat(header(replayed, "WWW-Authenticate")).contains("stale=true");
        assertThat(registrar.phones("alice")).hasSize(1);
    }

    @Test
    void an_account_registers_itself_alone_and_only_in_our_domains() {
        String right = credentials(registrar, "alice", "secret");
        assertThat(register(registrar, "sip:bob@host.test", PHONE, right).status()).isEqualTo(403);
        assertThat(refusals.list().getFirst().reason()).isEqualTo("not_allowed");
        domains = List.of("Host.test");
        AccountRegistrar strict = registrar();
        right = credentials(strict, "alice", "secret");
        assertThat(register(strict, "sip:alice@other.test", PHONE, right).status()).isEqualTo(403);
        right = credentials(strict, "alice", "secret");
        assertThat(register(strict, ALICE, PHONE, right).status()).isEqualTo(200);
    }

    @Test
    void what_the_store_cannot_tell_is_asked_again_later() {
        String right = credentials(registrar, "alice", "secret");
        storeAway = true;
        SipCommand.Respond answer = register(registrar, ALICE, PHONE, right);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isNotEmpty();
        assertThat(refusals.list().getFirst().reason()).isEqualTo("overloaded");
    }

    @Test
    void who_proves_nothing_has_a_share_and_no_more() {
        for (int i = 0; i < UnprovenSources.BURST; i++) {
            assertThat(register(registrar, ALICE, PHONE).status()).isEqualTo(401);
        }
        SipCommand.Respond answer = register(registrar, ALICE, PHONE);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.once()).isTrue();
        assertThat(register(registrar, ALICE, Invites.from("198.51.100.10")).status())
                .isEqualTo(401);
    }

    @Test
    void a_registration_ends_by_time_by_its_connection_and_by_its_account() {
        String right = credentials(registrar, "alice", "secret");
        register(registrar, ALICE, PHONE, right);
        signal.pass(Duration.ofSeconds(301));
        var expired = registrar.registered(List.of("alice"));
        signal.run();
        assertThat(expired.toCompletableFuture().join()).isEmpty();
        assertThat(counted).endsWith("EXPIRED", "0");

        Flow tcp = new Flow(TransportKind.TCP, PHONE.local(), PHONE.remote(), 12);
        right = credentials(registrar, "alice", "secret");
        register(registrar, ALICE, tcp, right);
        assertThat(registrar.needs(12)).isTrue();
        registrar.streamEnded(11);
        assertThat(registrar.phones("alice")).hasSize(1);
        registrar.streamEnded(12);
        assertThat(counted).endsWith("FLOW_ENDED", "0");
        assertThat(registrar.needs(12)).isFalse();

        right = credentials(registrar, "alice", "secret");
        register(registrar, ALICE, PHONE, right);
        registrar.forget("alice");
        signal.run();
        assertThat(counted).endsWith("FORGOTTEN", "0");
    }

    @Test
    void a_phone_behind_nat_is_kept_within_reach() {
        String right = credentials(registrar, "alice", "secret");
        register(registrar, ALICE, PHONE, right);
        commands.clear();
        signal.pass(Duration.ofSeconds(51));
        assertThat(commands)
                .containsExactly(new SipCommand.KeepAlive(PHONE), new SipCommand.KeepAlive(PHONE));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
