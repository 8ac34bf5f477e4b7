package dev.roomline.bridge.inbound;

import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.Accounts;
import dev.roomline.bridge.store.Recalled;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Accounts, asked for without blocking whoever asks. */
@FunctionalInterface
public interface AccountBook {
    CompletionStage<Optional<AccountRow>> byUsername(String username);

    /** From memory where it knows, else on the executor, which may block. */
    static AccountBook of(Accounts stored, Executor blocking) {
        return username ->
                switch (stored.recall(username)) {
                    case Recalled.Known<AccountRow>(Optional<AccountRow> account) ->
                            CompletableFuture.completedStage(account);
                    case Recalled.Unknown<AccountRow> _ ->
                            CompletableFuture.supplyAsync(
                                    () -> stored.byUsername(username), blocking);
                };
    }
}
