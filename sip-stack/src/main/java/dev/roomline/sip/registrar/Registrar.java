package dev.roomline.sip.registrar;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.registrar.RegistrarOutbox.Answer;
import dev.roomline.sip.registrar.RegistrarOutbox.Unbound;
import dev.roomline.sip.transaction.TimerQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which phones each account has, and on which road each is reached: RFC 3261 §10.3 from step 6 on.
 * All of a REGISTER takes effect, or nothing of it. Bindings are kept in memory alone. Owner: the
 * signalling loop. Sans-IO.
 *
 * <pre>
 *  REGISTER ─┬─ no Contact ───────── 200, what there is
 *            ├─ unreadable, * with a time ── 400
 *            ├─ too short a time ─── 423, Min-Expires
 *            ├─ older than known ─── 500
 *            └─ bound, refreshed, taken back ── 200, what there is now
 *  a binding ends: taken back, not refreshed, its connection closed, one too many, account gone
 * </pre>
 */
public final class Registrar {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long MAX_EXPIRES = 0xffffffffL;
    private static final int MAX_USER_AGENT = 120;

    private final RegistrarLimits limits;
    private final TimerQueue timers = new TimerQueue();
    private final Map<String, List<Held>> accounts = new HashMap<>();
    private final Map<Long, Set<Held>> byConnection = new HashMap<>();
    private int bound;
    private RegistrarOutbox outbox = new Silent();

    /** A binding with what its next REGISTER is compared to. */
    private static final class Held {
        Binding binding;
        ContactList.Entry entry;
        String callId = "";
        long cseq;
        TimerQueue.@Nullable Timer expiry;
        TimerQueue.@Nullable Timer keepAlive;

        Held(Binding binding, ContactList.Entry entry) {
            this.binding = binding;
            this.entry = entry;
        }

        void stop() {
            if (expiry != null) {
                expiry.cancel();
            }
            if (keepAlive != null) {
                keepAlive.cancel();
            }
        }
    }

    /** One Contact of a REGISTER: what it asks, and which binding it is about. */
    private record Wish(ContactList.Entry entry, long seconds, @Nullable Held held) {}

    public Registrar(RegistrarLimits limits) {
        this.limits = limits;
    }

    public void handle(RegistrarInput input, long nowNanos, RegistrarOutbox to) {
        outbox = to;
        timers.expire(nowNanos);
        switch (input) {
            case RegistrarInput.Register(String account, SipRequest request, Flow flow) ->
                    register(account, request, flow, nowNanos);
            case RegistrarInput.FlowEnded(long connection) ->
                    List.copyOf(byConnection.getOrDefault(connection, Set.of()))
                            .forEach(held -> unbind(held, Unbound.FLOW_ENDED));
            case RegistrarInput.Forget(String account) ->
                    List.copyOf(held(account)).forEach(held -> unbind(held, Unbound.FORGOTTEN));
            case RegistrarInput.DeadlineReached _ -> {}
        }
    }

    /** {@link Long#MAX_VALUE} while nobody is registered. */
    public long nextDeadlineNanos() {
        return timers.nextDeadlineNanos();
    }

    /** Where the account is reached: the most preferred first, then the latest heard of. */
    public List<Binding> bindings(String account) {
        return held(account).stream()
                .map(held -> held.binding)
                .sorted(
                        Comparator.comparingInt(Binding::preference)
                                .thenComparingLong(Binding::expiresAtNanos)
                                .reversed())
                .toList();
    }

    /** How many there are of all accounts. */
    public int size() {
        return bound;
    }

    /** Whether a phone is reached by this connection alone. */
    public boolean needs(long connection) {
        return byConnection.containsKey(connection);
    }

    private void register(String account, SipRequest request, Flow flow, long nowNanos) {
        switch (ContactList.of(request)) {
            case ContactList.Reading.Unreadable(String fault) -> malformed(fault);
            case ContactList.Reading.All _ -> removeAll(account, request, nowNanos);
            case ContactList.Reading.Entries(List<ContactList.Entry> entries)
                    when entries.isEmpty() ->
                    accepted(Answer.QUERIED, account, nowNanos);
            case ContactList.Reading.Entries(List<ContactList.Entry> entries) -> {
                List<Wish> wishes = new ArrayList<>(entries.size());
                if (understood(account, request, flow, entries, wishes)) {
                    fulfil(account, request, flow, wishes, nowNanos);
                }
            }
        }
    }

    /** §10.3 step 6: {@code *} goes with {@code Expires: 0} and with nothing else. */
    private void removeAll(String account, SipRequest request, long nowNanos) {
        if (headerSeconds(request) != 0) {
            malformed("Contact: * without Expires: 0");
            return;
        }
        List<Held> all = List.copyOf(held(account));
        if (all.stream().anyMatch(held -> isOlder(request, held))) {
            outOfOrder();
            return;
        }
        all.forEach(held -> unbind(held, Unbound.REMOVED));
        accepted(Answer.REMOVED, account, nowNanos);
    }

    /** Reads what each Contact asks for; false if the whole is refused, which is answered then. */
    private boolean understood(
            String account,
            SipRequest request,
            Flow flow,
            List<ContactList.Entry> entries,
            List<Wish> wishes) {
        long general = headerSeconds(request);
        int more = 0;
        for (ContactList.Entry entry : entries) {
            if (!Contacts.isServed(entry.nameAddr().uri())) {
                malformed("Bad Contact: only sip and sips are served");
                return false;
            }
            long asked = entry.expiresSeconds() >= 0 ? entry.expiresSeconds() : general;
            if (asked > 0 && asked < limits.minSeconds()) {
                outbox.answer(
                        Answer.TOO_BRIEF,
                        423,
                        null,
                        List.of(
                                new HeaderField(
                                        "Min-Expires", Integer.toString(limits.minSeconds()))));
                return false;
            }
            Held held = find(account, entry, flow).orElse(null);
            if (held != null && isOlder(request, held)) {
                outOfOrder();
                return false;
            }
            more += held == null && asked > 0 ? 1 : 0;
            wishes.add(new Wish(entry, Math.min(asked, limits.maxSeconds()), held));
        }
        if (more > limits.perAccount()) {
            malformed("More Contacts than an account may have");
            return false;
        }
        if (bound + more > limits.bindings()) {
            outbox.answer(Answer.FULL, 503, null, List.of(new HeaderField("Retry-After", "60")));
            return false;
        }
        return true;
    }

    private void fulfil(
            String account, SipRequest request, Flow flow, List<Wish> wishes, long nowNanos) {
        boolean anyBound = false;
        for (Wish wish : wishes) {
            Held held = wish.held();
            if (wish.seconds() > 0) {
                anyBound = true;
                bind(account, request, flow, wish, nowNanos);
            } else if (held != null) {
                unbind(held, Unbound.REMOVED);
            }
        }
        accepted(anyBound ? Answer.BOUND : Answer.REMOVED, account, nowNanos);
    }

    private void bind(String account, SipRequest request, Flow flow, Wish wish, long nowNanos) {
        ContactList.Entry entry = wish.entry();
        Binding binding =
                new Binding(
                        account,
                        entry.uriText(),
                        flow,
                        entry.preference(),
                        shortened(request.header("User-Agent").orElse("")),
                        nowNanos + wish.seconds() * NANOS_PER_SECOND);
        Held held = wish.held();
        // a REGISTER may name one phone twice
        if (held == null) {
            held = find(account, entry, flow).orElse(null);
        }
        boolean fresh = held == null;
        if (held == null) {
            makeRoom(account);
            held = new Held(binding, entry);
            accounts.computeIfAbsent(account, _ -> new ArrayList<>(2)).add(held);
            bound++;
        } else {
            held.stop();
            leaveConnection(held);
        }
        held.binding = binding;
        held.entry = entry;
        held.callId = request.callId();
        held.cseq = request.cseq();
        keep(held, nowNanos);
        outbox.bound(binding, fresh);
    }

    private void keep(Held held, long nowNanos) {
        Binding binding = held.binding;
        Flow flow = binding.flow();
        if (flow.connection() != 0) {
            byConnection.computeIfAbsent(flow.connection(), _ -> new HashSet<>(2)).add(held);
        }
        held.expiry = timers.schedule(binding.expiresAtNanos(), _ -> unbind(held, Unbound.EXPIRED));
        if (flow.transport() == TransportKind.UDP
                && flow.isRewritten(held.entry.nameAddr().uri())) {
            keepAliveAfter(held, nowNanos);
        }
    }

    private void keepAliveAfter(Held held, long nowNanos) {
        held.keepAlive =
                timers.schedule(
                        nowNanos + limits.keepAliveSeconds() * NANOS_PER_SECOND,
                        now -> {
                            outbox.keepAlive(held.binding.flow());
                            keepAliveAfter(held, now);
                        });
    }

    /** Phones that come back under another address each day must not lock their account out. */
    private void makeRoom(String account) {
        List<Held> all = held(account);
        if (all.size() >= limits.perAccount()) {
            unbind(
                    all.stream()
                            .min(Comparator.comparingLong(held -> held.binding.expiresAtNanos()))
                            .orElseThrow(),
                    Unbound.REPLACED);
        }
    }

    private void unbind(Held held, Unbound why) {
        String account = held.binding.account();
        List<Held> all = accounts.get(account);
        if (all == null || !all.remove(held)) {
            return;
        }
        if (all.isEmpty()) {
            accounts.remove(account);
        }
        bound--;
        held.stop();
        leaveConnection(held);
        outbox.unbound(held.binding, why);
    }

    private void leaveConnection(Held held) {
        long connection = held.binding.flow().connection();
        Set<Held> others = byConnection.get(connection);
        if (others != null && others.remove(held) && others.isEmpty()) {
            byConnection.remove(connection);
        }
    }

    private Optional<Held> find(String account, ContactList.Entry entry, Flow flow) {
        return held(account).stream()
                .filter(held -> Contacts.same(entry, flow, held.entry, held.binding.flow()))
                .findFirst();
    }

    private List<Held> held(String account) {
        return accounts.getOrDefault(account, List.of());
    }

    /** §10.3 step 7: of one Call-ID only what is newer than what it brought before. */
    private static boolean isOlder(SipRequest request, Held held) {
        return request.callId().equals(held.callId) && request.cseq() <= held.cseq;
    }

    /** Of a Contact without a time of its own; what cannot be read is no wish (§20.19). */
    private long headerSeconds(SipRequest request) {
        String value = request.header("Expires").orElse("").strip();
        boolean number = !value.isEmpty() && value.length() <= 10;
        for (int i = 0; i < value.length(); i++) {
            number &= value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        return number ? Math.min(MAX_EXPIRES, Long.parseLong(value)) : limits.maxSeconds();
    }

    /** §10.3 step 8: all that there is now, each with the time that it has left. */
    private void accepted(Answer why, String account, long nowNanos) {
        List<HeaderField> headers = new ArrayList<>();
        for (Binding binding : bindings(account)) {
            long left = binding.expiresAtNanos() - nowNanos;
            long seconds = (left + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
            headers.add(
                    new HeaderField(
                            "Contact", '<' + binding.contactUri() + ">;expires=" + seconds));
        }
        outbox.answer(why, 200, null, headers);
    }

    private void malformed(String fault) {
        outbox.answer(Answer.MALFORMED, 400, fault, List.of());
    }

    private void outOfOrder() {
        outbox.answer(Answer.OUT_OF_ORDER, 500, "CSeq Out Of Order", List.of());
    }

    private static String shortened(String text) {
        return text.length() <= MAX_USER_AGENT ? text : text.substring(0, MAX_USER_AGENT);
    }

    private static final class Silent implements RegistrarOutbox {
        @Override
        public void answer(
                Answer why, int status, @Nullable String phrase, List<HeaderField> headers) {}

        @Override
        public void bound(Binding binding, boolean fresh) {}

        @Override
        public void unbound(Binding binding, Unbound why) {}

        @Override
        public void keepAlive(Flow flow) {}
    }
}
