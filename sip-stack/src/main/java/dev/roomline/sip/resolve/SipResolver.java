package dev.roomline.sip.resolve;

import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.function.Consumer;

/** Finds the addresses behind a SIP URI (RFC 3263 §4). Owner: the signalling loop. */
@FunctionalInterface
public interface SipResolver {

    /**
     * @param answer is given the targets in the order in which to try them, empty if there are none
     *     for whatever reason; called once, on the loop, at once or later
     */
    void resolve(SipUri uri, Consumer<List<Target>> answer);
}
