package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.store.Redeclared;
import dev.roomline.bridge.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration anew while the server runs. What the file declares in lists (keys,
 * accounts, rooms, trunks, routes, webhooks) is in force when this returns; of all else it is told
 * which keys differ from those that the server was started with, and wait for a restart. A file
 * with a fault changes nothing. Blocks: virtual threads only. Thread-safe.
 */
public final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    private static final List<String> DECLARED =
            List.of("api.keys", "accounts", "rooms", "trunks", "routes", "webhooks");

    private final Map<String, String> running;
    private final Supplier<ConfigLoader.Outcome> again;
    private final Store store;
    private final Plan plan;
    private final Runnable webhooksChanged;
    private final Consumer<String> accountChanged;
    private final ReentrantLock one = new ReentrantLock();

    /**
     * @param running what each key had when the server was started
     * @param accountChanged told the user name of each account that was changed or removed
     */
    public Reload(
            Map<String, String> running,
            Supplier<ConfigLoader.Outcome> again,
            Store store,
            Plan plan,
            Runnable webhooksChanged,
            Consumer<String> accountChanged) {
        this.running = Map.copyOf(running);
        this.again = again;
        this.store = store;
        this.plan = plan;
        this.webhooksChanged = webhooksChanged;
        this.accountChanged = accountChanged;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /**
         * @param needsRestart keys whose new value is not in force
         */
        record Reloaded(Redeclared changed, List<String> needsRestart, List<String> warnings)
                implements Outcome {}

        /** All is as it was. */
        record Faulty(List<Fault> faults) implements Outcome {}
    }

    public Outcome reload() {
        one.lock();
        try {
            return switch (again.get()) {
                case ConfigLoader.Outcome.Faulty(List<Fault> faults) -> {
                    LOG.warn(
                            "event=reload_refused faults={} first=\"{}\"",
                            faults.size(),
                            faults.getFirst());
                    yield new Outcome.Faulty(faults);
                }
                case ConfigLoader.Outcome.Loaded loaded -> reloaded(loaded);
            };
        } finally {
            one.unlock();
        }
    }

    private Outcome reloaded(ConfigLoader.Outcome.Loaded loaded) {
        Declared declared = loaded.config().declared();
        Redeclared changed = store.declare(declared);
        plan.refresh();
        webhooksChanged.run();
        changed.kind("accounts").changed().forEach(accountChanged);
        changed.kind("accounts").removed().forEach(accountChanged);
        List<String> waiting = needsRestart(loaded.values());
        LOG.info("event=reloaded needs_restart={}", waiting);
        return new Outcome.Reloaded(changed, waiting, loaded.warnings());
    }

    private List<String> needsRestart(Map<String, String> now) {
        TreeSet<String> keys = new TreeSet<>(running.keySet());
        keys.addAll(now.keySet());
        List<String> differ = new ArrayList<>();
        for (String key : keys) {
            if (DECLARED.stream().noneMatch(list -> key.equals(list) || key.startsWith(list + "["))
                    && !Objects.equals(running.get(key), now.get(key))) {
                differ.add(key);
            }
        }
        return differ;
    }
}
