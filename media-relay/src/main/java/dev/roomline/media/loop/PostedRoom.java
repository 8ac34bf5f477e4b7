package dev.roomline.media.loop;

import dev.roomline.media.leg.BlackBoxFormat;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A room's face to other threads: every call is posted to its loop. Thread-safe. */
final class PostedRoom implements MediaRoom {
    private final MediaLoop loop;
    private final LoopRoom room;

    PostedRoom(MediaLoop loop, LoopRoom room) {
        this.loop = loop;
        this.room = room;
    }

    @Override
    public CompletionStage<Outcome> addPhone(LegId leg, PhoneRequest request) {
        return ask(done -> room.arrivals().addPhone(leg, request, done));
    }

    @Override
    public CompletionStage<Outcome> addBrowser(LegId leg, BrowserRequest request) {
        return ask(done -> room.arrivals().addBrowser(leg, request, done));
    }

    @Override
    public CompletionStage<Outcome> reoffer(
            LegId leg, byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress) {
        return ask(
                leg,
                done -> done.complete(room.reoffer(leg, offer, signallingAddress)),
                other -> other.reoffer(leg, offer, signallingAddress));
    }

    @Override
    public CompletionStage<Outcome> propose(LegId leg) {
        return ask(leg, done -> done.complete(room.propose(leg)), other -> other.propose(leg));
    }

    @Override
    public void commit(LegId leg) {
        tellSurely(leg, Seat::commit);
    }

    @Override
    public void abandon(LegId leg) {
        tellSurely(leg, Seat::abandon);
    }

    @Override
    public CompletionStage<Outcome> answer(LegId leg, byte[] answer) {
        return ask(
                leg,
                done -> done.complete(room.answer(leg, answer)),
                other -> other.answer(leg, answer));
    }

    @Override
    public CompletionStage<Outcome> move(LegId leg, MediaRoom to) {
        if (!(to instanceof PostedRoom into)) {
            throw new IllegalArgumentException("a room of another relay");
        }
        return ask(
                leg, done -> room.departures().move(leg, into, done), other -> other.move(leg, to));
    }

    @Override
    public void forget(LegId leg) {
        loop.postEnding(() -> room.departures().forget(leg));
    }

    /** A phone comes whose road here began on another loop, perhaps. */
    void adopt(PhoneSeat seat, CompletableFuture<Outcome> done) {
        if (seat.isOn(loop)) {
            room.arrivals().adopt(seat, true, done);
        } else {
            loop.postEnding(() -> room.arrivals().adopt(seat, false, done));
        }
    }

    boolean isOn(MediaLoop other) {
        return loop == other;
    }

    @Override
    public void announce(short[] samples) {
        loop.post(() -> room.announce(samples));
    }

    /** Here, or where it was moved to; a leg on its way is waited for, in order. */
    private void whereIs(LegId leg, Runnable here, Consumer<PostedRoom> there) {
        if (room.departures().isLeaving(leg.value())) {
            loop.postEnding(() -> whereIs(leg, here, there));
            return;
        }
        PostedRoom other = room.departures().movedTo(leg);
        if (other == null) {
            here.run();
        } else {
            there.accept(other);
        }
    }

    /** The same of a leg that may have been moved: then it is asked for where it went. */
    private CompletionStage<Outcome> ask(
            LegId leg,
            Consumer<CompletableFuture<Outcome>> here,
            Function<PostedRoom, CompletionStage<Outcome>> there) {
        return ask(
                done ->
                        whereIs(
                                leg,
                                () -> here.accept(done),
                                other -> hand(there.apply(other), done)));
    }

    @Override
    public CompletionStage<Outcome> answerCalled(
            LegId leg, byte @Nullable [] answer, InetSocketAddress from, boolean early) {
        return ask(
                leg,
                done -> done.complete(room.answerCalled(leg, answer, from, early)),
                other -> other.answerCalled(leg, answer, from, early));
    }

    @Override
    public CompletionStage<Boolean> press(
            LegId leg, String digits, int toneMillis, int gapMillis, boolean asTones) {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        boolean posted =
                loop.post(
                        () ->
                                whereIs(
                                        leg,
                                        () ->
                                                asked.complete(
                                                        room.press(
                                                                leg,
                                                                digits,
                                                                toneMillis,
                                                                gapMillis,
                                                                asTones)),
                                        other ->
                                                hand(
                                                        other.press(
                                                                leg,
                                                                digits,
                                                                toneMillis,
                                                                gapMillis,
                                                                asTones),
                                                        asked)));
        if (!posted) {
            asked.complete(false);
        }
        return asked;
    }

    private CompletionStage<Outcome> ask(Consumer<CompletableFuture<Outcome>> question) {
        CompletableFuture<Outcome> asked = new CompletableFuture<>();
        boolean posted =
                loop.post(
                        () -> {
                            try {
                                question.accept(asked);
                            } catch (RuntimeException bug) {
                                asked.completeExceptionally(bug);
                                throw bug;
                            }
                        });
        if (!posted) {
            asked.complete(
                    new Outcome.Refused(Refusal.OVERLOADED, "the media loop's queue is full"));
        }
        return asked;
    }

    @Override
    public void join(LegId leg) {
        tellSurely(leg, Seat::join);
    }

    @Override
    public void release(LegId leg) {
        tellSurely(leg, Seat::release);
    }

    @Override
    public void setMuted(LegId leg, boolean muted) {
        tellSurely(leg, seat -> seat.leg().setMuted(muted));
    }

    @Override
    public void setHeld(LegId leg, boolean held) {
        tellSurely(leg, seat -> seat.hold(held));
    }

    @Override
    public void setVolume(LegId leg, double gainDb) {
        // A refusal is counted by the loop; there is nobody to be told.
        loop.post(
                () ->
                        whereIs(
                                leg,
                                () -> room.with(leg, seat -> seat.leg().setVolume(gainDb)),
                                other -> other.setVolume(leg, gainDb)));
    }

    /** For what may not be lost: who hears and who is heard. */
    private void tellSurely(LegId leg, Consumer<Seat> action) {
        loop.postEnding(
                () ->
                        whereIs(
                                leg,
                                () -> room.with(leg, action),
                                other -> other.tellSurely(leg, action)));
    }

    @Override
    public void remove(LegId leg) {
        loop.postEnding(() -> whereIs(leg, () -> room.remove(leg), other -> other.remove(leg)));
    }

    @Override
    public CompletionStage<Optional<LegReport>> report(LegId leg) {
        return look(leg, () -> room.report(leg), other -> other.report(leg));
    }

    @Override
    public CompletionStage<Optional<BlackBox>> blackBox(LegId leg) {
        return rows(leg)
                .thenApplyAsync(rows -> rows.map(PostedRoom::packed), Thread::startVirtualThread);
    }

    private CompletionStage<Optional<dev.roomline.media.leg.BlackBox.Rows>> rows(LegId leg) {
        return look(leg, () -> room.blackBox(leg), other -> other.rows(leg));
    }

    /** Reads something of a leg, wherever it is now. */
    private <T> CompletionStage<Optional<T>> look(
            LegId leg,
            Supplier<Optional<T>> here,
            Function<PostedRoom, CompletionStage<Optional<T>>> there) {
        CompletableFuture<Optional<T>> asked = new CompletableFuture<>();
        boolean posted =
                loop.post(
                        () ->
                                whereIs(
                                        leg,
                                        () -> asked.complete(here.get()),
                                        other -> hand(there.apply(other), asked)));
        if (!posted) {
            asked.complete(Optional.empty());
        }
        return asked;
    }

    private static <T> void hand(CompletionStage<T> from, CompletableFuture<T> to) {
        var _ =
                from.whenComplete(
                        (outcome, fault) -> {
                            if (fault == null) {
                                to.complete(outcome);
                            } else {
                                to.completeExceptionally(fault);
                            }
                        });
    }

    private static BlackBox packed(dev.roomline.media.leg.BlackBox.Rows rows) {
        return new BlackBox(
                BlackBoxFormat.NAME,
                rows.count(),
                rows.seconds(),
                BlackBoxFormat.pack(rows),
                BlackBoxFormat.summary(rows));
    }

    @Override
    public void close() {
        loop.postEnding(room::close);
    }
}
