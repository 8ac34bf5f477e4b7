package dev.roomline.bridge.call;

import dev.roomline.bridge.room.PhoneSeat;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.media.sdp.SdpParser;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call's seat and what is negotiated for it. Outcomes come back on the signalling loop; one that
 * a later question has overtaken is dropped. Owner: the signalling loop.
 */
final class CallMedia {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final long REPORT_PATIENCE_MILLIS = 1000;

    private final PhoneSeat seat;
    private final Signal signal;
    private final CallTrace trace;
    private List<String> order = List.of();
    private CompletionStage<Optional<LegReport>> lastReport =
            CompletableFuture.completedStage(Optional.empty());
    private CompletionStage<Optional<BlackBox>> lastBlackBox =
            CompletableFuture.completedStage(Optional.empty());
    private byte[] sdp = new byte[0];
    private long questions;
    private boolean heldNext;
    private boolean heldByPeer;
    private boolean left;

    CallMedia(PhoneSeat seat, Signal signal, CallTrace trace) {
        this.seat = seat;
        this.signal = signal;
        this.trace = trace;
    }

    String participantId() {
        return seat.participantId();
    }

    /** Our description, for the 200 to the INVITE. */
    byte[] sdp() {
        return sdp;
    }

    void open(PhoneRequest request, Runnable ready, Consumer<CallEnd> refused) {
        order = request.codecs();
        SdpParser.Result offer = came("offered", request.offer());
        ask(
                seat.addMedia(request),
                accepted -> {
                    sdp = accepted.sdp();
                    decided(OfferWords.chosen(offer, SdpParser.parse(sdp), order));
                    holds(accepted.held());
                    ready.run();
                },
                refused);
    }

    /** Makes our offer of a call that we place. */
    void offer(PhoneRequest request, Runnable ready, Consumer<CallEnd> refused) {
        order = request.codecs();
        ask(
                seat.addMedia(request),
                accepted -> {
                    sdp = accepted.sdp();
                    decided(OfferWords.chosen(null, SdpParser.parse(sdp), order));
                    ready.run();
                },
                refused);
    }

    /**
     * What the far end of a call that we place answered; an early answer is not the last.
     *
     * @param answer null: what was agreed before holds
     */
    void answerCalled(
            byte @Nullable [] answer,
            InetSocketAddress from,
            boolean early,
            Runnable taken,
            BiConsumer<Refusal, String> refused) {
        if (answer == null) {
            decided("the far end answered: what was agreed last before that holds");
        } else {
            String how = early ? "before the answer the far end sends" : "the far end answered";
            OfferWords.of(how, SdpParser.parse(answer)).forEach(this::decided);
        }
        long question = ++questions;
        signal.whenDone(
                seat.answerCalled(answer, from, early),
                (outcome, failure) -> {
                    if (question != questions) {
                        return;
                    }
                    switch (outcome) {
                        case null -> refused.accept(Refusal.NO_SUCH_LEG, String.valueOf(failure));
                        case Outcome.Accepted accepted -> {
                            holds(accepted.held());
                            taken.run();
                        }
                        case Outcome.Refused(Refusal reason, String detail) ->
                                refused.accept(reason, detail);
                    }
                });
    }

    /** The room sees that it is being called. */
    void ringing() {
        seat.ringing();
    }

    /** The room hears what comes before the answer. */
    void hearEarly() {
        seat.release();
        seat.heardEarly();
    }

    /** Closes the media; the seat is kept for another try. */
    void drop() {
        questions++;
        seat.dropMedia();
    }

    /** Prepares for a new offer, or makes ours; the session runs on as it is. */
    void reoffer(
            byte @Nullable [] offer,
            InetSocketAddress source,
            Consumer<byte[]> ready,
            Consumer<CallEnd> refused) {
        SdpParser.Result offered = came("offers anew:", offer);
        prepare(
                seat.reoffer(offer, source),
                answer -> {
                    decided(OfferWords.chosen(offered, SdpParser.parse(answer), order));
                    ready.accept(answer);
                },
                refused);
    }

    /** Prepares an offer of ours that says whether we hold. */
    void propose(Consumer<byte[]> ready, Consumer<CallEnd> refused) {
        prepare(seat.propose(), ready, refused);
    }

    private void prepare(
            CompletionStage<Outcome> stage, Consumer<byte[]> ready, Consumer<CallEnd> refused) {
        ask(
                stage,
                accepted -> {
                    heldNext = accepted.held();
                    ready.accept(accepted.sdp());
                },
                refused);
    }

    /** The answer that was prepared has left. */
    void commitAnswer() {
        seat.commit();
        holds(heldNext);
    }

    /** The offer that was prepared has left; its answer is to come. */
    void commitOffer() {
        seat.commit();
    }

    /** What was prepared or offered came to nothing; what is asked about it is not wanted. */
    void abandon() {
        questions++;
        seat.abandon();
    }

    void answer(byte[] answer, Runnable taken, Consumer<CallEnd> refused) {
        came("answered", answer);
        ask(
                seat.answer(answer),
                accepted -> {
                    holds(accepted.held());
                    taken.run();
                },
                refused);
    }

    /** Null where no description came. */
    private SdpParser.@Nullable Result came(String how, byte @Nullable [] description) {
        if (description == null) {
            decided("the phone sent no offer: ours goes out in the 200");
            return null;
        }
        SdpParser.Result read = SdpParser.parse(description);
        OfferWords.of("the phone " + how, read).forEach(this::decided);
        return read;
    }

    private void decided(String text) {
        trace.decided(signal.now(), "media", text);
    }

    /** The peer holds the room, by the last description that holds. */
    boolean isHeldByPeer() {
        return heldByPeer;
    }

    private void holds(boolean held) {
        heldByPeer = held;
        seat.heldByPeer(held);
    }

    void joined() {
        seat.joined();
    }

    /** Whoever waits in the lobby hears this; none: silence. */
    void announce(short[] samples) {
        seat.announce(samples);
    }

    /** From the lobby into a room; on the signalling loop. */
    CompletionStage<PhoneSeat.Seating> enter(Admission terms, String call) {
        Caller caller = terms.caller();
        return seat.enter(
                terms.room(),
                terms.role(),
                caller.name(),
                caller.userId(),
                caller.attributes(),
                call);
    }

    /** The room that it is in. */
    String room() {
        return seat.room();
    }

    boolean maySwitch() {
        return !left && seat.maySwitch();
    }

    /** Its room, where its role may call somebody into it; empty where not. */
    Optional<RoomRow> mayDialInto() {
        return left ? Optional.empty() : seat.mayDialInto();
    }

    /** From its room into another; on the signalling loop. */
    CompletionStage<PhoneSeat.Seating> switchTo(RoomRow row, String userId) {
        return seat.switchTo(row, userId);
    }

    void release() {
        seat.release();
    }

    /**
     * @param asTones where no telephone events are agreed
     * @return false where the far end takes no keys so
     */
    CompletionStage<Boolean> press(String digits, int toneMillis, int gapMillis, boolean asTones) {
        return seat.press(digits, toneMillis, gapMillis, asTones);
    }

    void dtmf(char digit, int durationMillis) {
        seat.dtmf(digit, durationMillis);
    }

    /**
     * Closes the media and gives the seat back; what was measured stays to be read.
     *
     * @param keepBlackBox whether it is wanted: packing it costs something
     */
    void leave(String reason, boolean keepBlackBox) {
        if (!left) {
            lastReport = soonOnLoop(seat.report());
            if (keepBlackBox) {
                lastBlackBox = seat.blackBox();
            }
            left = true;
            seat.leave(reason);
        }
    }

    /** What the media loop measured, up to the end. Never fails, and never takes long. */
    CompletionStage<Optional<LegReport>> report() {
        return left ? lastReport : soon(seat.report());
    }

    /** What came in during the last half minute. Never fails, and never takes long. */
    CompletionStage<Optional<BlackBox>> blackBox() {
        return soon(left ? lastBlackBox : seat.blackBox());
    }

    /** For every call: without a timer of another thread, which would be woken for each. */
    private <T> CompletionStage<Optional<T>> soonOnLoop(CompletionStage<Optional<T>> asked) {
        CompletableFuture<Optional<T>> told = new CompletableFuture<>();
        Later patience =
                signal.after(
                        Duration.ofMillis(REPORT_PATIENCE_MILLIS),
                        () -> told.complete(Optional.empty()));
        signal.whenDone(
                asked,
                (value, _) -> {
                    patience.cancel();
                    told.complete(value == null ? Optional.empty() : value);
                });
        return told;
    }

    private static <T> CompletionStage<Optional<T>> soon(CompletionStage<Optional<T>> asked) {
        return asked.toCompletableFuture()
                .copy()
                .completeOnTimeout(Optional.empty(), REPORT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(_ -> Optional.empty());
    }

    private void ask(
            CompletionStage<Outcome> stage,
            Consumer<Outcome.Accepted> accepted,
            Consumer<CallEnd> refused) {
        long question = ++questions;
        signal.whenDone(
                stage,
                (outcome, failure) -> {
                    if (question != questions) {
                        return;
                    }
                    switch (outcome) {
                        case null ->
                                refused.accept(CallEnd.fault("The media loop failed: " + failure));
                        case Outcome.Accepted yes -> accepted.accept(yes);
                        case Outcome.Refused(Refusal reason, String detail) -> {
                            decided(
                                    "refused: "
                                            + detail
                                            + (reason == Refusal.NO_COMMON_CODEC
                                                    ? "; ours are " + String.join(", ", order)
                                                    : ""));
                            refused.accept(end(reason, detail));
                        }
                    }
                });
    }

    /** The refusals of the contract's table; warnings of RFC 3261 §20.43. */
    static CallEnd end(Refusal reason, String detail) {
        return switch (reason) {
            case MALFORMED_SDP -> CallEnd.of(EndReason.MALFORMED, detail);
            case NO_AUDIO_LINE -> CallEnd.notAcceptable(EndReason.NO_COMMON_CODEC, 304, detail);
            case NO_COMMON_CODEC -> CallEnd.notAcceptable(EndReason.NO_COMMON_CODEC, 305, detail);
            case ENCRYPTION_REQUIRED, ENCRYPTION_NOT_OFFERED ->
                    CallEnd.notAcceptable(EndReason.ENCRYPTION_REQUIRED, 302, detail);
            case UNSUPPORTED_OFFER -> CallEnd.notAcceptable(EndReason.NO_COMMON_CODEC, 399, detail);
            case NO_FREE_PORT, OVERLOADED ->
                    CallEnd.unavailable(EndReason.OVERLOADED, detail, RETRY_AFTER);
            case NO_SUCH_LEG -> CallEnd.fault("The call's media is gone: " + detail);
        };
    }
}
