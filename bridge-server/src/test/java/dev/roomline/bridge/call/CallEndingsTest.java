package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every call ends with exactly one end and one record, its seat free, its media released, its port
 * given back: whatever ends it, whenever, in whatever order.
 */
final class CallEndingsTest {
    private static final Duration LONGER_THAN_ANY_CALL = Duration.ofHours(5);

    /** A call in the hands of a core, a store and a media loop that act when they are told to. */
    private static final class World {
        final CallBench call = new CallBench();
        final CoreModel core = new CoreModel(call);
        final Deque<CompletableFuture<Outcome>> media = new ArrayDeque<>();
        final Deque<CompletableFuture<Void>> store = new ArrayDeque<>();

        World() {
            call.media.outcome = this::ask;
            call.store = this::put;
        }

        private CompletionStage<Outcome> ask() {
            CompletableFuture<Outcome> asked = new CompletableFuture<>();
            media.add(asked);
            return asked;
        }

        /** As the real one, it ends in time. */
        private CompletionStage<Void> put() {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            store.add(asked);
            call.signal.after(
                    Duration.ofSeconds(4),
                    () -> asked.completeExceptionally(new IllegalStateException("slow")));
            return asked;
        }

        void prepared() {
            if (!media.isEmpty()) {
                media.remove().complete(FakeMedia.accepted("ours").toCompletableFuture().join());
            }
            call.signal.run();
        }

        void refused() {
            if (!media.isEmpty()) {
                media.remove()
                        .complete(
                                FakeMedia.refused(Refusal.NO_COMMON_CODEC)
                                        .toCompletableFuture()
                                        .join());
            }
            call.signal.run();
        }

        void crashed() {
            if (!media.isEmpty()) {
                media.remove().completeExceptionally(new IllegalStateException("a bug"));
            }
            call.signal.run();
        }

        void written() {
            if (!store.isEmpty()) {
                store.remove().complete(null);
            }
            call.signal.run();
        }

        void storeFails() {
            if (!store.isEmpty()) {
                store.remove().completeExceptionally(new IllegalStateException("disk full"));
            }
            call.signal.run();
        }

        void hold(boolean on) {
            call.hold(on);
        }

        void deletedByApi() {
            var rows = call.switchboard.live().list().toCompletableFuture();
            call.signal.run();
            rows.join().forEach(row -> call.switchboard.live().hangUp(row.id()));
            call.signal.run();
        }

        void removedByApi() {
            call.participants().forEach(one -> call.api.remove(CallBench.ROOM, one.id()));
            call.signal.run();
        }

        void lost(Loss loss) {
            if (call.media.listener != null) {
                call.media.listener.onLost(new LegId(1), loss, "lost");
            }
            call.signal.run();
        }

        /** Nothing more is done by anybody; the store answers from here on. */
        List<String> afterwards() {
            call.store = () -> CompletableFuture.completedStage(null);
            store.forEach(row -> row.complete(null));
            call.signal.pass(LONGER_THAN_ANY_CALL);
            return core.faults();
        }
    }

    record Way(String name, Consumer<World> to) {}

    private static final Consumer<World> TALK =
            world -> {
                world.core.invite(Invites.SDP);
                world.call.admit();
                world.prepared();
                world.written();
                world.core.ack(null);
                world.call.signal.run();
            };

    /** How a call comes into each state that waits for somebody. */
    private static final List<Way> STATES =
            List.of(
                    new Way("SCREENING", world -> world.core.invite(Invites.SDP)),
                    new Way(
                            "SEATING",
                            world -> {
                                world.core.invite(Invites.SDP);
                                world.call.admit();
                            }),
                    new Way(
                            "STORING",
                            world -> {
                                world.core.invite(Invites.SDP);
                                world.call.admit();
                                world.prepared();
                            }),
                    new Way(
                            "CONFIRMING",
                            world -> {
                                world.core.invite(Invites.SDP);
                                world.call.admit();
                                world.prepared();
                                world.written();
                            }),
                    new Way(
                            "OFFERED",
                            world -> {
                                world.core.invite("");
                                world.call.admit();
                                world.prepared();
                                world.written();
                            }),
                    new Way(
                            "ANSWERING",
                            world -> {
                                world.core.invite("");
                                world.call.admit();
                                world.prepared();
                                world.written();
                                world.core.ack("v=0 answer");
                                world.call.signal.run();
                            }),
                    new Way("TALKING", TALK),
                    new Way("REOFFERING", TALK.andThen(w -> reinvited(w, "v=0 hold"))),
                    new Way(
                            "REOFFERED",
                            TALK.andThen(w -> reinvited(w, null)).andThen(World::prepared)),
                    new Way("PROPOSING", TALK.andThen(w -> w.hold(true))),
                    new Way("PROPOSED", TALK.andThen(w -> w.hold(true)).andThen(World::prepared)),
                    new Way(
                            "REANSWERING",
                            TALK.andThen(w -> w.hold(true))
                                    .andThen(World::prepared)
                                    .andThen(
                                            w -> {
                                                w.core.respond(200, "v=0 inactive");
                                                w.call.signal.run();
                                            })),
                    new Way("HANGING_UP", TALK.andThen(World::deletedByApi)));

    private static void reinvited(World world, @Nullable String offer) {
        world.core.reinvite(offer);
        world.call.signal.run();
    }

    private static final List<Way> ENDINGS =
            List.of(
                    new Way("CANCEL", world -> world.core.cancel()),
                    new Way("BYE", world -> world.core.peerBye()),
                    new Way("no ACK", world -> {}),
                    new Way("peer lost", world -> world.core.end(SipEvent.Cause.PEER_LOST)),
                    new Way("API DELETE", World::deletedByApi),
                    new Way("removed", World::removedByApi),
                    new Way("room end", world -> world.call.api.end(CallBench.ROOM)),
                    new Way("server stop", world -> world.call.switchboard.hangUpAll()),
                    new Way("store failure", World::storeFails),
                    new Way("media refusal", World::refused),
                    new Way("media bug", World::crashed),
                    new Way("media silence", world -> world.lost(Loss.MEDIA_TIMEOUT)),
                    new Way("media fault", world -> world.lost(Loss.FAULT)),
                    new Way("media loop dead", world -> world.media.clear()));

    @Test
    void everyEndingInEveryStateLeavesOneEndAndNothingElse() {
        List<String> wrong = new ArrayList<>();
        for (Way state : STATES) {
            for (Way ending : ENDINGS) {
                World world = new World();
                state.to().accept(world);
                if (ending.name().equals("peer lost") && world.core.finals.isEmpty()) {
                    continue;
                }
                ending.to().accept(world);
                world.call.signal.run();
                for (String fault : world.afterwards()) {
                    wrong.add(state.name() + " × " + ending.name() + ": " + fault);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void twoEndingsAtTheSameMomentAreOne() {
        List<String> wrong = new ArrayList<>();
        for (Way state : STATES) {
            for (Way first : ENDINGS) {
                for (Way second : ENDINGS) {
                    World world = new World();
                    state.to().accept(world);
                    boolean early = world.core.finals.isEmpty();
                    if (early && (first.name() + second.name()).contains("peer lost")) {
                        continue;
                    }
                    first.to().accept(world);
                    second.to().accept(world);
                    world.call.signal.run();
                    for (String fault : world.afterwards()) {
                        wrong.add(
                                "%s × %s × %s: %s"
                                        .formatted(
                                                state.name(), first.name(), second.name(), fault));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What can happen to a call at any moment, often and rarely. */
    private static void something(World world, Random random) {
        switch (random.nextInt(30)) {
            case 0 -> world.core.cancel();
            case 1 -> world.core.peerBye();
            case 2, 3 -> world.core.ack(random.nextBoolean() ? "v=0 answer" : null);
            case 4, 5, 6 -> world.core.reinvite(random.nextBoolean() ? "v=0 offer" : null);
            case 7, 8 -> world.core.cancelReinvite();
            case 9 -> world.deletedByApi();
            case 10 -> world.removedByApi();
            case 11 -> world.call.api.end(CallBench.ROOM);
            case 12 -> world.storeFails();
            case 13, 14 -> world.refused();
            case 15 -> world.crashed();
            case 16 -> world.lost(Loss.MEDIA_TIMEOUT);
            case 17, 18, 19 -> world.prepared();
            case 20, 21 -> world.written();
            case 22, 23 -> world.hold(random.nextBoolean());
            case 24 -> world.core.respond(200, random.nextBoolean() ? "v=0 answer" : null);
            case 25 -> world.core.respond(random.nextBoolean() ? 491 : 488, null);
            case 26 -> world.call.signal.pass(Duration.ofMillis(random.nextInt(3000)));
            case 27 ->
                    world.call.door.complete(
                            new Screening.TurnedAway(CallEnd.of(EndReason.UNAUTHENTICATED)));
            default -> world.call.signal.run();
        }
    }

    @Test
    void anyOrderOfEventsLeavesOneEndAndNothingElse() {
        List<String> wrong = new ArrayList<>();
        int talked = 0;
        for (int seed = 0; seed < 2_500; seed++) {
            Random random = new Random(seed);
            World world = new World();
            Way start = STATES.get(random.nextInt(STATES.size()));
            start.to().accept(world);
            for (int i = 0; i < 25; i++) {
                something(world, random);
                if (random.nextInt(3) > 0) {
                    world.call.signal.run();
                }
            }
            talked += world.call.media.asked.contains("release") ? 1 : 0;
            for (String fault : world.afterwards()) {
                wrong.add("seed " + seed + " from " + start.name() + ": " + fault);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(talked).as("not all of them end before they begin").isGreaterThan(800);
    }
}
