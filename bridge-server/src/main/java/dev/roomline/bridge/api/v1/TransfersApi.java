package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.LiveCalls.Transferring;
import dev.roomline.bridge.call.Transfer;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** {@code POST /v1/calls/{id}/transfer}: a call's far end is sent to somebody else. */
public final class TransfersApi {
    /** How long a REFER may stay without an answer, and some (RFC 3261 §17.1.2.2). */
    private static final Duration LONGEST_TAKING = Duration.ofSeconds(40);

    /** The longest that a new party may ring, and some. */
    private static final Duration LONGEST = Duration.ofSeconds(340);

    private final Calls calls;
    private final LiveCalls live;

    public TransfersApi(Calls calls, LiveCalls live) {
        this.calls = calls;
        this.live = live;
    }

    private enum Wait {
        NONE,
        ACCEPTED,
        ANSWERED
    }

    /**
     * @param to empty, where another call is named
     */
    private record Wish(String to, String replaces, Wait until) {}

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return switch (Bodies.object(ask, TransfersApi::wish)) {
            case Bodies.Read.Bad<Wish>(Answer answer) -> answer;
            case Bodies.Read.Good<Wish>(Wish wish) -> transfer(ask.path("call"), wish);
        };
    }

    private static Wish wish(Fields fields) {
        Optional<String> to = fields.text("to", 255);
        Optional<String> replaces = fields.text("replaces", 80);
        if (replaces.isPresent() && to.isPresent()) {
            fields.fault("replaces", "must not stand beside to");
        } else if (to.isEmpty() && replaces.isEmpty() && fields.isGood()) {
            fields.fault("to", "is needed, or replaces");
        } else if (to.isPresent() && !isTarget(to.get())) {
            fields.fault("to", "must be a number, tel:… or sip:user@host");
        }
        Wait until =
                switch (fields.text("wait", 16).orElse("accepted")) {
                    case "none" -> Wait.NONE;
                    case "accepted" -> Wait.ACCEPTED;
                    case "answered" -> Wait.ANSWERED;
                    default -> {
                        fields.fault("wait", "must be none, accepted or answered");
                        yield Wait.NONE;
                    }
                };
        return new Wish(to.orElse(""), replaces.orElse(""), until);
    }

    /** Whether the text names somebody to whom a call may be sent. */
    public static boolean isTarget(String text) {
        return Destination.read(text)
                .filter(found -> !(found instanceof Destination.Account))
                .isPresent();
    }

    private Answer transfer(String id, Wish wish) throws TimeoutException, InterruptedException {
        var ordered =
                wish.replaces.isEmpty()
                        ? live.transfer(id, wish.to)
                        : live.connect(id, wish.replaces);
        return switch (Await.on(ordered)) {
            case Transferring.Begun begun -> begun(id, begun, wish.until);
            case Transferring.NotTalking _ -> Answer.problem(409, "The call is not answered.");
            case Transferring.UnderWay _ ->
                    Answer.problem(409, "The call is being transferred already.");
            case Transferring.Refused refused -> PlacingApi.problem(refused.why(), id);
            case Transferring.NoSuchCall _ ->
                    calls.find(id).isPresent()
                            ? Answer.problem(409, "The call is over already.")
                            : Answer.problem(404, "There is no such call.");
        };
    }

    private Answer begun(String id, Transferring.Begun begun, Wait until)
            throws TimeoutException, InterruptedException {
        Optional<Transfer> reached =
                switch (until) {
                    case NONE -> Optional.empty();
                    case ACCEPTED -> Optional.of(Await.on(begun.taken(), LONGEST_TAKING));
                    case ANSWERED -> Optional.of(Await.on(begun.over(), LONGEST));
                };
        Optional<Transfer> failed = reached.filter(Transfer::failed);
        if (failed.isPresent()) {
            return PlacingApi.problem(failed.get().failure(), id);
        }
        Optional<CallRow> now = Await.on(live.get(id));
        return (now.isPresent() ? now : calls.find(id))
                .map(row -> Answer.json(202, Views.call(row)))
                .orElseGet(() -> Answer.problem(503, "The call is not to be found any more."));
    }
}
