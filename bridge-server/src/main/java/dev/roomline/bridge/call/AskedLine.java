package dev.roomline.bridge.call;

import dev.roomline.bridge.ask.DialogueOutbox.Parting;
import dev.roomline.bridge.room.PhoneSeat.Seating;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What comes of asking a caller for a room: it hears the prompts, enters the room that it names, or
 * is parted from. Owner: the signalling loop.
 */
final class AskedLine implements Asking.Line {
    private final InboundCall call;

    AskedLine(InboundCall call) {
        this.call = call;
    }

    @Override
    public void play(short[] samples) {
        call.media().announce(samples);
    }

    @Override
    public CompletionStage<Optional<CallEnd>> enter(Admission admission) {
        return call.media()
                .enter(admission, call.id)
                .thenApply(
                        seating ->
                                switch (seating) {
                                    case Seating.Full _ ->
                                            Optional.of(CallEnd.of(EndReason.ROOM_FULL));
                                    case Seating.Seated _ -> {
                                        call.entered(admission);
                                        yield Optional.empty();
                                    }
                                });
    }

    @Override
    public void entered() {
        told("entered");
        call.signal.whenDone(
                call.records.put(CallRecord.living(call, CallRows.state(call), call.answeredAt())),
                (_, failure) -> {
                    if (failure != null) {
                        call.decided("store", "The caller's room was not stored: " + failure);
                    }
                });
    }

    @Override
    public void part(Parting why, CallEnd end) {
        told(why.name().toLowerCase(Locale.ROOT));
        call.on(new CallEvent.HangUp(end));
    }

    private void told(String outcome) {
        call.ports.watch().asked(call, outcome);
    }

    @Override
    public void guarded(Runnable step) {
        call.ports.watch().guarded(call, step);
    }
}
