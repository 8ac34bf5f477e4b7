package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.TraceJson;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How rows of many calls share a commit. The executor runs when the test says so. */
final class StoredCallsTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final RecordedStore store = new RecordedStore();
    private final StoredCalls records =
            new StoredCalls(store, new TraceJson(new Redaction(List.of())), tasks::add);

    @Test
    void rowsThatWaitTogetherShareOneTransactionInTheirOrder() {
        List<CompletableFuture<Void>> told = putAll("a", "b", "c");
        assertThat(told).noneMatch(CompletableFuture::isDone);
        assertThat(records.underWay()).isEqualTo(3);

        assertThat(tasks).as("one writer for all").hasSize(1);
        tasks.remove().run();

        assertThat(store.transactions).containsExactly(List.of("a", "b", "c"));
        assertThat(told).allMatch(one -> one.isDone() && !one.isCompletedExceptionally());
        assertThat(records.underWay()).isZero();
    }

    @Test
    void aRowThatCameDuringACommitIsInTheNextOne() {
        List<CompletableFuture<Void>> late = new ArrayList<>();
        store.duringFirst = () -> late.addAll(putAll("b", "c"));
        putAll("a");

        tasks.remove().run();

        assertThat(store.transactions).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(late).allMatch(CompletableFuture::isDone);
        assertThat(tasks).as("no second writer").isEmpty();
    }

    @Test
    void aTransactionHasABound() {
        putAll(
                IntStream.range(0, StoredCalls.MOST_TOGETHER + 1)
                        .mapToObj(i -> "call" + i)
                        .toArray(String[]::new));

        tasks.remove().run();

        assertThat(store.transactions.stream().map(List::size))
                .containsExactly(StoredCalls.MOST_TOGETHER, 1);
    }

    @Test
    void aRowThatCannotBeStoredFailsAlone() {
        store.refused = List.of("b");
        List<CompletableFuture<Void>> told = putAll("a", "b", "c");

        tasks.remove().run();

        assertThat(told.stream().map(CompletableFuture::isCompletedExceptionally))
                .containsExactly(false, true, false);
        assertThat(store.transactions).containsExactly(List.of("a"), List.of("c"));
        assertThat(records.underWay()).isZero();
    }

    @Test
    void aStoreThatIsAwayIsNotAskedForEachRow() {
        store.refused = List.of("a", "b", "c", "d", "e");
        List<CompletableFuture<Void>> told = putAll("a", "b", "c", "d", "e");

        tasks.remove().run();

        assertThat(told).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(store.asked).as("once together, then until the second fails").isEqualTo(3);
        assertThat(records.underWay()).isZero();
    }

    @Test
    void whatAStalledStoreLeavesWaitingHasABound() {
        for (int i = 0; i < StoredCalls.MOST_WAITING; i++) {
            records.put(record("call" + i));
        }

        CompletableFuture<Void> refused = records.put(record("beyond")).toCompletableFuture();

        assertThatThrownBy(refused::join).hasMessageContaining("wait for the store");
        assertThat(records.underWay()).isEqualTo(StoredCalls.MOST_WAITING);
    }

    private List<CompletableFuture<Void>> putAll(String... ids) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (String id : ids) {
            told.add(records.put(record(id)).toCompletableFuture());
        }
        return told;
    }

    private static CallRecord record(String id) {
        return new CallRecord(row(id), Course.NONE, Optional.empty(), List.of(), null);
    }

    private static CallRow row(String id) {
        return new CallRow(
                id,
                "inbound",
                "ringing",
                null,
                null,
                null,
                null,
                "",
                "",
                null,
                null,
                id,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                0,
                null,
                "{}");
    }

    private static final class RecordedStore implements Calls {
        final List<List<String>> transactions = new ArrayList<>();
        List<String> refused = List.of();
        int asked;
        @Nullable Runnable duringFirst;

        @Override
        public void putAll(List<Entry> entries) {
            asked++;
            List<String> ids = entries.stream().map(entry -> entry.row().id()).toList();
            if (ids.stream().anyMatch(refused::contains)) {
                throw new IllegalStateException("refused");
            }
            transactions.add(ids);
            Runnable meanwhile = duringFirst;
            duringFirst = null;
            if (meanwhile != null) {
                meanwhile.run();
            }
        }

        @Override
        public Optional<CallRow> find(String id) {
            return Optional.empty();
        }

        @Override
        public Optional<String> trace(String callId) {
            return Optional.empty();
        }

        @Override
        public Slice placed(Placed which, int offset, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<CallRow> list(Filter filter, Page.@Nullable Cursor after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long count(Filter filter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<CallRow> open() {
            return List.of();
        }

        @Override
        public int endCrashed(Instant now) {
            return 0;
        }

        @Override
        public int deleteEndedBefore(Instant limit) {
            return 0;
        }

        @Override
        public int deleteTracesEndedBefore(Instant limit) {
            return 0;
        }
    }
}
