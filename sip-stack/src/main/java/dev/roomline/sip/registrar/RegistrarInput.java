package dev.roomline.sip.registrar;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.SipRequest;

/** What happens to a {@link Registrar}. */
public sealed interface RegistrarInput {

    /**
     * A REGISTER of whoever proved to be this account, whose own address-of-record it names. Told
     * at once: exactly one {@link RegistrarOutbox#answer}.
     */
    record Register(String account, SipRequest request, Flow flow) implements RegistrarInput {}

    /** A stream is closed: who came over it is reached no more. */
    record FlowEnded(long connection) implements RegistrarInput {}

    /** The account is no more, or its phones must prove themselves anew. */
    record Forget(String account) implements RegistrarInput {}

    record DeadlineReached() implements RegistrarInput {}
}
