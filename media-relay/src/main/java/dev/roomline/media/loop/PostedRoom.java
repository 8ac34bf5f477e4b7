package dev.roomline.media.loop;

import dev.roomline.media.leg.BlackBoxFormat;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
        return ask(done -> room.addPhone(leg, request, done));
    }

    @Override
    public CompletionStage<Outcome> addBrowser(LegId leg, BrowserRequest request) {
        return ask(done -> room.addBrowser(leg, request, done));
    }

    @Override
    public CompletionStage<Outcome> reoffer(
            LegId leg, byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress) {
        return ask(done -> done.complete(room.reoffer(leg, offer, signallingAddress)));
    }

    @Override
    public CompletionStage<Outcome> propose(LegId leg) {
        return ask(done -> done.complete(room.propose(leg)));
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
        return ask(done -> done.complete(room.answer(leg, answer)));
    }

    @Override
    public CompletionStage<Outcome> answerCalled(
            LegId leg, byte[] answer, InetSocketAddress from, boolean early) {
        return ask(done -> done.complete(room.answerCalled(leg, answer, from, early)));
    }

    @Override
    public CompletionStage<Boolean> press(LegId leg, String digits, int toneMillis, int gapMillis) {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        boolean posted =
                loop.post(() -> asked.complete(room.press(leg, digits, toneMillis, gapMillis)));
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
        loop.post(() -> room.with(leg, seat -> seat.leg().setVolume(gainDb)));
    }

    /** For what may not be lost: who hears and who is heard. */
    private void tellSurely(LegId leg, Consumer<Seat> action) {
        loop.postEnding(() -> room.with(leg, action));
    }

    @Override
    public void remove(LegId leg) {
        loop.postEnding(() -> room.remove(leg));
    }

    @Override
    public CompletionStage<Optional<LegReport>> report(LegId leg) {
        CompletableFuture<Optional<LegReport>> asked = new CompletableFuture<>();
        if (!loop.post(() -> asked.complete(room.report(leg)))) {
            asked.complete(Optional.empty());
        }
        return asked;
    }

    @Override
    public CompletionStage<Optional<BlackBox>> blackBox(LegId leg) {
        CompletableFuture<Optional<dev.roomline.media.leg.BlackBox.Rows>> asked =
                new CompletableFuture<>();
        if (!loop.post(() -> asked.complete(room.blackBox(leg)))) {
            asked.complete(Optional.empty());
        }
        return asked.thenApplyAsync(
                rows -> rows.map(PostedRoom::packed), Thread::startVirtualThread);
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
