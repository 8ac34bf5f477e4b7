package dev.roomline.bridge.peer;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.room.BrowserSeat;
import dev.roomline.bridge.room.BrowserSeat.Muting;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LiveRooms.BrowserJoin;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.room.RoomEvent;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.media.loop.MediaRoom.Flow;
import dev.roomline.media.loop.MediaRoom.Outcome;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One WebSocket at {@code /v1/session}: requests in, answers and the room's events out. Owner: the
 * signalling loop.
 */
final class Session {
    private static final Duration QUALITY_EVERY = Duration.ofSeconds(5);
    private static final int MAX_DIGITS = 32;
    private static final int DIGIT_MILLIS = 160;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SessionPorts ports;
    private final Signal signal;
    private final SessionSocket socket;
    private final InetAddress source;
    private final Heartbeat heartbeat;
    private boolean joining;
    private boolean closed;
    private final Dialling dialling;
    private @Nullable BrowserSeat seat;

    Session(SessionPorts ports, SessionSocket socket, InetAddress source) {
        this.ports = ports;
        this.signal = ports.signal();
        this.socket = socket;
        this.source = source;
        this.heartbeat = new Heartbeat(signal, socket);
        this.dialling = ports.dialling();
    }

    void opened() {
        heartbeat.start();
        signal.after(QUALITY_EVERY, this::tellQuality);
    }

    /** Anything came, a pong too. */
    void heard() {
        heartbeat.heard();
    }

    private void tellQuality() {
        if (closed) {
            return;
        }
        signal.after(QUALITY_EVERY, this::tellQuality);
        if (seat != null) {
            signal.whenDone(
                    seat.report(),
                    (report, _) -> {
                        if (report != null && seat != null) {
                            report.ifPresent(leg -> send(SessionWords.quality(leg)));
                        }
                    });
        }
    }

    void received(JsonNode message) {
        heard();
        String id = text(message, "id");
        String type = text(message, "type");
        Optional<String> fault = SessionFields.fault(message);
        if (fault.isPresent()) {
            refuse(id, SessionFault.bad(fault.get()));
            return;
        }
        switch (type) {
            case "ping" -> send(SessionWords.ok(id));
            case "join" -> join(id, message);
            case "resume" -> resume(id, message);
            default -> {
                if (seat == null) {
                    refuse(id, SessionFault.NOT_JOINED);
                } else {
                    joined(seat, id, type, message);
                }
            }
        }
    }

    private void joined(BrowserSeat at, String id, String type, JsonNode message) {
        switch (type) {
            case "offer" -> offer(at, id, message);
            case "mute" -> {
                at.setMuted(message.path("muted").asBoolean(true));
                send(SessionWords.ok(id));
            }
            case "dtmf" -> dtmf(at, id, text(message, "digits"));
            case "hangup" -> {
                boolean own =
                        at.may(Permission.DIAL) && dialling.isOwn(text(message, "participant"));
                boolean may = own || at.may(Permission.MODERATE);
                ifAllowed(may, id, () -> moderate(at, id, type, message));
            }
            case "remove", "mute_other" ->
                    ifAllowed(
                            at.may(Permission.MODERATE), id, () -> moderate(at, id, type, message));
            case "dial" -> ifAllowed(at.may(Permission.DIAL), id, () -> dial(at, id, message));
            case "leave" -> {
                send(SessionWords.ok(id));
                at.unwatch(watcher);
                seat = null;
                at.leave();
                socket.close(SessionSocket.NORMAL, "left");
            }
            default -> refuse(id, SessionFault.bad("There is no request of this type."));
        }
    }

    private void ifAllowed(boolean allowed, String id, Runnable then) {
        if (allowed) {
            then.run();
        } else {
            refuse(id, SessionFault.NOT_ALLOWED);
        }
    }

    private void join(String id, JsonNode message) {
        if (seat != null || joining) {
            refuse(id, SessionFault.ALREADY_JOINED);
            return;
        }
        String code = text(message, "room_code");
        String token = text(message, "token");
        if (code.isEmpty() == token.isEmpty()) {
            refuse(id, SessionFault.bad("Either room_code or token is needed."));
            return;
        }
        joining = true;
        if (token.isEmpty()) {
            enter(id, wish(code, null, null, text(message, "user_id"), message));
            return;
        }
        signal.whenDone(
                ports.tokens().verify(token),
                (pass, _) -> {
                    if (pass == null) {
                        joining = false;
                        refuse(id, SessionFault.UNAVAILABLE);
                    } else if (pass.isEmpty()) {
                        joining = false;
                        refuse(id, SessionFault.of(401, "Bad token", "The token is not valid."));
                    } else {
                        JoinPass valid = pass.get();
                        enter(id, wish(null, valid.room(), valid.role(), valid.userId(), message));
                    }
                });
    }

    private BrowserJoin wish(
            @Nullable String code,
            @Nullable String room,
            @Nullable String role,
            String userId,
            JsonNode message) {
        return new BrowserJoin(
                code,
                room,
                role,
                text(message, "name"),
                userId,
                "browser",
                text(message, "sdp").getBytes(StandardCharsets.UTF_8),
                source,
                source.isLoopbackAddress(),
                Flow.BOTH_WAYS);
    }

    private void enter(String id, BrowserJoin wish) {
        signal.whenDone(
                ports.joining().join(wish),
                (outcome, _) -> {
                    joining = false;
                    switch (outcome) {
                        case null -> refuse(id, SessionFault.UNAVAILABLE);
                        case JoinOutcome.Joined joined -> welcome(id, joined);
                        case JoinOutcome.UnknownCode _,
                                JoinOutcome.TooFast _,
                                JoinOutcome.Full _,
                                JoinOutcome.Unavailable _,
                                JoinOutcome.BadOffer _ ->
                                refuse(id, SessionFault.join(outcome));
                    }
                });
    }

    private void welcome(String id, JoinOutcome.Joined joined) {
        Optional<BrowserSeat> taken = ports.rooms().back(joined.secret());
        if (taken.isEmpty()) {
            refuse(id, SessionFault.GONE);
            return;
        }
        if (closed) {
            taken.get().away();
            return;
        }
        sit(taken.get());
        Map<String, Object> answer = place(id, taken.get());
        answer.put("sdp", new String(joined.answer(), StandardCharsets.UTF_8));
        send(answer);
        tellSlots(taken.get());
    }

    private void resume(String id, JsonNode message) {
        if (seat != null || joining) {
            refuse(id, SessionFault.ALREADY_JOINED);
            return;
        }
        Optional<BrowserSeat> kept = ports.rooms().back(text(message, "resume"));
        if (kept.isEmpty()) {
            refuse(id, SessionFault.GONE);
            return;
        }
        sit(kept.get());
        send(place(id, kept.get()));
        tellSlots(kept.get());
    }

    private void sit(BrowserSeat at) {
        seat = at;
        ports.taken(at.secret(), this);
        at.watch(watcher);
    }

    private void tellSlots(BrowserSeat at) {
        if (!at.slots().isEmpty()) {
            send(SessionWords.slots(at.slots()));
        }
    }

    private Map<String, Object> place(String id, BrowserSeat at) {
        Map<String, Object> answer = SessionWords.ok(id);
        answer.put("participant", SessionWords.participant(at.self()));
        answer.put("resume", at.secret());
        answer.put("ice_servers", ports.iceServers().forUser(at.participantId(), signal.now()));
        answer.put("may", at.permissions());
        answer.put("room", Map.of("id", at.roomId(), "name", at.roomName()));
        answer.put("participants", at.everybody().stream().map(SessionWords::participant).toList());
        return answer;
    }

    private void offer(BrowserSeat at, String id, JsonNode message) {
        signal.whenDone(
                at.reoffer(Joining.octets(text(message, "sdp"))),
                (outcome, _) -> {
                    switch (outcome) {
                        case null -> refuse(id, SessionFault.UNAVAILABLE);
                        case Outcome.Accepted accepted -> {
                            Map<String, Object> answer = SessionWords.ok(id);
                            answer.put("sdp", new String(accepted.sdp(), StandardCharsets.UTF_8));
                            send(answer);
                        }
                        case Outcome.Refused(var _, String detail) ->
                                refuse(id, SessionFault.of(422, "Bad offer", detail));
                    }
                });
    }

    private void dtmf(BrowserSeat at, String id, String digits) {
        if (digits.isEmpty()
                || digits.length() > MAX_DIGITS
                || !digits.chars().allMatch(c -> "0123456789*#ABCD".indexOf(c) >= 0)) {
            refuse(id, SessionFault.bad("digits must be 1 to 32 of 0-9 * # A-D."));
            return;
        }
        digits.chars().forEach(c -> at.dtmf((char) c, DIGIT_MILLIS));
        send(SessionWords.ok(id));
    }

    private void dial(BrowserSeat at, String id, JsonNode message) {
        dialling.dial(
                at,
                text(message, "to"),
                text(message, "name"),
                participant -> {
                    Map<String, Object> answer = SessionWords.ok(id);
                    answer.put("participant", participant);
                    send(answer);
                },
                fault -> refuse(id, fault));
    }

    private void moderate(BrowserSeat at, String id, String type, JsonNode message) {
        String other = text(message, "participant");
        Muting done =
                type.equals("mute_other")
                        ? at.muteOther(other, message.path("muted").asBoolean(true))
                        : at.remove(other) ? Muting.DONE : Muting.NOT_THERE;
        switch (done) {
            case DONE -> send(SessionWords.ok(id));
            case NOT_THERE ->
                    refuse(
                            id,
                            SessionFault.of(404, "Not found", "No such participant in this room."));
            case THEIR_OWN ->
                    refuse(
                            id,
                            SessionFault.of(
                                    403,
                                    "Not allowed",
                                    "Only they themselves can open their microphone."));
        }
    }

    private final Consumer<RoomEvent> watcher = this::happened;

    private void happened(RoomEvent event) {
        BrowserSeat at = seat;
        if (at == null) {
            return;
        }
        switch (event) {
            case RoomEvent.Slots slots -> {
                if (slots.browser().equals(at.participantId())) {
                    send(SessionWords.event(slots));
                }
            }
            case RoomEvent.Left left -> {
                send(SessionWords.event(left));
                dialling.left(left.participant().id());
                if (left.participant().id().equals(at.participantId())) {
                    over(at, left.reason());
                }
            }
            case RoomEvent.Started _,
                    RoomEvent.Ended _,
                    RoomEvent.Ringing _,
                    RoomEvent.Joined _,
                    RoomEvent.Updated _,
                    RoomEvent.Talking _,
                    RoomEvent.Dtmf _ ->
                    send(SessionWords.event(event));
        }
    }

    private void over(BrowserSeat at, String reason) {
        at.unwatch(watcher);
        seat = null;
        socket.close(SessionSocket.NORMAL, reason);
    }

    /** Another socket has taken this participant over. */
    void superseded() {
        if (seat != null) {
            over(seat, "resumed elsewhere");
        }
    }

    /** The socket is gone, by whomever. */
    void closed() {
        closed = true;
        heartbeat.stop();
        BrowserSeat at = seat;
        seat = null;
        if (at != null) {
            at.unwatch(watcher);
            ports.freed(at.secret(), this);
            at.away();
        }
    }

    void refuse(String id, SessionFault fault) {
        send(SessionWords.error(id, fault));
    }

    private void send(Map<String, Object> words) {
        if (!closed) {
            socket.send(JSON.writeValueAsString(words));
        }
    }

    /** Empty where the field is absent, null or no text; ids may be numbers. */
    private static String text(JsonNode message, String field) {
        JsonNode value = message.path(field);
        return value.isString() || value.isNumber() ? value.asString() : "";
    }
}
