package dev.roomline.bridge.room;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The door through which other threads reach {@link LocalRooms}. Thread-safe. */
public final class PostedRooms implements LiveRooms {
    private static final long REPORT_PATIENCE_MILLIS = 1000;

    private final LocalRooms rooms;
    private final Joining joining;
    private final Signal signal;

    public PostedRooms(LocalRooms rooms, Joining joining, Signal signal) {
        this.rooms = rooms;
        this.joining = joining;
        this.signal = signal;
    }

    @Override
    public CompletionStage<List<ParticipantView>> participants(String roomId) {
        return signal.ask(
                () -> {
                    List<CompletableFuture<ParticipantView>> views = new ArrayList<>();
                    rooms.live(roomId)
                            .ifPresent(room -> rooms.seated(room).forEach(p -> views.add(view(p))));
                    return CompletableFuture.allOf(views.toArray(CompletableFuture<?>[]::new))
                            .thenApply(_ -> views.stream().map(CompletableFuture::join).toList());
                });
    }

    @Override
    public CompletionStage<Optional<ParticipantView>> participant(
            String roomId, String participantId) {
        return signal.ask(() -> optionalView(rooms.find(roomId, participantId)));
    }

    @Override
    public CompletionStage<JoinOutcome> join(BrowserJoin join) {
        return signal.ask(() -> joining.join(join));
    }

    @Override
    public CompletionStage<Optional<ParticipantView>> update(
            String roomId, String participantId, ParticipantPatch patch) {
        return signal.ask(
                () -> {
                    Optional<Participant> found = rooms.find(roomId, participantId);
                    found.ifPresent(participant -> apply(patch, participant));
                    return optionalView(found);
                });
    }

    private void apply(ParticipantPatch patch, Participant participant) {
        if (participant.line != null) {
            participant.line.noted("api", "the API set " + words(patch));
        }
        patch.muted().ifPresent(muted -> rooms.setMuted(participant, muted));
        patch.held().ifPresent(held -> rooms.setHeld(participant, held));
        patch.name().ifPresent(name -> rooms.rename(participant, Joining.name(name)));
        patch.volumeDb().ifPresent(gain -> participant.room.media.setVolume(participant.leg, gain));
    }

    private static String words(ParticipantPatch patch) {
        List<String> words = new ArrayList<>();
        patch.muted().ifPresent(muted -> words.add("muted: " + muted));
        patch.held().ifPresent(held -> words.add("held: " + held));
        patch.name().ifPresent(_ -> words.add("another name"));
        patch.volumeDb().ifPresent(gain -> words.add("volume_db: " + gain));
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }

    @Override
    public CompletionStage<Boolean> remove(String roomId, String participantId) {
        return signal.ask(
                () -> {
                    Optional<Participant> found = rooms.find(roomId, participantId);
                    found.ifPresent(rooms::remove);
                    return CompletableFuture.completedStage(found.isPresent());
                });
    }

    @Override
    public CompletionStage<Boolean> leave(String roomId, String participantId, String secret) {
        return signal.ask(
                () -> {
                    Optional<Participant> found = holder(roomId, participantId, secret);
                    found.ifPresent(participant -> rooms.left(participant, "left"));
                    return CompletableFuture.completedStage(found.isPresent());
                });
    }

    private Optional<Participant> holder(String roomId, String participantId, String secret) {
        return rooms.places()
                .holder(secret)
                .filter(p -> p.id.equals(participantId))
                .filter(p -> p.room.row.id().equals(roomId));
    }

    @Override
    public CompletionStage<Optional<Described>> described(
            String roomId, String participantId, String secret) {
        return signal.ask(
                () ->
                        CompletableFuture.completedStage(
                                holder(roomId, participantId, secret)
                                        .flatMap(p -> Optional.ofNullable(p.described))));
    }

    @Override
    public CompletionStage<Reoffered> reoffer(
            String roomId, String participantId, String secret, Described before, byte[] offer) {
        return signal.ask(
                () -> {
                    Participant holder = holder(roomId, participantId, secret).orElse(null);
                    if (holder == null || !before.equals(holder.described)) {
                        return CompletableFuture.completedStage(new Reoffered.Overtaken());
                    }
                    // who comes meanwhile is overtaken
                    holder.described = new Described(offer, before.answer());
                    CompletableFuture<Reoffered> outcome = new CompletableFuture<>();
                    signal.whenDone(
                            holder.room.media.reoffer(holder.leg, offer, null),
                            (answer, _) ->
                                    outcome.complete(answered(holder, before, offer, answer)));
                    return outcome;
                });
    }

    private static Reoffered answered(
            Participant holder, Described before, byte[] offer, @Nullable Outcome answer) {
        if (answer instanceof Outcome.Accepted accepted) {
            Described now = new Described(offer, accepted.sdp());
            holder.described = now;
            return new Reoffered.Agreed(now);
        }
        holder.described = before;
        return new Reoffered.Refused(
                answer instanceof Outcome.Refused refused
                        ? refused.detail()
                        : "the media loop did not answer");
    }

    @Override
    public CompletionStage<Void> end(String roomId) {
        return signal.ask(
                () -> {
                    rooms.end(roomId);
                    return CompletableFuture.completedStage(null);
                });
    }

    @Override
    public CompletionStage<Map<String, Live>> live() {
        return signal.ask(
                () -> {
                    Map<String, Live> live = new HashMap<>();
                    for (LiveRoom room : rooms.live()) {
                        live.put(room.row.id(), new Live(room.participants.size(), room.since));
                    }
                    return CompletableFuture.completedStage(Map.copyOf(live));
                });
    }

    private static CompletionStage<Optional<ParticipantView>> optionalView(
            Optional<Participant> found) {
        return found.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : view(found.get()).thenApply(Optional::of);
    }

    /** With what the media loop can tell; without it where that takes too long. */
    private static CompletableFuture<ParticipantView> view(Participant participant) {
        ParticipantView bare = participant.view(null);
        return participant
                .room
                .media
                .report(participant.leg)
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(Optional.empty(), REPORT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(_ -> Optional.empty())
                .thenApply(report -> report.map(r -> with(bare, r)).orElse(bare));
    }

    private static ParticipantView with(ParticipantView bare, LegReport report) {
        return new ParticipantView(
                bare.id(),
                bare.room(),
                bare.name(),
                bare.userId(),
                bare.kind(),
                bare.role(),
                bare.state(),
                bare.muted(),
                bare.talking(),
                bare.joinedAt(),
                bare.call(),
                bare.attributes(),
                report);
    }
}
