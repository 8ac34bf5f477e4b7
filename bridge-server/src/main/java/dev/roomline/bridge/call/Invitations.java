package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The INVITEs of a call that we place, of which one is out at a time: the names of each, and what
 * the early dialogs of the last have described (RFC 3261 §12.1.2). Owner: the signalling loop.
 */
final class Invitations {
    private static final int MOST_EARLY_ANSWERS = 8;

    private final SipPort sip;
    private final List<CallHandle> handles = new ArrayList<>(1);
    private final List<DialogId> dialogs = new ArrayList<>(1);
    private final List<String> sipCallIds = new ArrayList<>(1);

    /** Descriptions that came before the answer, by the tag of their early dialog. */
    private final Map<String, byte[]> early = new HashMap<>(1);

    /** The tag of the one whose sound is heard; null while there is none. */
    private @Nullable String heard;

    private boolean changed;

    /** What a provisional response says of the sound before the answer. */
    sealed interface Early {
        /** The first description after this INVITE: the one to be heard. */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record First(byte[] sdp) implements Early {}

        /** Another branch of the call has sound too. */
        record OtherBranch() implements Early {}

        /** It brought no description, or that of a branch which was heard of. */
        record Nothing() implements Early {}
    }

    Invitations(SipPort sip) {
        this.sip = sip;
    }

    void send(CallHandle handle, Way way, byte[] offer) {
        handles.add(handle);
        early.clear();
        heard = null;
        changed = false;
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

    Early described(ClientEvent.Progressed progress) {
        if (early.containsKey(progress.tag())
                || early.size() >= MOST_EARLY_ANSWERS
                || !(SessionBody.of(progress.response().body())
                        instanceof SessionBody.Description(byte[] sdp))) {
            return new Early.Nothing();
        }
        early.put(progress.tag(), sdp);
        if (heard != null) {
            return new Early.OtherBranch();
        }
        heard = progress.tag();
        return new Early.First(sdp);
    }

    /** Whether it is that early dialog's sound which is heard. */
    boolean isHeard(String tag) {
        return tag.equals(heard);
    }

    /** Another session was agreed in the early dialog that is heard (RFC 3311 §5.2). */
    void changed() {
        changed = true;
    }

    /** Whether what this early dialog described is no longer what holds in it. */
    boolean isChanged(String tag) {
        return changed && isHeard(tag);
    }

    /** What this early dialog described; null where it did not. */
    byte @Nullable [] early(String tag) {
        return early.get(tag);
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
