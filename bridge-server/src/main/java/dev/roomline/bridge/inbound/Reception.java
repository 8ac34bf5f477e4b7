package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.Admission;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.Rooms.Entry;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trunk.TrunkMatcher;
import dev.roomline.sip.auth.Attempt;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.Examination;
import dev.roomline.sip.auth.Ha1;
import dev.roomline.sip.auth.Verdict;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The door for calls that come in:
 *
 * <pre>
 *   limits ─ headers ─ trunk? ──────────────────────┬─ target ─ room ─ allowed? ─ admitted
 *                        └─ digest: account? ───────┘
 * </pre>
 *
 * Nothing about rooms is looked at, let alone told, before it is known who calls. Owner: the
 * signalling loop.
 */
public final class Reception implements Doorkeeper {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final String ALL = "*";

    private final InboundSettings settings;
    private final TrunkMatcher trunks;
    private final DigestGuard guard;
    private final AccountBook accounts;
    private final CodeBook codes;
    private final RoomDirectory directory;
    private final LiveLoad load;
    private final Signal signal;
    private final InviteRate rate;

    public Reception(
            InboundSettings settings,
            TrunkMatcher trunks,
            DigestGuard guard,
            AccountBook accounts,
            CodeBook codes,
            RoomDirectory directory,
            LiveLoad load,
            Signal signal) {
        this.settings = settings;
        this.trunks = trunks;
        this.guard = guard;
        this.accounts = accounts;
        this.codes = codes;
        this.directory = directory;
        this.load = load;
        this.signal = signal;
        this.rate = new InviteRate(settings.invitesPerSecond(), signal.nanoTime());
    }

    /** One caller on its way through the door. */
    private record Visit(
            SipRequest invite, Flow flow, CallTrace trace, CompletableFuture<Screening> outcome) {

        void turnAway(CallEnd end) {
            outcome.complete(new Screening.TurnedAway(end));
        }
    }

    /** Who vouches for the caller: exactly one of the two. */
    private record Voucher(@Nullable Trunk trunk, @Nullable AccountRow account) {
        List<String> rooms() {
            if (trunk != null) {
                return trunk.rooms();
            }
            return account == null ? List.of() : account.rooms();
        }

        String text() {
            return trunk != null ? "trunk " + trunk.name() : "the account";
        }
    }

    @Override
    public CompletionStage<Screening> screen(SipRequest invite, Flow flow, CallTrace trace) {
        Visit visit = new Visit(invite, flow, trace, new CompletableFuture<>());
        Optional<CallEnd> limit = limit(visit);
        if (limit.isPresent()) {
            visit.turnAway(limit.get());
        } else {
            identify(visit);
        }
        return visit.outcome();
    }

    /** What costs nothing to refuse comes first. */
    private Optional<CallEnd> limit(Visit visit) {
        if (load.draining()) {
            return Optional.of(unavailable(visit, EndReason.DRAINING, "the server is draining"));
        }
        if (!rate.take(signal.nanoTime())) {
            return Optional.of(
                    unavailable(visit, EndReason.LIMIT, "limits.invites_per_second is reached"));
        }
        if (settings.maxCalls() > 0 && load.calls() >= settings.maxCalls()) {
            return Optional.of(unavailable(visit, EndReason.LIMIT, "limits.max_calls is reached"));
        }
        // read here only to refuse a malformed one; who is believed is not known yet
        return switch (CallerName.read(visit.invite(), null, true)) {
            case CallerName.Reading.Read _ -> Optional.empty();
            case CallerName.Reading.Malformed(String fault) -> {
                decided(visit, "name", fault);
                yield Optional.of(CallEnd.of(EndReason.MALFORMED, fault));
            }
        };
    }

    private CallEnd unavailable(Visit visit, EndReason reason, String why) {
        decided(visit, "limit", why);
        return CallEnd.unavailable(reason, reason.sentence(), RETRY_AFTER);
    }

    private void identify(Visit visit) {
        Target target = Target.of(visit.invite().requestUri(), settings.domains());
        Optional<String> called =
                target instanceof Target.Dialled(String number)
                        ? Optional.of(number)
                        : Optional.empty();
        InetAddress source = visit.flow().remote().getAddress();
        TrunkMatcher.Match match = trunks.match(source, visit.invite(), called);
        match.why().forEach(why -> decided(visit, "trunk", why));
        if (match.trunk() != null) {
            known(visit, new Voucher(match.trunk(), null), target);
            return;
        }
        if (match.why().isEmpty()) {
            decided(visit, "trunk", "no trunk allows " + source.getHostAddress());
        }
        switch (guard.examine(visit.invite(), source, signal.nanoTime())) {
            case Examination.Decided(Verdict verdict) -> judged(visit, verdict, null, target);
            case Examination.LookUp(String username, Attempt attempt) ->
                    signal.whenDone(
                            accounts.byUsername(username),
                            (account, failure) -> {
                                if (account == null) {
                                    storeFailed(visit, "the account", failure);
                                } else {
                                    verify(visit, attempt, account.orElse(null), target);
                                }
                            });
        }
    }

    private void storeFailed(Visit visit, String what, @Nullable Throwable failure) {
        decided(visit, "store", what + " could not be looked up: " + failure);
        visit.turnAway(
                CallEnd.unavailable(
                        EndReason.OVERLOADED, "The store does not answer.", RETRY_AFTER));
    }

    private void verify(Visit visit, Attempt attempt, @Nullable AccountRow account, Target target) {
        Ha1 ha1 = account == null ? null : new Ha1(account.ha1Md5(), account.ha1Sha256());
        judged(visit, guard.verify(attempt, ha1, signal.nanoTime()), account, target);
    }

    private void judged(Visit visit, Verdict verdict, @Nullable AccountRow account, Target target) {
        String outcome = verdict.outcome().name().toLowerCase(Locale.ROOT);
        decided(visit, "credentials", outcome.replace('_', ' '));
        switch (verdict) {
            case Verdict.Accepted _ -> known(visit, new Voucher(null, account), target);
            case Verdict.Challenged challenged ->
                    visit.outcome()
                            .complete(
                                    new Screening.Challenged(
                                            challenged.answer().status(),
                                            challenged.answer().headers()));
            case Verdict.Refused refused -> {
                CallEnd end = CallEnd.of(EndReason.UNAUTHENTICATED);
                for (var header : refused.answer().headers()) {
                    end = end.with(header);
                }
                visit.turnAway(end);
            }
        }
    }

    /** It is known who calls: from here on a refusal is a call with a record. */
    private void known(Visit visit, Voucher voucher, Target target) {
        CallerName name = name(visit, voucher, true);
        Caller caller = caller(visit, voucher, name);
        Trunk trunk = voucher.trunk();
        if (trunk != null
                && trunk.maxCalls() > 0
                && load.callsOfTrunk(trunk.id()) >= trunk.maxCalls()) {
            CallEnd full = unavailable(visit, EndReason.LIMIT, "the trunk's max_calls is reached");
            visit.outcome().complete(new Screening.Refused(full, caller));
            return;
        }
        switch (target) {
            case Target.Code(String code) -> enter(visit, voucher, caller, code);
            case Target.Dialled(String number) -> {
                Optional<Route> route = route(number, voucher);
                if (route.isPresent()
                        && !route.get().room().isEmpty()
                        && !route.get().room().equals("new")) {
                    decided(visit, "target", "routes lead the number into a room");
                    enter(visit, voucher, caller, route.get().room());
                } else if (route.isEmpty() && CodeBook.isCode(number)) {
                    // a code of one's own may be digits alone
                    decided(visit, "target", "no route for the number; taken as a room code");
                    enter(visit, voucher, caller, number);
                } else {
                    unknown(visit, caller, "no route leads the number into a room");
                }
            }
            case Target.Nowhere(String why) -> unknown(visit, caller, why);
            case Target.UnservedScheme(String scheme) -> {
                decided(visit, "target", "scheme " + scheme + " is not served");
                CallEnd end = CallEnd.of(EndReason.MALFORMED, "Only sip, sips and tel are served.");
                visit.outcome().complete(new Screening.Refused(end.answered(416), caller));
            }
        }
    }

    private Optional<Route> route(String number, Voucher voucher) {
        Trunk trunk = voucher.trunk();
        return settings.routes().stream()
                .filter(route -> plain(route.number()).equals(plain(number)))
                .filter(
                        route ->
                                route.trunk().isEmpty()
                                        || (trunk != null && route.trunk().equals(trunk.id())))
                .findFirst();
    }

    private static String plain(String number) {
        return number.startsWith("+") ? number.substring(1) : number;
    }

    private void enter(Visit visit, Voucher voucher, Caller caller, String code) {
        signal.whenDone(
                codes.enter(code),
                (entry, failure) -> {
                    if (entry == null) {
                        decided(visit, "store", "the room could not be looked up: " + failure);
                        CallEnd end =
                                CallEnd.unavailable(
                                        EndReason.OVERLOADED,
                                        "The store does not answer.",
                                        RETRY_AFTER);
                        visit.outcome().complete(new Screening.Refused(end, caller));
                    } else if (entry.isEmpty()) {
                        unknown(visit, caller, "no room has this code");
                    } else {
                        found(visit, voucher, caller, entry.get());
                    }
                });
    }

    private void found(Visit visit, Voucher voucher, Caller caller, Entry entry) {
        Caller inside = caller.into(entry.room().id());
        Optional<String> closed = closed(entry);
        if (closed.isPresent()) {
            unknown(visit, inside, closed.get());
            return;
        }
        if (!mayEnter(voucher, entry)) {
            decided(visit, "room", voucher.text() + " may not enter this room");
            CallEnd end = CallEnd.of(EndReason.NOT_ALLOWED);
            visit.outcome().complete(new Screening.Refused(end, inside));
            return;
        }
        if (directory.ownerOf(entry.room().id())
                instanceof RoomDirectory.Owner.Elsewhere(String node)) {
            CallEnd end =
                    CallEnd.unavailable(
                            EndReason.OVERLOADED,
                            "The room is served by " + node + ".",
                            RETRY_AFTER);
            visit.outcome().complete(new Screening.Refused(end, inside));
            return;
        }
        if (settings.maxCalls() > 0 && load.calls() >= settings.maxCalls()) {
            CallEnd end = unavailable(visit, EndReason.LIMIT, "limits.max_calls is reached");
            visit.outcome().complete(new Screening.Refused(end, inside));
            return;
        }
        admit(visit, voucher, entry);
    }

    private void admit(Visit visit, Voucher voucher, Entry entry) {
        CallerName name = name(visit, voucher, entry.room().hideNumbers());
        decided(visit, "name", "from the " + name.basis());
        decided(
                visit,
                "room",
                voucher.text()
                        + " may enter room "
                        + entry.room().name()
                        + " as "
                        + entry.code().role());
        Trunk trunk = voucher.trunk();
        visit.outcome()
                .complete(
                        new Screening.Admitted(
                                new Admission(
                                        caller(visit, voucher, name).into(entry.room().id()),
                                        entry.room(),
                                        entry.code().role(),
                                        trunk == null
                                                ? List.of()
                                                : trunk.mediaAllow().stream()
                                                        .map(Cidr::toString)
                                                        .toList(),
                                        trunk == null ? List.of() : trunk.codecs(),
                                        trunk == null ? Map.of() : trunk.answerHeaders())));
    }

    /** Why a code that exists leads no phone anywhere. */
    private static Optional<String> closed(Entry entry) {
        if (!entry.code().enabled()) {
            return Optional.of("the room code is disabled");
        }
        if (entry.code().entry().equals("browser")) {
            return Optional.of("the room code is for browsers only (entry: browser)");
        }
        if (!entry.code().pin().isEmpty()) {
            return Optional.of("the room code wants a PIN, which a SIP address cannot carry");
        }
        return Optional.empty();
    }

    private static boolean mayEnter(Voucher voucher, Entry entry) {
        List<String> rooms = voucher.rooms();
        return rooms.contains(ALL)
                || rooms.contains(entry.room().id())
                || entry.room().codes().stream()
                        .anyMatch(code -> rooms.stream().anyMatch(code.code()::equalsIgnoreCase));
    }

    private void unknown(Visit visit, Caller caller, String why) {
        decided(visit, "room", why);
        CallEnd end = CallEnd.of(EndReason.UNKNOWN_ROOM);
        visit.outcome().complete(new Screening.Refused(end, caller));
    }

    private CallerName name(Visit visit, Voucher voucher, boolean hideNumbers) {
        NameAddr asserted = voucher.trunk() == null ? null : AssertedIdentity.of(visit.invite());
        return switch (CallerName.read(visit.invite(), asserted, hideNumbers)) {
            case CallerName.Reading.Read(CallerName name) -> name;
            case CallerName.Reading.Malformed(String fault) ->
                    throw new IllegalStateException("checked at the door: " + fault);
        };
    }

    private static Caller caller(Visit visit, Voucher voucher, CallerName name) {
        String user = visit.invite().requestUri().user();
        return new Caller(
                name.from(),
                user == null ? "" : user,
                name.displayName(),
                name.userId(),
                name.attributes(),
                voucher.trunk() == null ? null : voucher.trunk().id(),
                voucher.account() == null ? null : voucher.account().username(),
                null);
    }

    private void decided(Visit visit, String about, String text) {
        visit.trace().decided(signal.now(), about, text);
    }
}
