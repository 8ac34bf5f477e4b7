package dev.roomline.bridge.webhook;

import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.event.Happening.OfParticipant;
import dev.roomline.bridge.event.Happening.OfRoom;
import dev.roomline.bridge.event.Happening.Person;
import dev.roomline.bridge.event.Happening.Place;
import dev.roomline.bridge.store.Deliveries;
import dev.roomline.bridge.store.Deliveries.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who came and has not gone, as webhooks were told: written down with what is told of their coming,
 * so that their going can be told by the next process if this one is killed. Immutable.
 */
final class Attendance {
    private static final String PERSON = "person";
    private static final String ROOM = "room";

    /** A row of the table of endings. */
    private static final String CRASHED = "server_crashed";

    private static final JsonMapper JSON = JsonMapper.shared();

    private Attendance() {}

    /**
     * What an event changes.
     *
     * @param wanted whether any webhook wants to be told of that
     */
    static List<Presence> changes(Event event, Predicate<Happening> wanted) {
        return switch (event.what()) {
            case OfParticipant one when one.type() == EventType.PARTICIPANT_JOINED ->
                    came(one.participant(), PERSON, one.person(), left(one.person()), wanted);
            case OfParticipant one when one.type() == EventType.PARTICIPANT_LEFT ->
                    List.of(new Presence(one.participant(), PERSON, ""));
            case OfRoom room when room.type() == EventType.ROOM_STARTED ->
                    came(
                            room.room(),
                            ROOM,
                            new Place(room.room(), room.name(), room.since()),
                            ended(new Place(room.room(), room.name(), room.since())),
                            wanted);
            case OfRoom room when room.type() == EventType.ROOM_ENDED ->
                    List.of(new Presence(room.room(), ROOM, ""));
            case OfParticipant _, OfRoom _, Happening.OfCall _, Happening.Digit _ -> List.of();
            case Happening.OfTransfer _, Happening.OfMove _, Happening.OfTrunk _ -> List.of();
        };
    }

    private static List<Presence> came(
            String id, String kind, Record who, Happening gone, Predicate<Happening> wanted) {
        return wanted.test(gone)
                ? List.of(new Presence(id, kind, JSON.writeValueAsString(who)))
                : List.of();
    }

    /** Who left when the last process died, which it did not come to tell. */
    static List<Happening> untoldLeaving(Deliveries deliveries) {
        return deliveries.present(PERSON).stream()
                .map(person -> left(JSON.readValue(person.told(), Person.class)))
                .toList();
    }

    /** Which rooms ended with it. */
    static List<Happening> untoldEnds(Deliveries deliveries) {
        return deliveries.present(ROOM).stream()
                .map(room -> ended(JSON.readValue(room.told(), Place.class)))
                .toList();
    }

    /** Who is not told of now is told of never: nobody who asks later ever heard of them. */
    static void forget(Deliveries deliveries) {
        List<Presence> gone = new ArrayList<>();
        for (String kind : List.of(PERSON, ROOM)) {
            deliveries.present(kind).forEach(one -> gone.add(new Presence(one.id(), kind, "")));
        }
        if (!gone.isEmpty()) {
            deliveries.addAll(List.of(), gone);
        }
    }

    private static Happening left(Person person) {
        return new OfParticipant(EventType.PARTICIPANT_LEFT, person, CRASHED);
    }

    private static Happening ended(Place place) {
        return new OfRoom(EventType.ROOM_ENDED, place.room(), place.name(), place.since());
    }
}
