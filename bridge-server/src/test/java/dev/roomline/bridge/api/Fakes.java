package dev.roomline.bridge.api;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.lifecycle.ServerState;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.Refusals;
import dev.roomline.bridge.trace.TraceSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Live sides that do what a test told them, and remember what was asked of them. */
final class Fakes {
    private Fakes() {}

    static <T> CompletionStage<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }

    static final class FakeRooms implements LiveRooms {
        final Map<String, ParticipantView> people = new LinkedHashMap<>();
        final List<String> ended = new ArrayList<>();
        volatile @Nullable BrowserJoin lastJoin;
        volatile @Nullable ParticipantPatch lastPatch;
        volatile JoinOutcome outcome = new JoinOutcome.UnknownCode();
        volatile boolean deaf;
        volatile boolean silent;

        @Override
        public CompletionStage<List<ParticipantView>> participants(String roomId) {
            return now(people.values().stream().filter(p -> p.room().equals(roomId)).toList());
        }

        @Override
        public CompletionStage<Optional<ParticipantView>> participant(String roomId, String id) {
            return now(Optional.ofNullable(people.get(id)).filter(p -> p.room().equals(roomId)));
        }

        @Override
        public CompletionStage<JoinOutcome> join(BrowserJoin join) {
            lastJoin = join;
            return now(outcome);
        }

        @Override
        public CompletionStage<Optional<ParticipantView>> update(
                String roomId, String id, ParticipantPatch patch) {
            lastPatch = patch;
            return participant(roomId, id);
        }

        @Override
        public CompletionStage<Boolean> remove(String roomId, String id) {
            return now(people.remove(id) != null);
        }

        @Override
        public CompletionStage<Boolean> leave(String roomId, String id, String secret) {
            return now(secret.equals("the-secret") && people.remove(id) != null);
        }

        /** Of who publishes or listens, whose secret is {@code the-secret}. */
        volatile @Nullable Described described;

        volatile @Nullable Reoffered reoffered;
        volatile byte @Nullable [] lastOffer;

        @Override
        public CompletionStage<Optional<Described>> described(
                String roomId, String id, String secret) {
            return now(
                    Optional.ofNullable(described)
                            .filter(_ -> secret.equals("the-secret") && people.containsKey(id)));
        }

        @Override
        public CompletionStage<Reoffered> reoffer(
                String roomId, String id, String secret, Described before, byte[] offer) {
            lastOffer = offer;
            return now(Objects.requireNonNull(reoffered));
        }

        @Override
        public CompletionStage<Void> end(String roomId) {
            ended.add(roomId);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Map<String, Live>> live() {
            if (silent) {
                return new CompletableFuture<>();
            }
            if (deaf) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("secret inner words"));
            }
            Map<String, Live> live = new LinkedHashMap<>();
            for (ParticipantView p : people.values()) {
                live.merge(
                        p.room(),
                        new Live(1, p.joinedAt()),
                        (a, b) -> new Live(a.participants() + 1, a.since()));
            }
            return now(live);
        }
    }

    static final class FakeCalls implements LiveCalls {
        final Map<String, CallRow> calls = new LinkedHashMap<>();
        final Map<String, TraceSnapshot> traces = new LinkedHashMap<>();

        @Override
        public CompletionStage<Optional<Traced>> trace(String callId) {
            CallRow row = calls.get(callId);
            TraceSnapshot trace = traces.get(callId);
            return now(
                    row == null || trace == null
                            ? Optional.empty()
                            : Optional.of(new Traced(row, trace)));
        }

        @Override
        public CompletionStage<List<CallRow>> list() {
            return now(List.copyOf(calls.values()));
        }

        @Override
        public CompletionStage<Optional<CallRow>> get(String callId) {
            return now(Optional.ofNullable(calls.get(callId)));
        }

        @Override
        public CompletionStage<Boolean> hangUp(String callId) {
            givenUp.complete(callId);
            return now(calls.remove(callId) != null);
        }

        @Override
        public CompletionStage<Pressing> press(
                String callId, String digits, int toneMillis, int gapMillis) {
            pressed.add(digits + " " + toneMillis + " " + gapMillis);
            return now(calls.containsKey(callId) ? Pressing.DONE : Pressing.NO_SUCH_CALL);
        }

        final List<String> pressed = new ArrayList<>();

        /** Where calls were sent to, and what becomes of the next. */
        final List<String> transferred = new ArrayList<>();

        LiveCalls.Transferring transferring = new LiveCalls.Transferring.NotTalking();

        /** Calls and rooms that they were brought into, and what comes of the next. */
        final List<String> moved = new ArrayList<>();

        Moving moving = Moving.DONE;

        @Override
        public CompletionStage<Transferring> connect(String callId, String otherId) {
            transferred.add("replaces " + otherId);
            return now(calls.containsKey(callId) ? transferring : new Transferring.NoSuchCall());
        }

        @Override
        public CompletionStage<Moving> move(String callId, RoomRow to, String userId) {
            moved.add(callId + " " + to.id() + " " + userId);
            return now(calls.containsKey(callId) ? moving : Moving.NO_SUCH_CALL);
        }

        @Override
        public CompletionStage<Transferring> transfer(String callId, String to) {
            transferred.add(to);
            return now(calls.containsKey(callId) ? transferring : new Transferring.NoSuchCall());
        }

        /** What was ordered, and how far the next order comes. */
        final List<CallOrder> orders = new ArrayList<>();

        volatile String nextId = "";
        final CompletableFuture<CallOrder> ordered = new CompletableFuture<>();
        final CompletableFuture<String> givenUp = new CompletableFuture<>();
        CompletionStage<Optional<CallEnd>> recorded = now(Optional.empty());
        CompletionStage<Optional<CallEnd>> sent = now(Optional.empty());
        CompletionStage<Optional<CallEnd>> ringing = now(Optional.empty());
        CompletionStage<Optional<CallEnd>> answered = now(Optional.empty());

        /** Orders that were only listed, and why. */
        final Map<CallOrder, CallEnd> refused = new LinkedHashMap<>();

        @Override
        public Placing refuse(CallOrder order, CallEnd why) {
            refused.put(order, why);
            CompletionStage<Optional<CallEnd>> end = now(Optional.of(why));
            return new Placing("call_refused" + refused.size(), end, end, end, end);
        }

        @Override
        public Placing place(CallOrder order) {
            orders.add(order);
            ordered.complete(order);
            String id = nextId.isEmpty() ? "call_placed" + orders.size() : nextId;
            calls.put(id, ApiServer.outbound(id, order));
            return new Placing(id, recorded, sent, ringing, answered);
        }
    }

    static final class FakeState implements ServerState {
        volatile boolean draining;
        volatile List<String> overloadedBecause = List.of();

        @Override
        public List<String> overloadedBecause() {
            return overloadedBecause;
        }

        @Override
        public Instant startedAt() {
            return Instant.parse("2026-11-21T11:00:00Z");
        }

        @Override
        public boolean draining() {
            return draining;
        }

        @Override
        public void drain() {
            draining = true;
        }

        @Override
        public void resume() {
            draining = false;
        }

        @Override
        public Optional<String> notReadyBecause() {
            return draining ? Optional.of("The server is draining.") : Optional.empty();
        }
    }

    static final class FakeRefusals implements Refusals {
        final List<Refusal> refusals = new ArrayList<>();
        volatile @Nullable Error broken;

        @Override
        public List<Refusal> list() {
            Error fault = broken;
            if (fault != null) {
                throw fault;
            }
            return refusals;
        }
    }
}
