package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.MessageWriter;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ACK of a 2xx to an INVITE that made a dialog: by the dialog's own way, not the INVITE's, and
 * again for each 2xx that comes again (RFC 3261 §13.2.2.4). Nobody answers it, so that such a 2xx
 * is all that says that a target is dead: it goes to the next one (RFC 3263 §4.3). Owner: the
 * signalling loop.
 */
final class SuccessAck {
    private final Core core;
    private final LiveDialog live;
    private final InDialogRequest plan;
    private final List<HeaderField> credentials;
    private final @Nullable Body body;

    /** The next one first; empty while they are being looked up. */
    private final ArrayDeque<Hop> hops = new ArrayDeque<>(2);

    /** As it went to each of them: what comes to one again is the same. */
    private final Map<Hop, byte[]> made = new HashMap<>(2);

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
            case NextHop.Known known -> {
                hops.add(known.hop());
                again();
            }
            case NextHop.Unknown unknown ->
                    core.resolutions.ask(unknown.uri(), this::resolved, nowNanos);
        }
    }

    private void resolved(List<Target> targets, long nowNanos) {
        for (Target target : core.targetHealth.ordered(targets, nowNanos)) {
            hops.add(NextHop.toward(target, live.flow, false, plan.nextHop().host()));
        }
        if (hops.isEmpty()) {
            // a name that nobody knows: the road of the answer is the best there is
            hops.add(NextHop.back(live.flow));
        }
        again();
    }

    /** The 2xx came again. Nothing while its way is being looked up. */
    void again() {
        Hop next = hops.poll();
        if (next != null) {
            hops.add(next);
            byte[] ack = made.computeIfAbsent(next, this::encoded);
            core.send(0, next, ack, plan.callId(), live.id);
        }
    }

    private byte[] encoded(Hop over) {
        Flow flow = new Flow(over.transport(), live.flow.local(), over.remote(), over.connection());
        InetSocketAddress told = core.settings.localAddress().toldTo(flow);
        DialogCredentials ours = live.credentials;
        boolean trusted = ours != null && ours.mayGoTo(over);
        List<HeaderField> headers = new ArrayList<>(trusted ? credentials : List.of());
        headers.add(core.userAgent());
        return MessageWriter.request(
                plan.method(),
                plan.requestUri(),
                Core.via(over.transport(), told, core.newBranch()),
                plan.routes(),
                plan.from(),
                plan.to(),
                plan.callId(),
                plan.cseq(),
                headers,
                body);
    }
}
