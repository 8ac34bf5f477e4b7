package dev.roomline.bridge.api.whip;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.LiveRooms.Described;
import dev.roomline.bridge.room.LiveRooms.Reoffered;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * {@code /whip/{room}/{participant}/{secret}} and the same of WHEP: trickle ICE and ICE restarts by
 * PATCH, the end by DELETE (RFC 9725 §4.2, §4.3). The secret in the path is the credential
 * (§4.7.1); a bearer token is not looked at. Virtual threads.
 */
public final class WhipSession {
    private static final byte[] NOTHING = {};

    private final Rooms rooms;
    private final LiveRooms live;

    public WhipSession(Rooms rooms, LiveRooms live) {
        this.rooms = rooms;
        this.live = live;
    }

    /** Entity-tags are of no interest here (RFC 9725 §4.3.1). */
    public Answer delete(Ask ask) throws TimeoutException, InterruptedException {
        Optional<String> room = room(ask);
        return described(ask, room).isPresent()
                        && Await.on(live.leave(room.get(), participant(ask), secret(ask)))
                ? Answer.noContent()
                : unknown();
    }

    public Answer patch(Ask ask) throws TimeoutException, InterruptedException {
        if (!ask.mediaType().equals(IceFragment.TYPE)) {
            return Answer.problem(415, "Send the fragment as " + IceFragment.TYPE + ".");
        }
        Optional<String> room = room(ask);
        Optional<Described> before = described(ask, room);
        if (before.isEmpty()) {
            return unknown();
        }
        return switch (IceFragment.parse(ask.body())) {
            case IceFragment.Reading.Malformed(String reason) ->
                    Answer.problem(400, "The fragment " + reason + ".");
            case IceFragment.Reading.Parsed(IceFragment fragment) ->
                    patched(ask, room.get(), before.get(), fragment);
        };
    }

    private Answer patched(Ask ask, String room, Described before, IceFragment fragment)
            throws TimeoutException, InterruptedException {
        Optional<String> condition = ask.header("if-match");
        if (condition.isEmpty()) {
            return Answer.problem(
                    428, "If-Match is missing: the ETag of this ICE session, or * for a restart.");
        }
        if (!matches(condition.get(), IceFragment.tag(before.answer()))) {
            return overtaken();
        }
        if (fragment.isOf(before.offer())) {
            return Answer.noContent();
        }
        byte[] offer = fragment.restarted(before.offer());
        return switch (Await.on(live.reoffer(room, participant(ask), secret(ask), before, offer))) {
            case Reoffered.Agreed(Described now) ->
                    new Answer(
                            200,
                            IceFragment.TYPE,
                            IceFragment.ofAnswer(now.answer()),
                            Map.of("ETag", IceFragment.tag(now.answer())));
            case Reoffered.Refused(String detail) -> Answer.problem(422, detail);
            case Reoffered.Overtaken _ -> overtaken();
        };
    }

    /**
     * Compared as strong ones (RFC 9110 §13.1.1): a weak one is none of ours. The asterisk stands
     * in quotes in RFC 9725's own example.
     */
    private static boolean matches(String condition, String tag) {
        return Arrays.stream(condition.split(",", -1))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals("\"*\"") || one.equals(tag));
    }

    private static Answer overtaken() {
        return Answer.problem(412, "If-Match names another ICE session than the one that holds.");
    }

    /** What may be done with one, for a browser's preflight too. */
    public Answer options(Ask ask) {
        return new Answer(
                200,
                "",
                NOTHING,
                Map.of("Accept-Patch", IceFragment.TYPE, "Allow", "PATCH, DELETE, OPTIONS"));
    }

    private Optional<String> room(Ask ask) {
        return rooms.find(ask.path("room")).map(RoomRow::id);
    }

    private Optional<Described> described(Ask ask, Optional<String> room)
            throws TimeoutException, InterruptedException {
        return room.isEmpty()
                ? Optional.empty()
                : Await.on(live.described(room.get(), participant(ask), secret(ask)));
    }

    private static String participant(Ask ask) {
        return ask.path("participant");
    }

    private static String secret(Ask ask) {
        return ask.path("secret");
    }

    /** Not told apart: who has no secret is not told which rooms there are. */
    private static Answer unknown() {
        return Answer.problem(404, "There is no such session.");
    }
}
