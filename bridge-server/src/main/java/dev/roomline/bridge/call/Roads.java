package dev.roomline.bridge.call;

import dev.roomline.sip.message.SipUri;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the road to a SIP URI. On the signalling loop; the answer is given there, at once or later.
 */
@FunctionalInterface
public interface Roads {
    /**
     * @param found gets empty where the name has no address that we can send to
     */
    void find(SipUri uri, Consumer<Optional<Road>> found);
}
