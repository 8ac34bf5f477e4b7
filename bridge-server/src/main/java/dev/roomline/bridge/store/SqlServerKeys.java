package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** {@link ServerKeys} over JDBI. Thread-safe. */
final class SqlServerKeys implements ServerKeys {
    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;

    SqlServerKeys(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
        this.clock = clock;
    }

    @Override
    public Secret keep(String name, Supplier<Secret> fresh) {
        Optional<Secret> kept = connections.read(handle -> find(handle, name));
        if (kept.isPresent()) {
            return kept.get();
        }
        // made before the transaction: it may take a while
        Secret made = fresh.get();
        return connections.write(
                handle -> {
                    handle.createUpdate(
                                    "INSERT INTO server_keys (name, key_sealed, created_at) VALUES"
                                            + " (:name, :key, :at) ON CONFLICT (name) DO NOTHING")
                            .bind("name", name)
                            .bind("key", box.seal(made, place(name)))
                            .bind("at", clock.instant().toEpochMilli())
                            .execute();
                    return find(handle, name).orElseThrow();
                });
    }

    private Optional<Secret> find(Handle handle, String name) {
        return handle.createQuery("SELECT key_sealed FROM server_keys WHERE name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne()
                .map(text -> box.unseal(text, place(name)));
    }

    private static Place place(String name) {
        return new Place("server_keys", "key_sealed", name);
    }
}
