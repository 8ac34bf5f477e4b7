package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.MessageWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ACK of a 2xx to an INVITE that made a dialog: by the dialog's own way, not the INVITE's, and
 * again for each 2xx that comes again (RFC 3261 §13.2.2.4). Owner: the signalling loop.
 */
final class SuccessAck {
    private final Core core;
    private final LiveDialog live;
    private final InDialogRequest plan;
    private final List<HeaderField> credentials;
    private final @Nullable Body body;
    private @Nullable Hop hop;
    private byte @Nullable [] bytes;

    /**
     * @param credentials those of the INVITE (§22.1), where the dialog's may go
     */
    SuccessAck(
            Core core,
            LiveDialog live,
            long inviteCseq,
            List<HeaderField> credentials,
            @Nullable Body body) {
        this.core = core;
        this.live = live;
        this.plan = live.dialog.ackOf(inviteCseq);
        this.credentials = credentials;
        this.body = body;
    }

    /** Finds its way and leaves. */
    void start(long nowNanos) {
        boolean routed = live.dialog.hasRouteSet();
        switch (NextHop.ofRequest(plan.nextHop(), routed, live.flow, live.peerName)) {
            case NextHop.Known known -> sendOver(known.hop());
            case NextHop.Unknown unknown ->
                    core.resolutions.ask(
                            unknown.uri(), (targets, now) -> resolved(targets), nowNanos);
        }
    }

    private void resolved(List<Target> targets) {
        if (targets.isEmpty()) {
            // a name that nobody knows: the road of the answer is the best there is
            sendOver(NextHop.back(live.flow));
        } else {
            sendOver(NextHop.toward(targets.getFirst(), live.flow, false, plan.nextHop().host()));
        }
    }

    private void sendOver(Hop found) {
        hop = found;
        Flow flow =
                new Flow(found.transport(), live.flow.local(), found.remote(), found.connection());
        InetSocketAddress told = core.settings.localAddress().toldTo(flow);
        String via = Core.via(found.transport(), told, core.newBranch());
        DialogCredentials ours = live.credentials;
        boolean trusted = ours != null && ours.mayGoTo(found);
        List<HeaderField> headers = new ArrayList<>(trusted ? credentials : List.of());
        headers.add(core.userAgent());
        bytes =
                MessageWriter.request(
                        plan.method(),
                        plan.requestUri(),
                        via,
                        plan.routes(),
                        plan.from(),
                        plan.to(),
                        plan.callId(),
                        plan.cseq(),
                        headers,
                        body);
        again();
    }

    /** The 2xx came again. Nothing while its way is being looked up. */
    void again() {
        Hop over = hop;
        byte[] ack = bytes;
        if (over != null && ack != null) {
            core.send(0, over, ack, plan.callId(), live.id);
        }
    }
}
