package dev.roomline.bridge.room;

import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaRoom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A room with at least one participant. Owner: the signalling loop. */
final class LiveRoom {
    final MediaRoom media;
    final Instant since;
    final Map<String, Participant> participants = new LinkedHashMap<>();

    /** As it was stored when somebody last came in. */
    RoomRow row;

    private final Map<LegId, Participant> byLeg = new LinkedHashMap<>();
    private final List<Consumer<RoomEvent>> watchers = new ArrayList<>();

    LiveRoom(RoomRow row, MediaRoom media, Instant since) {
        this.row = row;
        this.media = media;
        this.since = since;
    }

    void seat(Participant participant) {
        participants.put(participant.id, participant);
        byLeg.put(participant.leg, participant);
    }

    void unseat(Participant participant) {
        participants.remove(participant.id);
        byLeg.remove(participant.leg);
    }

    Optional<Participant> byLeg(LegId leg) {
        return Optional.ofNullable(byLeg.get(leg));
    }

    void watch(Consumer<RoomEvent> watcher) {
        watchers.add(watcher);
    }

    void unwatch(Consumer<RoomEvent> watcher) {
        watchers.remove(watcher);
    }

    void tell(RoomEvent event) {
        for (Consumer<RoomEvent> watcher : List.copyOf(watchers)) {
            watcher.accept(event);
        }
    }
}
