package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** {@link IdempotentAnswers} over JDBI. Thread-safe. */
final class SqlIdempotentAnswers implements IdempotentAnswers {
    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;

    SqlIdempotentAnswers(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
        this.clock = clock;
    }

    @Override
    public Optional<Kept> find(String name, Instant since) {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT request_sha256, answer_sealed FROM"
                                                + " idempotent_answers WHERE name = :name AND"
                                                + " created_at >= :since")
                                .bind("name", name)
                                .bind("since", since.toEpochMilli())
                                .map(
                                        (row, context) ->
                                                new Kept(
                                                        row.getString(1),
                                                        box.unseal(row.getString(2), place(name))
                                                                .value()))
                                .findOne());
    }

    @Override
    public void keep(String name, Kept kept, int most) {
        connections.rewrite(
                handle -> {
                    handle.createUpdate(
                                    "INSERT INTO idempotent_answers (name, request_sha256,"
                                            + " answer_sealed, created_at) VALUES (:name, :request,"
                                            + " :answer, :at) ON CONFLICT (name) DO UPDATE SET"
                                            + " request_sha256 = excluded.request_sha256,"
                                            + " answer_sealed = excluded.answer_sealed, created_at"
                                            + " = excluded.created_at")
                            .bind("name", name)
                            .bind("request", kept.requestSha256())
                            .bind("answer", box.seal(new Secret(kept.answer()), place(name)))
                            .bind("at", clock.instant().toEpochMilli())
                            .execute();
                    return handle.createUpdate(
                                    "DELETE FROM idempotent_answers WHERE name IN (SELECT name FROM"
                                            + " idempotent_answers ORDER BY created_at DESC, name"
                                            + " DESC LIMIT 1000 OFFSET :most)")
                            .bind("most", most)
                            .execute();
                });
    }

    @Override
    public int deleteBefore(Instant limit) {
        return connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "DELETE FROM idempotent_answers WHERE created_at < :limit")
                                .bind("limit", limit.toEpochMilli())
                                .execute());
    }

    private static Place place(String name) {
        return new Place("idempotent_answers", "answer_sealed", name);
    }
}
