package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trunk.TrunkMatcher;
import dev.roomline.sip.auth.Attempt;
import dev.roomline.sip.auth.AuthOutcome;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.Examination;
import dev.roomline.sip.auth.Ha1;
import dev.roomline.sip.auth.Verdict;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
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

    private final InboundSettings settings;
    private final Dialplan dialplan;
    private final DigestGuard guard;
    private final AccountBook accounts;
    private final OwnRooms ownRooms;
    private final Placement placement;
    private final LiveLoad load;
    private final Signal signal;
    private final UnprovenSources datagrams = new UnprovenSources();
    private final UnprovenSources connections = new UnprovenSources();

    public Reception(
            InboundSettings settings,
            Dialplan dialplan,
            Redaction secrets,
            DigestGuard guard,
            AccountBook accounts,
            CodeBook codes,
            RoomDirectory directory,
            LiveLoad load,
            Signal signal,
            RouteHook hook) {
        this.settings = settings;
        this.dialplan = dialplan;
        this.guard = guard;
        this.accounts = accounts;
        this.ownRooms = new OwnRooms(codes, signal);
        this.placement =
                new Placement(
                        dialplan,
                        codes,
                        ownRooms,
                        new Entrance(settings, ownRooms, directory, load, signal, secrets),
                        signal,
                        hook);
        this.load = load;
        this.signal = signal;
    }

    @Override
    public CompletionStage<Screening> screen(
            SipRequest invite, Flow flow, CallTrace trace, @Nullable Caller leaving) {
        Visit visit = new Visit(invite, flow, trace, leaving, signal, new CompletableFuture<>());
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
        if (settings.maxCalls() > 0 && load.callsBeside(visit.leaving()) >= settings.maxCalls()) {
            return Optional.of(unavailable(visit, EndReason.LIMIT, "limits.max_calls is reached"));
        }
        return CallerName.fault(visit.invite())
                .map(
                        fault -> {
                            visit.decided("name", fault);
                            return CallEnd.of(EndReason.MALFORMED, fault);
                        });
    }

    private CallEnd unavailable(Visit visit, EndReason reason, String why) {
        visit.decided("limit", why);
        return CallEnd.unavailable(reason);
    }

    private void identify(Visit visit) {
        Target target = Target.of(visit.invite().requestUri(), settings.domains());
        Optional<String> called =
                target instanceof Target.Dialled dialled
                        ? Optional.of(dialled.number())
                        : Optional.empty();
        InetAddress source = visit.flow().remote().getAddress();
        TrunkMatcher.Match match = dialplan.match(source, visit.invite(), called);
        match.why().forEach(why -> visit.decided("trunk", why));
        if (match.trunk() != null) {
            placement.place(visit, new Voucher(match.trunk(), null), target);
            return;
        }
        switch (guard.examine(visit.invite(), source, signal.nanoTime())) {
            case Examination.Decided(Verdict verdict) -> {
                if (unproven(visit.flow()).take(source, signal.nanoTime())) {
                    judged(visit, verdict, null, target, match.near());
                } else {
                    String why = "too many calls from a source that proves nothing";
                    visit.turnAway(unavailable(visit, EndReason.LIMIT, why));
                }
            }
            // a fresh nonce of ours: where it says it is, there it is; it costs no share
            case Examination.LookUp(String username, Attempt attempt) ->
                    signal.whenKnown(
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

    /** Who forges the source of datagrams uses up no share of those who connect from there. */
    private UnprovenSources unproven(Flow flow) {
        return flow.transport() == TransportKind.UDP ? datagrams : connections;
    }

    private void storeFailed(Visit visit, String what, @Nullable Throwable failure) {
        visit.decided("store", what + " could not be looked up: " + failure);
        visit.turnAway(CallEnd.storeAway());
    }

    private void verify(Visit visit, Attempt attempt, @Nullable AccountRow account, Target target) {
        Ha1 ha1 = account == null ? null : new Ha1(account.ha1Md5(), account.ha1Sha256());
        Verdict verdict = guard.verify(attempt, ha1, signal.nanoTime());
        judged(visit, verdict, account, target, "");
    }

    private void judged(
            Visit visit,
            Verdict verdict,
            @Nullable AccountRow account,
            Target target,
            String near) {
        AuthOutcome outcome = verdict.outcome();
        visit.decided("credentials", Credentials.words(outcome, account));
        switch (verdict) {
            case Verdict.Accepted _ -> {
                unproven(visit.flow()).proved(visit.flow().remote().getAddress());
                placement.place(visit, new Voucher(null, account), target);
            }
            case Verdict.Challenged challenged ->
                    visit.outcome()
                            .complete(
                                    new Screening.Challenged(
                                            challenged.answer().status(),
                                            challenged.answer().headers(),
                                            Credentials.failure(outcome),
                                            outcome == AuthOutcome.NO_CREDENTIALS ? near : ""));
            case Verdict.Refused refused -> {
                CallEnd end = CallEnd.of(EndReason.UNAUTHENTICATED, Credentials.refusal(refused));
                for (var header : refused.answer().headers()) {
                    end = end.with(header);
                }
                visit.turnAway(end);
            }
        }
    }

    @Override
    public CompletionStage<Void> leftOwnRoom(String roomId) {
        return ownRooms.delete(roomId);
    }
}
