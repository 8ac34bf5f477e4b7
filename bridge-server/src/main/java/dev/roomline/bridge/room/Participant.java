package dev.roomline.bridge.room;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One voice in a live room. Owner: the signalling loop. */
final class Participant {
    final String id;
    final LegId leg;
    final LiveRoom room;
    final Kind kind;
    final String role;
    final String userId;
    final boolean maySpeak;
    final @Nullable String call;
    final Map<String, String> attributes;
    final Instant seatedAt;

    /** The phone's call, which ends itself; null for browsers and programs. */
    final @Nullable PhoneLine line;

    /** A browser's credential; empty for phones. */
    final String secret;

    String name;
    State state = State.RINGING;

    /** Null until its media stands. */
    @Nullable Instant joinedAt;

    /** The room sees that it is being called. */
    boolean announced;

    boolean mutedByChoice;
    boolean heldByUs;
    boolean heldByPeer;
    boolean talking;

    /** Whom each of a browser's slots carries: MID to participant id. */
    Map<String, String> slots = Map.of();

    /** Of who publishes or listens only: what its last offer came to. */
    LiveRooms.@Nullable Described described;

    /** Runs while a browser's socket is away: then it leaves. */
    Signal.@Nullable Later farewell;

    enum Kind {
        PHONE,
        BROWSER,
        PROGRAM
    }

    /** It is asked which room it wants, and is in none. */
    boolean isWaiting() {
        return role.equals(Lobby.ROLE);
    }

    enum State {
        /** Seated: counts against the room's limit; of one that we call the room is told. */
        RINGING,
        JOINED,
        LEFT
    }

    Participant(
            String id,
            LegId leg,
            LiveRoom room,
            Kind kind,
            Person person,
            String role,
            boolean maySpeak,
            @Nullable PhoneLine line,
            String secret,
            Instant seatedAt) {
        this.id = id;
        this.leg = leg;
        this.room = room;
        this.kind = kind;
        this.name = person.name();
        this.userId = person.userId();
        this.attributes = person.attributes();
        this.call = person.call();
        this.role = role;
        this.maySpeak = maySpeak;
        this.line = line;
        this.secret = secret;
        this.seatedAt = seatedAt;
    }

    /**
     * Who it is.
     *
     * @param name as the room shows it
     * @param call null for browsers and programs
     */
    record Person(
            String name, String userId, Map<String, String> attributes, @Nullable String call) {
        Person {
            attributes = Map.copyOf(attributes);
        }
    }

    boolean muted() {
        return mutedByChoice || !maySpeak;
    }

    boolean hasJoined() {
        return joinedAt != null;
    }

    /** Of who has not joined yet: since when the seat is kept. */
    Instant joinedAt() {
        return joinedAt == null ? seatedAt : joinedAt;
    }

    boolean held() {
        return heldByUs || heldByPeer;
    }

    String stateLabel() {
        return switch (state) {
            case RINGING -> "ringing";
            case JOINED -> held() ? "held" : "joined";
            case LEFT -> "left";
        };
    }

    String kindLabel() {
        return switch (kind) {
            case PHONE -> "phone";
            case BROWSER -> "browser";
            case PROGRAM -> "program";
        };
    }

    ParticipantView view(@Nullable LegReport report) {
        return new ParticipantView(
                id,
                room.row.id(),
                name,
                userId,
                kindLabel(),
                role,
                stateLabel(),
                muted(),
                talking,
                joinedAt(),
                call,
                attributes,
                report);
    }

    PublicParticipant shown() {
        Map<String, String> visible = new HashMap<>(attributes);
        visible.keySet().retainAll(room.row.visibleAttributes());
        return new PublicParticipant(
                id,
                name,
                userId,
                kindLabel(),
                role,
                stateLabel(),
                muted(),
                talking,
                joinedAt(),
                visible);
    }
}
