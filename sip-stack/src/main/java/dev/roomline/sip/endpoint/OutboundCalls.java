package dev.roomline.sip.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Calls that we place and requests outside any dialog, by the application's names for them. Owner:
 * the signalling loop.
 */
final class OutboundCalls {
    private final Core core;
    private final UserAgentClient client;

    OutboundCalls(Core core, UserAgentClient client) {
        this.core = core;
        this.client = client;
    }

    void command(ClientCommand command, long nowNanos) {
        switch (command) {
            case ClientCommand.Invite invite -> place(invite, nowNanos);
            case ClientCommand.Send send -> new Errand(core, send).start(nowNanos);
            case ClientCommand.Cancel cancel -> {
                OutboundCall call = find(cancel.call());
                if (call != null) {
                    call.cancel(cancel.headers(), nowNanos);
                }
            }
            case ClientCommand.Acknowledge ack -> {
                OutboundCall call = find(ack.call());
                if (call != null) {
                    call.acknowledge(ack.answer(), nowNanos);
                }
            }
            case ClientCommand.Prack prack -> {
                OutboundCall call = find(prack.call());
                if (call != null) {
                    call.prackWanted(prack.tag(), prack.answer(), nowNanos);
                }
            }
        }
    }

    private @Nullable OutboundCall find(CallHandle handle) {
        OutboundCall call = core.outboundCalls.get(handle);
        if (call == null) {
            core.commandsIgnored++;
        }
        return call;
    }

    private void place(ClientCommand.Invite invite, long nowNanos) {
        if (core.outboundCalls.containsKey(invite.call())) {
            core.commandsIgnored++;
            return;
        }
        String callId = core.newTag() + core.newTag();
        OutboundCall call = new OutboundCall(core, client, this, invite, callId);
        core.outboundCalls.put(call.handle, call);
        call.start(callId, nowNanos);
    }

    void forget(OutboundCall call) {
        core.outboundCalls.remove(call.handle, call);
    }
}
