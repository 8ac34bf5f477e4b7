package dev.roomline.bridge.call;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How far a call that we place has come, for whoever waits: each stage ends empty when it is
 * reached, or with how the call ended before. Owner: the signalling loop.
 */
final class Milestones {
    final CompletableFuture<Optional<CallEnd>> recorded = new CompletableFuture<>();
    final CompletableFuture<Optional<CallEnd>> sent = new CompletableFuture<>();
    final CompletableFuture<Optional<CallEnd>> ringing = new CompletableFuture<>();
    final CompletableFuture<Optional<CallEnd>> answered = new CompletableFuture<>();

    void recorded() {
        recorded.complete(Optional.empty());
    }

    void sent() {
        sent.complete(Optional.empty());
    }

    /**
     * @return false if that was known
     */
    boolean ringing() {
        return ringing.complete(Optional.empty());
    }

    void answered() {
        ringing.complete(Optional.empty());
        answered.complete(Optional.empty());
    }

    void over(CallEnd end) {
        recorded.complete(Optional.of(end));
        sent.complete(Optional.of(end));
        ringing.complete(Optional.of(end));
        answered.complete(Optional.of(end));
    }
}
