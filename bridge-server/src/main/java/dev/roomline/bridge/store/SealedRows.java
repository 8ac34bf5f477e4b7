package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * All columns that are sealed. At start it is proven that our key opens them, and what an older key
 * or an older version left is sealed anew, in one transaction: afterwards the older key is not
 * needed any more.
 */
final class SealedRows {
    private static final Place PROOF = new Place("meta", "value", "sealed_proof");
    private static final Secret PROVEN = new Secret("roomline");

    /** How a column was written before texts bore a version. */
    private enum Before {
        SEALED,
        PLAIN
    }

    private record Column(String table, String id, String column, Before before) {}

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("api_keys", "id", "secret_sealed", Before.SEALED),
                    new Column("accounts", "id", "ha1_md5", Before.PLAIN),
                    new Column("accounts", "id", "ha1_sha256", Before.PLAIN),
                    new Column("room_codes", "code_key", "pin", Before.PLAIN),
                    new Column("trunks", "id", "settings_sealed", Before.SEALED),
                    new Column("webhooks", "id", "secret_sealed", Before.SEALED),
                    new Column("webhooks", "id", "headers_sealed", Before.SEALED),
                    new Column("idempotent_answers", "name", "answer_sealed", Before.SEALED),
                    new Column("server_keys", "name", "key_sealed", Before.SEALED));

    private final SecretBox box;

    SealedRows(SecretBox box) {
        this.box = box;
    }

    /**
     * Whether anything here was sealed before.
     *
     * @throws StoreException with a sentence, where our key is not the one
     */
    void prove(Handle handle) {
        handle.createQuery("SELECT value FROM meta WHERE name = :name")
                .bind("name", PROOF.row())
                .mapTo(String.class)
                .findOne()
                .ifPresent(text -> box.unseal(text, PROOF));
    }

    void sealAnew(Handle handle) {
        for (Column column : COLUMNS) {
            sealAnew(handle, column);
        }
        handle.createUpdate(
                        "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name)"
                                + " DO UPDATE SET value = excluded.value")
                .bind("name", PROOF.row())
                .bind("value", box.seal(PROVEN, PROOF))
                .execute();
    }

    private void sealAnew(Handle handle, Column column) {
        List<Sealed> rows =
                handle.createQuery(
                                "SELECT %s, %s FROM %s WHERE %s <> ''"
                                        .formatted(
                                                column.id(),
                                                column.column(),
                                                column.table(),
                                                column.column()))
                        .map((row, context) -> new Sealed(row.getString(1), row.getString(2)))
                        .list();
        for (Sealed old : rows) {
            if (!box.isCurrent(old.text())) {
                Place place = new Place(column.table(), column.column(), old.id());
                handle.createUpdate(
                                "UPDATE %s SET %s = :sealed WHERE %s = :id"
                                        .formatted(column.table(), column.column(), column.id()))
                        .bind("sealed", box.seal(open(column, old.text(), place), place))
                        .bind("id", old.id())
                        .execute();
            }
        }
    }

    private record Sealed(String id, String text) {}

    private Secret open(Column column, String text, Place place) {
        if (SecretBox.hasVersion(text)) {
            return box.unseal(text, place);
        }
        return switch (column.before()) {
            case SEALED -> box.unsealUnversioned(text);
            case PLAIN -> new Secret(text);
        };
    }
}
