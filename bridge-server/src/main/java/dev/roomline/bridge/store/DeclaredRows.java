package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Makes the store's rows of {@code source: file} equal to what the file declares now. A row's id
 * follows from its name, so that it is the same after each start; what the API made under a name
 * that is now declared becomes the file's.
 */
final class DeclaredRows {
    private final SqlRooms rooms;
    private final SqlAccounts accounts;
    private final SqlApiKeys keys;
    private final SqlTrunks trunks;
    private final SqlWebhooks webhooks;

    DeclaredRows(
            SqlRooms rooms,
            SqlAccounts accounts,
            SqlApiKeys keys,
            SqlTrunks trunks,
            SqlWebhooks webhooks) {
        this.rooms = rooms;
        this.accounts = accounts;
        this.keys = keys;
        this.trunks = trunks;
        this.webhooks = webhooks;
    }

    /**
     * @param realm that the accounts' passwords are hashed with
     */
    void write(Handle handle, Declared declared, String realm, Instant now) {
        rooms.declare(handle, declared.rooms(), DeclaredRows::roomId, now);
        accounts(handle, declared.accounts(), realm, now);
        apiKeys(handle, declared.keys(), now);
        trunks(handle, declared.trunks(), now);
        routes(handle, declared.routes(), now);
        webhooks(handle, declared.webhooks(), now);
    }

    private void accounts(
            Handle handle, List<Declared.Account> declared, String realm, Instant now) {
        Set<String> names = new HashSet<>();
        declared.forEach(account -> names.add(account.username()));
        stale(handle, "accounts", "username", names, n -> delete(handle, "accounts.username", n));
        for (Declared.Account account : declared) {
            accounts.declare(
                    handle,
                    "acct_" + derived(account.username()),
                    account.username(),
                    realm,
                    account.password(),
                    account.rooms(),
                    now);
        }
    }

    private void apiKeys(Handle handle, List<Declared.Key> declared, Instant now) {
        Set<String> names = new HashSet<>();
        declared.forEach(key -> names.add(key.key()));
        stale(handle, "api_keys", "api_key", names, n -> delete(handle, "api_keys.api_key", n));
        for (Declared.Key key : declared) {
            keys.declare(handle, "key_" + derived(key.key()), key, now);
        }
    }

    private void trunks(Handle handle, List<Declared.Trunk> declared, Instant now) {
        Set<String> ids = new HashSet<>();
        declared.forEach(trunk -> ids.add(trunk.id()));
        stale(handle, "trunks", "id", ids, id -> trunks.remove(handle, id));
        int position = 0;
        for (Declared.Trunk trunk : declared) {
            trunks.declare(handle, trunk, position++, now);
        }
    }

    private static void routes(Handle handle, List<Declared.Route> declared, Instant now) {
        Set<String> ids = new HashSet<>();
        declared.forEach(route -> ids.add(routeId(route)));
        stale(handle, "routes", "id", ids, id -> SqlRoutes.remove(handle, id));
        int position = 0;
        for (Declared.Route route : declared) {
            SqlRoutes.declare(handle, routeId(route), route, position++, now);
        }
    }

    private void webhooks(Handle handle, List<Declared.Webhook> declared, Instant now) {
        Map<String, Declared.Webhook> byId = new LinkedHashMap<>();
        for (Declared.Webhook webhook : declared) {
            // the same address may be told twice, of other events or in another format
            int copy = 0;
            while (byId.containsKey(webhookId(webhook, copy))) {
                copy++;
            }
            byId.put(webhookId(webhook, copy), webhook);
        }
        stale(handle, "webhooks", "id", byId.keySet(), id -> webhooks.remove(handle, id));
        int position = 0;
        for (Map.Entry<String, Declared.Webhook> one : byId.entrySet()) {
            webhooks.declare(handle, one.getKey(), one.getValue(), position++, now);
        }
    }

    private static void stale(
            Handle handle,
            String table,
            String column,
            Set<String> declared,
            Consumer<String> remove) {
        handle
                .createQuery("SELECT " + column + " FROM " + table + " WHERE source = 'file'")
                .mapTo(String.class)
                .list()
                .stream()
                .filter(name -> !declared.contains(name))
                .forEach(remove);
    }

    private static void delete(Handle handle, String column, String value) {
        int dot = column.indexOf('.');
        handle.createUpdate(
                        "DELETE FROM %s WHERE %s = :value"
                                .formatted(column.substring(0, dot), column.substring(dot + 1)))
                .bind("value", value)
                .execute();
    }

    private static String roomId(Declared.Room room) {
        return "room_" + derived(room.name());
    }

    private static String routeId(Declared.Route route) {
        return "route_" + derived(route.number() + "\n" + route.trunk());
    }

    private static String webhookId(Declared.Webhook webhook, int copy) {
        return "hook_" + derived(webhook.format() + "\n" + webhook.url() + "\n" + copy);
    }

    private static String derived(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
