package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.DialogOver;
import dev.roomline.bridge.call.CallEvent.Moved;
import dev.roomline.bridge.call.CallEvent.NextWay;
import dev.roomline.bridge.call.CallEvent.PickedUp;
import dev.roomline.bridge.call.CallEvent.Turn;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Tried;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * How an INVITE of a call that we place ended, and what follows: the answer, the carrier's other
 * address, another way, or the end of the call. Owner: the signalling loop.
 */
final class InviteOutcome {
    private static final int UNAVAILABLE = 503;

    private final RouteAdvance route;
    private final EarlyMedia early;
    private final BiConsumer<String, String> decided;
    private final Consumer<CallEnd> passedOn;
    private int refusedWith;

    /**
     * @param decided told what was decided, and about what
     * @param passedOn told of each way that failed and is followed by another
     */
    InviteOutcome(
            RouteAdvance route,
            EarlyMedia early,
            BiConsumer<String, String> decided,
            Consumer<CallEnd> passedOn) {
        this.route = route;
        this.early = early;
        this.decided = decided;
        this.passedOn = passedOn;
    }

    /** The status of the far end's last refusal; 0 where there was none. */
    int refusedWith() {
        return refusedWith;
    }

    /**
     * @param rang the far end has said that it rings: no other is called any more
     */
    CallEvent of(ClientEvent.Ending ending, State state, boolean rang) {
        return switch (ending) {
            case ClientEvent.Answered answered -> answered(answered);
            case ClientEvent.Refused(var _, SipResponse response, var tried) -> {
                triedInVain(tried);
                CallEnd end = CarrierEnd.of(response, route.way().account() != null);
                refusedWith = response.status();
                if (response.status() == UNAVAILABLE) {
                    yield elsewhere(end, state, rang);
                }
                yield CarrierEnd.mayTryAnother(response)
                        ? failed(end, state, rang)
                        : new DialogOver(end);
            }
            case ClientEvent.Redirected(var _, SipResponse response, var contacts) ->
                    redirected(response, contacts, state);
            case ClientEvent.NotAuthorized refused -> {
                refusedWith = refused.response().status();
                yield new DialogOver(CarrierEnd.of(refused));
            }
            case ClientEvent.Unreachable(var _, var tried) ->
                    elsewhere(CarrierEnd.unreachable(tried), state, rang);
            case ClientEvent.Cancelled(var _, ClientEvent.CancelEnd how) -> {
                decided.accept("end", "the INVITE was given up: " + words(how));
                yield new DialogOver(CallEnd.of(EndReason.CANCELLED));
            }
        };
    }

    private static String words(ClientEvent.CancelEnd how) {
        return switch (how) {
            case NEVER_SENT -> "it had not left";
            case CONFIRMED -> "the far end confirmed it";
            case ANSWERED_MEANWHILE -> "the far end answered first, and was hung up";
            case UNCONFIRMED -> "the far end never confirmed it";
        };
    }

    /** What the 2xx describes holds, or what its early dialog did before. */
    private PickedUp answered(ClientEvent.Answered answered) {
        triedInVain(answered.tried());
        byte[] sdp =
                SessionBody.of(answered.response().body())
                                instanceof SessionBody.Description(byte[] said)
                        ? said
                        : early.description(answered.tag());
        return new PickedUp(sdp, answered.flow().remote(), answered.tag());
    }

    private void triedInVain(List<Tried> tried) {
        if (!tried.isEmpty()) {
            decided.accept("trunk", "tried in vain before: " + CarrierEnd.words(tried));
        }
    }

    /** RFC 3263 §4.3: to the way's next address, which another offer is for, or another way. */
    private CallEvent elsewhere(CallEnd end, State state, boolean rang) {
        Optional<Road> other =
                rang || state != State.DIALING ? Optional.empty() : route.otherFamily();
        return other.<CallEvent>map(
                        road -> {
                            String where = Addresses.hostPort(road.remote());
                            decided.accept(
                                    "trunk", end.text() + " With another offer on to " + where);
                            return new Turn(road);
                        })
                .orElseGet(() -> failed(end, state, rang));
    }

    /** A failure after which another may be called; never once the far end rang. */
    CallEvent failed(CallEnd end, State state, boolean rang) {
        refusedWith = end.sipStatus();
        if (!rang) {
            route.passOverClosed();
        }
        boolean dialling = state == State.DIALING || state == State.QUEUED;
        if (rang || route.isLast() || !dialling) {
            return new DialogOver(end);
        }
        decided.accept("trunk", route.way().label() + " failed: " + end.text());
        passedOn.accept(end);
        return new NextWay();
    }

    /**
     * Nobody answered in time: whose fault that is depends on how far it came.
     *
     * @param silent nothing was heard since the INVITE left
     */
    CallEnd unanswered(State state, boolean rang, boolean silent, Duration after) {
        String within = " within " + after.toSeconds() + " s.";
        return switch (state) {
            case SCREENING -> CallEnd.storeAway();
            case QUEUED ->
                    route.hadItsTurn()
                            ? CarrierEnd.notFound(route.way().hop().host(), within)
                            : CarrierEnd.notItsTurn(within);
            case DIALING, EARLY_OFFER ->
                    CarrierEnd.unanswered(rang, silent && route.way().account() == null, within);
            default -> CallEnd.of(EndReason.NO_ANSWER, "Nobody answered" + within);
        };
    }

    private CallEvent redirected(
            SipResponse response, List<ContactList.Entry> contacts, State state) {
        String host = contacts.isEmpty() ? "" : contacts.getFirst().nameAddr().uri().host();
        route.wasThere();
        if (state == State.DIALING || state == State.EARLY_OFFER) {
            if (route.follow(contacts)) {
                return new Moved();
            }
            refusedWith = response.status();
        }
        return new DialogOver(CarrierEnd.redirected(response, host));
    }
}
