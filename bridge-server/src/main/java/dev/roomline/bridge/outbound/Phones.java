package dev.roomline.bridge.outbound;

import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.Way;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Phones that registered here, as ways for a call. On the signalling loop. */
public interface Phones {
    /** Nobody registers. */
    Phones NONE =
            new Phones() {
                @Override
                public List<Way> waysTo(
                        String account,
                        CallOrder order,
                        List<String> codecs,
                        Encryption encryption) {
                    return List.of();
                }

                @Override
                public CompletionStage<Boolean> known(String account) {
                    return CompletableFuture.completedStage(false);
                }
            };

    /**
     * @param codecs names in our order of preference
     * @param encryption of its media
     * @return the best first; empty where no phone of the account is registered now
     */
    List<Way> waysTo(String account, CallOrder order, List<String> codecs, Encryption encryption);

    /** Whether there is such an account at all: a phone of it may register later. */
    CompletionStage<Boolean> known(String account);
}
