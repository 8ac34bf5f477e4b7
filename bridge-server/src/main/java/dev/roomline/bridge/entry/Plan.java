package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.store.RouteRow;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.TrunkRow;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings trunks and routes, as the store has them, to those who live by them. Blocks: virtual
 * threads only. Thread-safe.
 */
public final class Plan {
    private final Store store;
    private final List<Follower> followers;
    private final ReentrantLock one = new ReentrantLock();

    /** Lives by trunks and routes. Called on a virtual thread. */
    @FunctionalInterface
    public interface Follower {
        /** Ends when these hold. Both are in the order in which they are asked. */
        CompletionStage<Void> follow(List<Trunk> trunks, List<Route> routes);
    }

    public Plan(Store store, List<Follower> followers) {
        this.store = store;
        this.followers = List.copyOf(followers);
    }

    /** Reads them anew; returns when they hold everywhere. What came later is never overtaken. */
    public void refresh() {
        one.lock();
        try {
            List<Trunk> trunks = store.trunks().all().stream().map(TrunkRow::trunk).toList();
            List<Route> routes = store.routes().all().stream().map(RouteRow::route).toList();
            for (Follower follower : followers) {
                follower.follow(trunks, routes).toCompletableFuture().join();
            }
        } catch (CompletionException e) {
            throw new IllegalStateException("trunks and routes are stored, but not in force", e);
        } finally {
            one.unlock();
        }
    }
}
