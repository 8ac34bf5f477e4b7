package dev.roomline.sip.dialog;

import dev.roomline.sip.message.Address;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.ParsedResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One dialog's state (RFC 3261 §12). Made of an INVITE here ({@link #ofInvite}); one made of a
 * response ({@link #ofResponse}) differs in how its fields are found, not in what it does, and
 * several may then share Call-ID and local tag. Owner: the signalling loop.
 */
public final class Dialog {
    private final String callId;
    private final String localTag;
    private final String remoteTag;
    private final String localText;
    private final String remoteText;
    private final List<Address> routeSet;
    private final boolean madeCallId;
    private Address remoteTarget;
    private long localCseq;
    private long remoteCseq;
    private State state = State.EARLY;

    /** §12: early until a 2xx. */
    public enum State {
        EARLY,
        CONFIRMED,
        ENDED
    }

    private Dialog(
            String callId,
            String localTag,
            String remoteTag,
            String localText,
            String remoteText,
            List<Address> routeSet,
            Address remoteTarget,
            long localCseq,
            long remoteCseq,
            boolean madeCallId) {
        this.callId = callId;
        this.localTag = localTag;
        this.remoteTag = remoteTag;
        this.localText = localText;
        this.remoteText = remoteText;
        this.routeSet = List.copyOf(routeSet);
        this.remoteTarget = remoteTarget;
        this.localCseq = localCseq;
        this.remoteCseq = remoteCseq;
        this.madeCallId = madeCallId;
    }

    /**
     * The UAS's side (§12.1.1): route set as Record-Route came, remote target from Contact.
     *
     * @param contact the INVITE's
     * @param firstCseq where ours counts from
     */
    public static Dialog ofInvite(
            ParsedRequest invite, Address contact, String localTag, long firstCseq) {
        return new Dialog(
                invite.callId(),
                localTag,
                invite.fromTag(),
                invite.head().to() + ";tag=" + localTag,
                invite.head().from(),
                invite.recordRoute(),
                contact,
                firstCseq,
                invite.cseq(),
                false);
    }

    /**
     * The UAC's side (§12.1.2): route set as Record-Route came, backwards. A 2xx finds its own even
     * if an early dialog had another (§13.2.2.4).
     *
     * @param from our From with its tag
     * @param target the response's Contact, or the Request-URI where it has none
     * @param lastCseq of our latest request in it: the INVITE's, or an early dialog's
     */
    public static Dialog ofResponse(
            ParsedResponse response, String localTag, String from, Address target, long lastCseq) {
        String remoteTag = response.to().tag();
        return new Dialog(
                response.callId(),
                localTag,
                remoteTag == null ? "" : remoteTag,
                from,
                response.toText(),
                response.recordRoute().reversed(),
                target,
                lastCseq,
                -1,
                true);
    }

    public String callId() {
        return callId;
    }

    public String remoteTag() {
        return remoteTag;
    }

    public String localTag() {
        return localTag;
    }

    /** Whether its Call-ID is ours: who made it waits longer after a glare (§14.1). */
    public boolean madeCallId() {
        return madeCallId;
    }

    public State state() {
        return state;
    }

    public Address remoteTarget() {
        return remoteTarget;
    }

    public boolean hasRouteSet() {
        return !routeSet.isEmpty();
    }

    public void confirm() {
        state = State.CONFIRMED;
    }

    /** §13.2.2.4: a 2xx confirms the early one, whose numbers count on. */
    public void continues(Dialog early) {
        localCseq = early.localCseq;
        remoteCseq = early.remoteCseq;
        state = State.CONFIRMED;
    }

    public void end() {
        state = State.ENDED;
    }

    /** Whether a request with these names is inside this dialog (§12: all three must match). */
    public boolean matches(String callId, String localTag, @Nullable String remoteTag) {
        return this.callId.equals(callId)
                && this.localTag.equals(localTag)
                && this.remoteTag.equals(remoteTag);
    }

    /**
     * Takes a new request's CSeq; false if it is out of order (§12.2.2). An equal number is: a
     * repetition of the same request has been found by its transaction.
     */
    public boolean takeRemoteCseq(long cseq) {
        if (cseq <= remoteCseq) {
            return false;
        }
        remoteCseq = cseq;
        return true;
    }

    /** A target refresh that a 2xx has accepted (§12.2.1.2, §12.2.2, RFC 6141 §4.6). */
    public void refreshTarget(Address contact) {
        remoteTarget = contact;
    }

    /** Composes a request with the next CSeq. */
    public InDialogRequest next(String method) {
        return compose(method, ++localCseq);
    }

    /** The ACK of a 2xx to our INVITE with that CSeq (§13.2.2.4). */
    public InDialogRequest ackOf(long inviteCseq) {
        return compose("ACK", inviteCseq);
    }

    private InDialogRequest compose(String method, long cseq) {
        List<String> routes = new ArrayList<>(routeSet.size() + 1);
        String requestUri = remoteTarget.uriText();
        Address hop = remoteTarget;
        if (!routeSet.isEmpty()) {
            hop = routeSet.getFirst();
            boolean loose = hop.nameAddr().uri().parameters().containsKey("lr");
            for (Address route : loose ? routeSet : routeSet.subList(1, routeSet.size())) {
                routes.add('<' + route.uriText() + '>');
            }
            if (!loose) {
                // §12.2.1.1: a strict router wants itself as Request-URI and the target last
                requestUri = withoutHeaders(hop.uriText());
                routes.add('<' + remoteTarget.uriText() + '>');
            }
        }
        return new InDialogRequest(
                method,
                withoutHeaders(requestUri),
                routes,
                hop.nameAddr().uri(),
                localText,
                remoteText,
                callId,
                cseq);
    }

    /** §19.1.1, table 1: a Request-URI has no headers. */
    private static String withoutHeaders(String uri) {
        int question = uri.indexOf('?', uri.lastIndexOf('@') + 1);
        return question < 0 ? uri : uri.substring(0, question);
    }
}
