package dev.roomline.bridge.call;

import dev.roomline.bridge.store.RoomRow;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipUri;
import java.util.Optional;

/** A call as its phone's REFERs see it. Owner: the signalling loop. */
final class ReferLine implements PhoneRefers.Line {
    private final Call call;

    ReferLine(Call call) {
        this.call = call;
    }

    @Override
    public Optional<RoomRow> mayDialInto() {
        CallMedia media = call.seated();
        return media == null ? Optional.empty() : media.mayDialInto();
    }

    @Override
    public String ourHost() {
        return ContactList.uri(call.ourUri()).map(SipUri::host).orElse("");
    }

    @Override
    public String trunk() {
        Caller who = call.caller();
        String trunk = who == null ? null : who.trunk();
        return trunk == null ? "" : trunk;
    }

    @Override
    public LiveCalls.Placing place(CallOrder order) {
        return call.ports.calls().place(order);
    }

    @Override
    public void decided(String text) {
        call.decided("transfer", text);
    }

    @Override
    public void guarded(Runnable step) {
        call.ports.watch().guarded(call, step);
    }
}
