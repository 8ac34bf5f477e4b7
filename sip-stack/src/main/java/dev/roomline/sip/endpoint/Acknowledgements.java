package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.SessionTimer;
import dev.roomline.sip.dialog.Unacknowledged;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedRequest;
import java.util.List;

/**
 * A 2xx to an INVITE until its ACK (RFC 3261 §13.3.1.4), and ACKs for which no 300–699 waits.
 * Owner: the signalling loop.
 */
final class Acknowledgements {
    private final Core core;
    private final UserAgentClient client;
    private final UserAgentServer server;

    Acknowledgements(Core core, UserAgentClient client, UserAgentServer server) {
        this.core = core;
        this.client = client;
        this.server = server;
    }

    /** Sends a 2xx, again and again until its ACK. */
    void keep(InboundRequest inbound, LiveDialog live, int status, byte[] bytes, long nowNanos) {
        Unacknowledged waiting =
                Unacknowledged.answer(
                        inbound.cseq(),
                        core.timers,
                        core.settings.timers(),
                        new Unacknowledged.Listener() {
                            @Override
                            public void sendAgain(long now) {
                                core.sentAgain++;
                                inbound.transaction.respond(status, bytes, now);
                            }

                            @Override
                            public void notAcknowledged(long now) {
                                missing(live, now);
                            }
                        });
        live.unacknowledged = waiting;
        inbound.transaction.respond(status, bytes, nowNanos);
        waiting.start(nowNanos);
    }

    /**
     * The ACK of a 2xx, or one that nothing waits for: of an answer that was given without state,
     * or late. The latter is counted alone; any 2xx that was sent twice brings one.
     */
    void came(ParsedRequest ack, Flow flow, long nowNanos) {
        LiveDialog live = core.find(ack.callId(), ack.toTag(), ack.fromTag());
        Unacknowledged answer = live == null ? null : live.unacknowledged;
        if (live == null || answer == null || answer.number() != ack.cseq()) {
            core.acksAbsorbed++;
            return;
        }
        live.stopWaitingForAck();
        core.heardFrom(live, flow);
        SessionTimer session = live.session;
        if (session != null) {
            session.arrived(nowNanos);
        }
        core.raise(new SipEvent.AckReceived(live.id, ack.body()));
        List<HeaderField> bye = live.byeWanted;
        if (bye != null) {
            live.byeWanted = null;
            client.bye(live, bye, nowNanos);
        }
    }

    /** §13.3.1.4: after 64·T1 the dialog is confirmed, but the session is over. */
    private void missing(LiveDialog live, long nowNanos) {
        live.stopWaitingForAck();
        List<HeaderField> wanted = live.byeWanted;
        live.byeWanted = null;
        server.tellEnd(live, SipEvent.Cause.ACK_TIMEOUT, null);
        client.bye(live, wanted == null ? List.of(Reason.TIMEOUT) : wanted, nowNanos);
    }

    /** The transport gave up on an answer. Only a 2xx that has no ACK is a call to be ended. */
    void answerLost(InboundRequest inbound, long nowNanos) {
        LiveDialog live = inbound.dialog;
        if (live == null || !inbound.invite || !inbound.isAnswered() || !live.confirmed()) {
            return;
        }
        Unacknowledged waiting = live.unacknowledged;
        if (waiting != null && waiting.number() == inbound.cseq()) {
            server.endPending(live, nowNanos);
            server.tellEnd(live, SipEvent.Cause.TRANSPORT_LOST, null);
            core.forget(live);
        }
    }
}
