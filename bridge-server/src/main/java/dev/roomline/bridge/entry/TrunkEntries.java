package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import dev.roomline.bridge.trace.Redaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SIP peers. Nobody is shown a password, or the value of a required header: where one stands, there
 * is {@link Redaction#HIDDEN}, and who sends that back leaves it as it is. Blocks: virtual threads
 * only.
 */
public final class TrunkEntries implements Ledger<TrunkRow, TrunkRow> {
    private final Trunks trunks;
    private final Plan plan;

    public TrunkEntries(Trunks trunks, Plan plan) {
        this.trunks = trunks;
        this.plan = plan;
    }

    @Override
    public Page<TrunkRow> list(Page.@Nullable Cursor after, int limit) {
        return trunks.list(after, limit);
    }

    @Override
    public Optional<TrunkRow> find(String id) {
        return trunks.find(id);
    }

    /** Without an id one is made, of the name where there is one. */
    @Override
    public Result<TrunkRow> create(Map<String, ?> fields) {
        Map<String, Object> wanted = new LinkedHashMap<>(Given.of(fields));
        boolean named = wanted.containsKey("id");
        if (!named && !wanted.containsKey("name")) {
            wanted.put("id", Names.id("trunk"));
        }
        return switch (Entries.trunk(wanted)) {
            case Entries.Read.Bad<Trunk>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Trunk>(var trunk) -> {
                Change<TrunkRow> change = trunks.create(trunk);
                if (change instanceof Change.Taken<TrunkRow> && !named) {
                    wanted.put("id", Names.id("trunk"));
                    yield create(wanted);
                }
                yield inForce(Result.of(change, row -> row));
            }
        };
    }

    @Override
    public Result<TrunkRow> update(String id, Map<String, ?> patch) {
        if (patch.containsKey("id")) {
            return Result.invalid("id", "to be left out: it cannot be changed");
        }
        // decided inside the transaction, since the patch says what changes, not what it was
        List<Fault> faults = new ArrayList<>();
        Change<TrunkRow> change =
                trunks.update(
                        id,
                        was ->
                                switch (Entries.trunk(patched(was, patch))) {
                                    case Entries.Read.Bad<Trunk> bad -> {
                                        faults.clear();
                                        faults.addAll(bad.faults());
                                        yield Optional.empty();
                                    }
                                    case Entries.Read.Good<Trunk> good -> Optional.of(good.value());
                                });
        return faults.isEmpty()
                ? inForce(Result.of(change, row -> row))
                : new Result.Invalid<>(faults);
    }

    private static Map<String, Object> patched(Trunk was, Map<String, ?> patch) {
        Map<String, Object> wanted = Entries.fields(was);
        wanted.put("password", was.password().value());
        Given.patch(wanted, patch);
        wanted.computeIfPresent("require_headers", (_, to) -> unhidden(to, was.requireHeaders()));
        return wanted;
    }

    static Object unhidden(Object wanted, Map<String, String> was) {
        if (!(wanted instanceof Map<?, ?> headers)) {
            return wanted;
        }
        Map<Object, Object> whole = new LinkedHashMap<>(headers);
        whole.replaceAll(
                (name, value) ->
                        Redaction.HIDDEN.equals(value) && was.containsKey(String.valueOf(name))
                                ? String.valueOf(was.get(String.valueOf(name)))
                                : value);
        return whole;
    }

    @Override
    public Result<TrunkRow> delete(String id) {
        return inForce(Result.of(trunks.delete(id), row -> row));
    }

    private Result<TrunkRow> inForce(Result<TrunkRow> result) {
        if (result instanceof Result.Done<TrunkRow>) {
            plan.refresh();
        }
        return result;
    }
}
