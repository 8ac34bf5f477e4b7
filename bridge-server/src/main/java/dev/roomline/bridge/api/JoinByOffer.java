package dev.roomline.bridge.api;

import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.LiveRooms.BrowserJoin;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.media.loop.MediaRoom.Flow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The join by one POST of an offer, by whatever path: who may, and what each outcome is answered.
 * The room code in the path is the credential, or a join token as bearer. Virtual threads.
 */
public final class JoinByOffer {
    private static final int NAME = 100;
    private static final int USER_ID = 255;

    private final Rooms rooms;
    private final LiveRooms live;
    private final JoinTokens tokens;

    public JoinByOffer(Rooms rooms, LiveRooms live, JoinTokens tokens) {
        this.rooms = rooms;
        this.live = live;
        this.tokens = tokens;
    }

    /** What whoever has joined is answered. */
    @FunctionalInterface
    public interface Welcome extends Function<JoinOutcome.Joined, Answer> {}

    /**
     * 201, our answer, and where the participant is found: with its secret, so that the address is
     * its credential.
     *
     * @param folder the path up to the participant, with a slash at its end
     */
    public static Answer created(String folder, JoinOutcome.Joined joined) {
        String location = folder + joined.participant().id() + "/" + joined.secret();
        return new Answer(201, "application/sdp", joined.answer(), Map.of("Location", location));
    }

    /**
     * @param ask its path has the {@code room}, its body is the offer
     */
    public Answer join(Ask ask, Flow flow, Welcome welcome)
            throws TimeoutException, InterruptedException {
        if (!ask.mediaType().equals("application/sdp")) {
            return Answer.problem(415, "Send the offer as application/sdp.");
        }
        Query query = new Query(ask);
        String name = query.text("name", NAME).orElse("");
        String userId = query.text("user_id", USER_ID).orElse("");
        List<Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        // What is no code cannot be one of ours, and must not reach the Location header.
        if (!ask.path("room").matches("[A-Za-z0-9_-]{3,80}")) {
            return Answer.problem(404, "No room answers to this code.");
        }
        if (ask.body().length == 0) {
            return Answer.problem(422, "The body holds no offer.");
        }
        Optional<String> bearer =
                ask.header("authorization")
                        .filter(h -> h.regionMatches(true, 0, "Bearer ", 0, 7))
                        .map(h -> h.substring(7).strip());
        if (bearer.isPresent()) {
            return byToken(ask, flow, bearer.get(), name, userId, welcome);
        }
        BrowserJoin join = wish(ask, flow, ask.path("room"), null, null, name, userId);
        return answer(Await.on(live.join(join)), welcome);
    }

    private Answer byToken(
            Ask ask, Flow flow, String token, String name, String userId, Welcome welcome)
            throws TimeoutException, InterruptedException {
        return switch (tokens.verify(token)) {
            case JoinTokens.Verdict.Refused refused ->
                    Answer.problem(401, refused.detail()).with("WWW-Authenticate", "Bearer");
            case JoinTokens.Verdict.Valid valid -> {
                Optional<String> room = rooms.find(valid.room()).map(RoomRow::id);
                Optional<String> asked = rooms.find(ask.path("room")).map(RoomRow::id);
                if (room.isEmpty() || !room.equals(asked)) {
                    yield Answer.problem(403, "The token is for another room.");
                }
                String user = valid.userId().isEmpty() ? userId : valid.userId();
                BrowserJoin join = wish(ask, flow, null, room.get(), valid.role(), name, user);
                yield answer(Await.on(live.join(join)), welcome);
            }
        };
    }

    private static BrowserJoin wish(
            Ask ask,
            Flow flow,
            @Nullable String code,
            @Nullable String room,
            @Nullable String role,
            String name,
            String userId) {
        return new BrowserJoin(
                code,
                room,
                role,
                name.isEmpty() ? "Guest" : name,
                userId,
                "program",
                ask.body(),
                ask.peer(),
                ask.peer().isLoopbackAddress(),
                flow);
    }

    private static Answer answer(JoinOutcome outcome, Welcome welcome) {
        return switch (outcome) {
            case JoinOutcome.Joined joined -> welcome.apply(joined);
            case JoinOutcome.UnknownCode _ -> Answer.problem(404, "No room answers to this code.");
            case JoinOutcome.TooFast fast ->
                    Answer.problem(429, "Too many wrong codes came from your address.")
                            .retryAfter(fast.retryAfter());
            case JoinOutcome.Full _ -> Answer.problem(409, "The room is full.");
            case JoinOutcome.Unavailable unavailable ->
                    Answer.problem(503, unavailable.detail()).retryAfter(Duration.ofSeconds(5));
            case JoinOutcome.BadOffer bad -> Answer.problem(422, bad.detail());
        };
    }
}
