package dev.roomline.bridge.outbound;

import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.Way;
import java.util.List;

/** Phones that registered here, as ways for a call. On the signalling loop. */
@FunctionalInterface
public interface Phones {
    /** Nobody registers. */
    Phones NONE = (_, _, _) -> List.of();

    /**
     * @param codecs names in our order of preference
     * @return the best first; empty where no phone of the account is registered now
     */
    List<Way> waysTo(String account, CallOrder order, List<String> codecs);
}
