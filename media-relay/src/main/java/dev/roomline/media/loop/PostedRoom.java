package dev.roomline.media.loop;

import dev.roomline.media.leg.Leg;
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
        return ask(done -> done.accept(room.reoffer(leg, offer, signallingAddress)));
    }

    @Override
    public CompletionStage<Outcome> answer(LegId leg, byte[] answer) {
        return ask(done -> done.accept(room.answer(leg, answer)));
    }

    private CompletionStage<Outcome> ask(Consumer<Consumer<Outcome>> question) {
        CompletableFuture<Outcome> asked = new CompletableFuture<>();
        boolean posted =
                loop.post(
                        () -> {
                            try {
                                question.accept(asked::complete);
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
    public void release(LegId leg) {
        tell(leg, Seat::release);
    }

    @Override
    public void setMuted(LegId leg, boolean muted) {
        tellLeg(leg, found -> found.setMuted(muted));
    }

    @Override
    public void setHeld(LegId leg, boolean held) {
        tellLeg(leg, found -> found.setHeld(held));
    }

    @Override
    public void setVolume(LegId leg, double gainDb) {
        tellLeg(leg, found -> found.setVolume(gainDb));
    }

    private void tellLeg(LegId leg, Consumer<Leg> action) {
        tell(leg, seat -> action.accept(seat.leg()));
    }

    /** A refusal is counted by the loop; there is nobody to be told. */
    private void tell(LegId leg, Consumer<Seat> action) {
        loop.post(() -> room.with(leg, action));
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
    public void close() {
        loop.postEnding(room::close);
    }
}
