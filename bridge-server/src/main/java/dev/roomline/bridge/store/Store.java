package dev.roomline.bridge.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.RoomlineConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the process: all rows, in SQLite or PostgreSQL (see {@link Database}). What returns
 * has been committed. Accounts, and codes that were dialled of late, are also kept in memory
 * ({@link AccountIndex}, {@link CodeMemory}), which every change made through here keeps true: the
 * database is this process's alone. Blocks, but for what says that it recalls: virtual threads
 * only. Thread-safe.
 */
public final class Store implements AutoCloseable {
    private final HikariDataSource source;
    private final StatementTimes times = new StatementTimes();
    private final InstantSource clock;
    private final String realm;
    private final Connections connections;
    private final SqlRooms rooms;
    private final SqlAccounts accounts;
    private final SqlApiKeys apiKeys;
    private final SqlTrunks trunks;
    private final SqlRoutes routes;
    private final SqlWebhooks webhooks;
    private final Deliveries deliveries;
    private final IdempotentAnswers idempotentAnswers;
    private final ServerKeys serverKeys;
    private final Passthrough passthrough;
    private final Calls calls;
    private final Notes notes;
    private final DeclaredRows declaredRows;

    private Store(HikariDataSource source, String realm, SecretBox box, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.realm = realm;
        Jdbi jdbi = Jdbi.create(source);
        jdbi.setSqlLogger(times);
        this.connections = new Connections(jdbi);
        this.rooms = new SqlRooms(connections, box, clock);
        this.accounts = new SqlAccounts(connections, box, clock);
        this.apiKeys = new SqlApiKeys(connections, box, clock);
        this.trunks = new SqlTrunks(connections, box, clock);
        this.routes = new SqlRoutes(connections, clock);
        this.webhooks = new SqlWebhooks(connections, box, clock);
        this.deliveries = new SqlDeliveries(connections, clock);
        this.idempotentAnswers = new SqlIdempotentAnswers(connections, box, clock);
        this.serverKeys = new SqlServerKeys(connections, box, clock);
        this.calls = new SqlCalls(connections);
        this.passthrough = new SqlPassthrough(connections);
        this.notes = new SqlNotes(connections);
        this.declaredRows = new DeclaredRows(rooms, accounts, apiKeys, trunks, webhooks);
    }

    /**
     * Makes the data folder (mode 0700) and the SQLite database where they are missing, migrates,
     * proves the key that secrets are sealed with, and writes what the file declares.
     *
     * @throws StoreException with a sentence for the operator
     */
    public static Store open(RoomlineConfig config, InstantSource clock) {
        HikariDataSource source = null;
        try {
            PrivateFiles.folder(config.dataDir());
            SecretBox box = SecretBox.open(config.dataDir(), config.database().key());
            source = Database.open(config);
            Store store = new Store(source, config.sip().realm(), box, clock);
            store.prepare(box, config.declared());
            return store;
        } catch (IOException e) {
            close(source);
            throw new StoreException(
                    "The data folder " + config.dataDir() + " cannot be used: " + e.getMessage(),
                    e);
        } catch (StoreException e) {
            close(source);
            throw e;
        } catch (JdbiException e) {
            close(source);
            throw new StoreException("The database cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void close(@Nullable HikariDataSource source) {
        if (source != null) {
            source.close();
        }
    }

    private void prepare(SecretBox box, Declared declared) throws IOException {
        SealedRows seals = new SealedRows(box);
        connections.read(
                handle -> {
                    seals.prove(handle);
                    return true;
                });
        box.keep();
        redeclaring(
                handle -> {
                    seals.sealAnew(handle);
                    declaredRows.write(handle, declared, realm, clock.instant());
                    return true;
                });
        accounts.remember();
    }

    /** What is kept in memory is forgotten with it. */
    private <T> T redeclaring(Connections.Work<T> work) {
        return accounts.all(() -> rooms.all(() -> connections.rewrite(work)));
    }

    /**
     * Makes the rows of the file what it declares now, all of them or none. Passwords are hashed
     * with the realm that the server runs with.
     */
    public Redeclared declare(Declared declared) {
        return redeclaring(
                handle -> {
                    Map<String, Map<String, Object>> before = ofFile(handle);
                    declaredRows.write(handle, declared, realm, clock.instant());
                    Map<String, Map<String, Object>> after = ofFile(handle);
                    Map<String, Redeclared.Kind> kinds = new LinkedHashMap<>();
                    after.forEach(
                            (kind, rows) ->
                                    kinds.put(
                                            kind,
                                            Redeclared.Kind.between(
                                                    before.getOrDefault(kind, Map.of()), rows)));
                    return new Redeclared(kinds);
                });
    }

    /** By kind and name, what can be compared. */
    private Map<String, Map<String, Object>> ofFile(Handle handle) {
        Map<String, Map<String, Object>> kinds = new LinkedHashMap<>();
        kinds.put("keys", apiKeys.ofFile(handle));
        kinds.put("accounts", accounts.ofFile(handle));
        kinds.put("rooms", rooms.ofFile(handle));
        kinds.put("trunks", trunks.ofFile(handle));
        kinds.put("routes", SqlRoutes.ofFile(handle));
        kinds.put("webhooks", webhooks.ofFile(handle));
        return kinds;
    }

    /** Tells how long statements take from now on. */
    public void tell(StoreWatch watch) {
        times.tell(watch);
    }

    public Rooms rooms() {
        return rooms;
    }

    public Accounts accounts() {
        return accounts;
    }

    public ApiKeys apiKeys() {
        return apiKeys;
    }

    public Trunks trunks() {
        return trunks;
    }

    public InboundRoutes routes() {
        return routes;
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    public Deliveries deliveries() {
        return deliveries;
    }

    public IdempotentAnswers idempotentAnswers() {
        return idempotentAnswers;
    }

    public ServerKeys serverKeys() {
        return serverKeys;
    }

    public Passthrough passthrough() {
        return passthrough;
    }

    public Calls calls() {
        return calls;
    }

    public Notes notes() {
        return notes;
    }

    @Override
    public void close() {
        source.close();
    }
}
