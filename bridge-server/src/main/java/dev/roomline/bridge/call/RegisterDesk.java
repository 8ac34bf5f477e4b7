package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.message.SipRequest;

/** Who answers REGISTER. On the signalling loop. */
public interface RegisterDesk {

    /** A REGISTER outside any dialog; it is answered now or later. */
    void register(RequestId request, SipRequest register, Flow flow);

    /** Whether a phone is reached by this stream alone. */
    boolean needs(long connection);

    /** A stream is closed. */
    void streamEnded(long connection);
}
