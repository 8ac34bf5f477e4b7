package dev.roomline.bridge.entry;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which phones accounts have now. Thread-safe. */
@FunctionalInterface
public interface AccountStates {

    /** By user name, the one that is called first in front; an account without any may lack. */
    CompletionStage<Map<String, List<RegisteredPhone>>> phones(Collection<String> usernames);

    /** Where nobody registers. */
    AccountStates NONE = _ -> CompletableFuture.completedStage(Map.of());
}
