package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.util.ArrayList;
import java.util.List;

/**
 * The INVITEs of a call that we place, of which one is out at a time, and the names of each. Owner:
 * the signalling loop.
 */
final class Invitations {
    private final SipPort sip;
    private final List<CallHandle> handles = new ArrayList<>(1);
    private final List<DialogId> dialogs = new ArrayList<>(1);
    private final List<String> sipCallIds = new ArrayList<>(1);

    Invitations(SipPort sip) {
        this.sip = sip;
    }

    void send(CallHandle handle, Way way, byte[] offer) {
        handles.add(handle);
        sip.command(
                new ClientCommand.Invite(
                        handle,
                        way.envelope(),
                        way.headers(),
                        new Body(SessionBody.SDP, offer),
                        way.identity()));
    }

    /** Gives up the one that is out; none: nothing. */
    void cancel(List<HeaderField> headers) {
        if (!handles.isEmpty()) {
            sip.command(new ClientCommand.Cancel(handles.getLast(), headers));
        }
    }

    /** The one that is out has its names. */
    void named(DialogId dialog, String callId) {
        dialogs.add(dialog);
        sipCallIds.add(callId);
    }

    /** Whether it is the one that is out. */
    boolean isLast(CallHandle handle) {
        return !handles.isEmpty() && handles.getLast().equals(handle);
    }

    /** Every name that they had in the core. */
    List<CallHandle> handles() {
        return handles;
    }

    List<DialogId> dialogs() {
        return dialogs;
    }

    List<String> sipCallIds() {
        return sipCallIds;
    }
}
