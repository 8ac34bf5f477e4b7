package dev.roomline.bridge.room;

import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.metrics.JoinRefusal;
import dev.roomline.bridge.room.LiveRooms.BrowserJoin;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.room.Participant.Kind;
import dev.roomline.bridge.room.Participant.Person;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms.Entry;
import dev.roomline.media.loop.MediaRoom.BrowserRequest;
import dev.roomline.media.loop.MediaRoom.Flow;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a browser or a program comes into a room: by a code or by the room that its token names, then
 * by its offer. Owner: the signalling loop.
 */
public final class Joining {
    private static final Duration LONGEST_OFFER = Duration.ofSeconds(10);
    private static final String NAMELESS = "Guest";

    private final LocalRooms rooms;
    private final CodeBook codes;
    private final RoomDirectory directory;
    private final Signal signal;
    private final Supplier<Closed> closed;
    private final Counters counters;
    private final CodeGuesses guesses = new CodeGuesses();

    public Joining(
            LocalRooms rooms,
            CodeBook codes,
            RoomDirectory directory,
            Signal signal,
            Supplier<Closed> closed,
            Counters counters) {
        this.rooms = rooms;
        this.codes = codes;
        this.directory = directory;
        this.signal = signal;
        this.closed = closed;
        this.counters = counters;
    }

    /** Whether nobody new is let in, and why. */
    public enum Closed {
        NO,
        DRAINING,
        OVERLOADED
    }

    /** On the loop; the stage ends on the loop. */
    public CompletionStage<JoinOutcome> join(BrowserJoin join) {
        Closed now = closed.get();
        return attempt(join, now).whenComplete((outcome, _) -> count(outcome, now));
    }

    private void count(@Nullable JoinOutcome outcome, Closed then) {
        switch (outcome) {
            case null -> counters.joinRefused(JoinRefusal.UNAVAILABLE);
            case JoinOutcome.Joined _ -> counters.joined();
            case JoinOutcome.UnknownCode _ -> counters.joinRefused(JoinRefusal.UNKNOWN_CODE);
            case JoinOutcome.TooFast _ -> counters.joinRefused(JoinRefusal.TOO_FAST);
            case JoinOutcome.Full _ -> counters.joinRefused(JoinRefusal.ROOM_FULL);
            case JoinOutcome.BadOffer _ -> counters.joinRefused(JoinRefusal.BAD_OFFER);
            case JoinOutcome.Unavailable _ ->
                    counters.joinRefused(
                            switch (then) {
                                case DRAINING -> JoinRefusal.DRAINING;
                                case OVERLOADED -> JoinRefusal.OVERLOADED;
                                case NO -> JoinRefusal.UNAVAILABLE;
                            });
        }
    }

    private CompletionStage<JoinOutcome> attempt(BrowserJoin join, Closed now) {
        Duration wait = guesses.backOff(join.source(), signal.nanoTime());
        // who shows a token guesses nothing
        if (!wait.isZero() && join.roomCode() != null) {
            return done(new JoinOutcome.TooFast(wait));
        }
        switch (now) {
            case DRAINING -> {
                return done(new JoinOutcome.Unavailable("The server is being stopped."));
            }
            case OVERLOADED -> {
                return done(new JoinOutcome.Unavailable("The server is overloaded."));
            }
            case NO -> {}
        }
        CompletableFuture<JoinOutcome> outcome = new CompletableFuture<>();
        CompletionStage<Optional<Place>> place =
                join.roomCode() != null
                        ? codes.enter(join.roomCode()).thenApply(e -> e.flatMap(Joining::place))
                        : codes.find(String.valueOf(join.room()))
                                .thenApply(row -> row.map(r -> new Place(r, role(join))));
        signal.whenDone(
                place,
                (found, _) -> {
                    if (found == null) {
                        outcome.complete(new JoinOutcome.Unavailable("The store does not answer."));
                    } else {
                        placed(join, found, outcome);
                    }
                });
        return outcome;
    }

    private record Place(RoomRow row, String role) {}

    private static String role(BrowserJoin join) {
        return join.role() == null ? "" : join.role();
    }

    /** Where a code leads a browser: nowhere if it is not for browsers, or wants a PIN. */
    private static Optional<Place> place(Entry entry) {
        CodeRow code = entry.code();
        boolean open =
                code.enabled()
                        && !code.entry().equals("phone")
                        && code.pin().isEmpty()
                        && !entry.room().browsers().equals("token");
        return open ? Optional.of(new Place(entry.room(), code.role())) : Optional.empty();
    }

    private void placed(
            BrowserJoin join, Optional<Place> found, CompletableFuture<JoinOutcome> outcome) {
        if (found.isEmpty()) {
            guesses.wrong(join.source(), signal.nanoTime());
            outcome.complete(new JoinOutcome.UnknownCode());
            return;
        }
        Place place = found.get();
        switch (directory.ownerOf(place.row().id())) {
            case RoomDirectory.Owner.Here _ -> enter(join, place, outcome);
            case RoomDirectory.Owner.Elsewhere(String node) ->
                    outcome.complete(
                            new JoinOutcome.Unavailable("The room is served by " + node + "."));
        }
    }

    private void enter(BrowserJoin join, Place place, CompletableFuture<JoinOutcome> outcome) {
        if (rooms.isFull(place.row())) {
            outcome.complete(new JoinOutcome.Full());
            return;
        }
        Kind kind = join.kind().equals("program") ? Kind.PROGRAM : Kind.BROWSER;
        Person person =
                new Person(name(join.name()), DisplayText.line(join.userId()), Map.of(), null);
        Participant participant = rooms.seatBrowser(place.row(), kind, person, place.role());
        if (join.flow() == Flow.PUBLISHES && !participant.maySpeak) {
            rooms.left(participant, "refused");
            outcome.complete(
                    new JoinOutcome.BadOffer(
                            "the role of this code may not speak: it cannot publish"));
            return;
        }
        BrowserRequest request =
                new BrowserRequest(
                        join.offer(), join.loopback(), participant.maySpeak, join.flow());
        // a media loop that never answers must not keep the seat
        signal.after(
                LONGEST_OFFER,
                () -> {
                    if (participant.state == Participant.State.RINGING) {
                        rooms.left(participant, "refused");
                        outcome.complete(refusal(null));
                    }
                });
        signal.whenDone(
                participant.room.media.addBrowser(participant.leg, request),
                (answer, _) -> answered(join, participant, answer, outcome));
    }

    private void answered(
            BrowserJoin join,
            Participant participant,
            @Nullable Outcome answer,
            CompletableFuture<JoinOutcome> outcome) {
        if (answer instanceof Outcome.Accepted accepted
                && participant.state == Participant.State.RINGING) {
            if (join.flow() != Flow.BOTH_WAYS) {
                participant.described = new LiveRooms.Described(join.offer(), accepted.sdp());
            }
            rooms.joined(participant);
            outcome.complete(
                    new JoinOutcome.Joined(
                            participant.view(null),
                            participant.room.row.name(),
                            participant.secret,
                            accepted.sdp()));
            return;
        }
        rooms.left(participant, "refused");
        outcome.complete(refusal(answer));
    }

    private static JoinOutcome refusal(@Nullable Outcome answer) {
        if (answer instanceof Outcome.Refused(Refusal reason, String detail)) {
            return reason == Refusal.NO_FREE_PORT || reason == Refusal.OVERLOADED
                    ? new JoinOutcome.Unavailable(detail)
                    : new JoinOutcome.BadOffer(detail);
        }
        return new JoinOutcome.Unavailable("The media could not be set up.");
    }

    /** One line of text, bounded; never empty. */
    static String name(String given) {
        String clean = DisplayText.line(given);
        return clean.isEmpty() ? NAMELESS : clean;
    }

    /** The octets of an SDP that came as text. */
    public static byte[] octets(String sdp) {
        return sdp.getBytes(StandardCharsets.UTF_8);
    }

    private static CompletionStage<JoinOutcome> done(JoinOutcome outcome) {
        return CompletableFuture.completedStage(outcome);
    }
}
