package dev.roomline.bridge.inbound;

import dev.roomline.bridge.store.AccountRow;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Accounts, asked for without blocking whoever asks. */
@FunctionalInterface
public interface AccountBook {
    CompletionStage<Optional<AccountRow>> byUsername(String username);
}
