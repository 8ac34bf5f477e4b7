package dev.roomline.bridge;

import dev.roomline.bridge.trace.HepFeed;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.transport.SipApplication;
import java.time.InstantSource;

/** The application, and beside it who watches its messages. Owner: the signalling loop. */
record Watched(SipApplication application, HepFeed feed, InstantSource clock)
        implements SipApplication {
    @Override
    public void raised(SipEvent event) {
        application.raised(event);
    }

    @Override
    public void seen(SipEffect.MessageSeen message) {
        application.seen(message);
        feed.seen(message, clock.instant());
    }

    @Override
    public boolean needs(long connection) {
        return application.needs(connection);
    }

    @Override
    public void streamEnded(long connection) {
        application.streamEnded(connection);
    }
}
