package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.RegisterDesk;
import dev.roomline.bridge.call.SipPort;
import dev.roomline.bridge.entry.RegisteredPhone;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.sip.auth.Attempt;
import dev.roomline.sip.auth.AuthOutcome;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.Examination;
import dev.roomline.sip.auth.Ha1;
import dev.roomline.sip.auth.Verdict;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.registrar.Binding;
import dev.roomline.sip.registrar.Registrar;
import dev.roomline.sip.registrar.RegistrarInput;
import dev.roomline.sip.registrar.RegistrarLimits;
import dev.roomline.sip.registrar.RegistrarOutbox;
import java.net.InetAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The door for accounts' phones: who may REGISTER, and what becomes of it. The digest, its back-off
 * and its nonces are those of calls.
 *
 * <pre>
 *   unproven source's share ─ digest: account? ─ its own address-of-record? ─ Registrar
 * </pre>
 *
 * Bindings are held in memory alone: a restart forgets them, but also ends the connections and NAT
 * pinholes that most of them are, and phones are back within the few minutes that a binding may
 * last. Owner: the signalling loop, but {@link #registered} and {@link #forget}, which any thread
 * may call.
 */
public final class AccountRegistrar implements RegisterDesk {
    private static final HeaderField RETRY_AFTER = new HeaderField("Retry-After", "5");

    /** RFC 3261 §20.17. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private final List<String> domains;
    private final DigestGuard guard;
    private final AccountBook accounts;
    private final SipPort sip;
    private final Signal signal;
    private final Counters counters;
    private final RefusalRing refusals;
    private final Registrar registrar = new Registrar(RegistrarLimits.USUAL);
    private final UnprovenSources datagrams = new UnprovenSources();
    private final UnprovenSources connections = new UnprovenSources();
    private Signal.@Nullable Later due;
    private long dueNanos = Long.MAX_VALUE;

    /**
     * @param domains of addresses-of-record; empty: the host part is not checked
     */
    public AccountRegistrar(
            List<String> domains,
            DigestGuard guard,
            AccountBook accounts,
            SipPort sip,
            Signal signal,
            Counters counters,
            RefusalRing refusals) {
        this.domains = List.copyOf(domains);
        this.guard = guard;
        this.accounts = accounts;
        this.sip = sip;
        this.signal = signal;
        this.counters = counters;
        this.refusals = refusals;
    }

    /** Where the account is called: the most preferred first, then the latest heard of. */
    public List<Binding> phones(String account) {
        return registrar.bindings(account);
    }

    /** The same of several accounts for people, by user name, from any thread. */
    public CompletionStage<Map<String, List<RegisteredPhone>>> registered(
            Collection<String> usernames) {
        return signal.ask(
                () -> {
                    Map<String, List<RegisteredPhone>> phones = new HashMap<>();
                    for (String account : usernames) {
                        List<Binding> bindings = registrar.bindings(account);
                        if (!bindings.isEmpty()) {
                            phones.put(account, bindings.stream().map(this::shown).toList());
                        }
                    }
                    return CompletableFuture.completedStage(phones);
                });
    }

    /** The account is no more, or its password is another. Any thread. */
    public void forget(String account) {
        signal.executeSurely(() -> feed(new RegistrarInput.Forget(account), new Told(null, null)));
    }

    private RegisteredPhone shown(Binding binding) {
        Flow flow = binding.flow();
        Duration left = Duration.ofNanos(binding.expiresAtNanos() - signal.nanoTime());
        return new RegisteredPhone(
                binding.contactUri(),
                flow.transport().name().toLowerCase(Locale.ROOT),
                RegistrarLog.source(flow),
                binding.userAgent(),
                signal.now().plus(left));
    }

    @Override
    public boolean needs(long connection) {
        return registrar.needs(connection);
    }

    @Override
    public void streamEnded(long connection) {
        if (registrar.needs(connection)) {
            feed(new RegistrarInput.FlowEnded(connection), new Told(null, null));
        }
    }

    @Override
    public void register(RequestId request, SipRequest register, Flow flow) {
        InetAddress source = flow.remote().getAddress();
        switch (guard.examine(register, source, signal.nanoTime())) {
            case Examination.Decided(Verdict verdict) -> {
                if (unproven(flow).take(source, signal.nanoTime())) {
                    judged(request, register, flow, verdict);
                } else {
                    String why = "too many requests from a source that proves nothing";
                    refuse(request, flow, 503, EndReason.LIMIT, why, List.of(RETRY_AFTER));
                }
            }
            case Examination.LookUp(String username, Attempt attempt) ->
                    signal.whenDone(
                            accounts.byUsername(username),
                            (account, failure) -> {
                                if (account == null) {
                                    String why = "the account could not be looked up: " + failure;
                                    refuse(
                                            request,
                                            flow,
                                            503,
                                            EndReason.OVERLOADED,
                                            why,
                                            List.of(RETRY_AFTER));
                                } else {
                                    AccountRow row = account.orElse(null);
                                    verify(request, register, flow, attempt, row);
                                }
                            });
        }
    }

    private void verify(
            RequestId request,
            SipRequest register,
            Flow flow,
            Attempt attempt,
            @Nullable AccountRow account) {
        Ha1 ha1 = account == null ? null : new Ha1(account.ha1Md5(), account.ha1Sha256());
        Verdict verdict = guard.verify(attempt, ha1, signal.nanoTime());
        judged(request, register, flow, verdict);
    }

    private void judged(RequestId request, SipRequest register, Flow flow, Verdict verdict) {
        switch (verdict) {
            case Verdict.Accepted(String username) -> {
                unproven(flow).proved(flow.remote().getAddress());
                accepted(request, register, flow, username);
            }
            case Verdict.Challenged(AuthOutcome outcome, var answer) -> {
                String wrong = Credentials.failure(outcome);
                if (!wrong.isEmpty()) {
                    note(flow, EndReason.UNAUTHENTICATED, wrong);
                }
                respond(request, answer.status(), null, answer.headers(), true);
            }
            case Verdict.Refused refused ->
                    refuse(
                            request,
                            flow,
                            refused.answer().status(),
                            EndReason.UNAUTHENTICATED,
                            Credentials.refusal(refused),
                            refused.answer().headers());
        }
    }

    /** RFC 3261 §10.3 steps 4 and 5: nobody registers for another. */
    private void accepted(RequestId request, SipRequest register, Flow flow, String account) {
        SipUri record = register.to().uri();
        boolean own =
                account.equals(record.user())
                        && (domains.isEmpty()
                                || domains.stream().anyMatch(record.host()::equalsIgnoreCase));
        if (!own) {
            String why = "An account registers its own address alone.";
            RegistrarLog.refused(account, flow, why);
            note(flow, EndReason.NOT_ALLOWED, why);
            respond(request, 403, null, List.of(), false);
            return;
        }
        feed(new RegistrarInput.Register(account, register, flow), new Told(request, flow));
    }

    private void feed(RegistrarInput input, RegistrarOutbox outbox) {
        registrar.handle(input, signal.nanoTime(), outbox);
        counters.phonesRegistered(registrar.size());
        arm();
    }

    private void arm() {
        long next = registrar.nextDeadlineNanos();
        if (next == dueNanos) {
            return;
        }
        if (due != null) {
            due.cancel();
            due = null;
        }
        dueNanos = next;
        if (next != Long.MAX_VALUE) {
            due =
                    signal.after(
                            Duration.ofNanos(Math.max(0, next - signal.nanoTime())),
                            () -> {
                                due = null;
                                dueNanos = Long.MAX_VALUE;
                                feed(new RegistrarInput.DeadlineReached(), new Told(null, null));
                            });
        }
    }

    /** Who forges the source of datagrams uses up no share of those who connect from there. */
    private UnprovenSources unproven(Flow flow) {
        return flow.transport() == TransportKind.UDP ? datagrams : connections;
    }

    private void refuse(
            RequestId request,
            Flow flow,
            int status,
            EndReason reason,
            String why,
            List<HeaderField> headers) {
        note(flow, reason, why);
        respond(request, status, null, headers, true);
    }

    private void note(Flow flow, EndReason reason, String detail) {
        counters.sipRefusal(reason);
        refusals.add(flow, "REGISTER", reason.label(), detail, signal.now());
    }

    private void respond(
            RequestId request,
            int status,
            @Nullable String phrase,
            List<HeaderField> headers,
            boolean once) {
        sip.command(new SipCommand.Respond(request, status, phrase, headers, null, once));
    }

    /** Carries out what the registrar says. */
    private final class Told implements RegistrarOutbox {
        private final @Nullable RequestId request;
        private final @Nullable Flow flow;

        Told(@Nullable RequestId request, @Nullable Flow flow) {
            this.request = request;
            this.flow = flow;
        }

        @Override
        public void answer(
                Answer why, int status, @Nullable String phrase, List<HeaderField> headers) {
            counters.register(why);
            if (flow != null && status != 200) {
                note(flow, why == Answer.FULL ? EndReason.LIMIT : EndReason.MALFORMED, word(why));
            }
            if (request != null) {
                List<HeaderField> all = new ArrayList<>(headers);
                if (status == 200) {
                    all.add(new HeaderField("Date", DATE.format(signal.now())));
                }
                respond(request, status, phrase, all, false);
            }
        }

        private static String word(Answer why) {
            return switch (why) {
                case TOO_BRIEF -> "asked for less time than a registration must last";
                case OUT_OF_ORDER -> "older than what is registered";
                case FULL -> "as many phones are registered as there may be";
                case MALFORMED -> "Contact or Expires make no sense";
                case BOUND, REMOVED, QUERIED -> "";
            };
        }

        @Override
        public void bound(Binding binding, boolean fresh) {
            long nanos = binding.expiresAtNanos() - signal.nanoTime();
            RegistrarLog.bound(binding, fresh, Math.round(nanos / 1e9));
        }

        @Override
        public void unbound(Binding binding, Unbound why) {
            counters.phoneGone(why);
            RegistrarLog.unbound(binding, why);
        }

        @Override
        public void keepAlive(Flow to) {
            sip.command(new SipCommand.KeepAlive(to));
        }
    }
}
