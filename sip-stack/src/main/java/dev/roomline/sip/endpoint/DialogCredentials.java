package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.auth.DigestSession.Outcome;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who answers challenges inside one dialog, and where to. A Contact or a route may lead anywhere,
 * and the source of an INVITE can be forged, so credentials go to two kinds of place alone: the
 * address that vouched for the call, and those that our peer's own hosts lead to. Owner: the
 * signalling loop.
 */
final class DialogCredentials {
    private final DigestSession session;
    private final InetAddress voucher;
    private final boolean placed;

    private DialogCredentials(DigestSession session, InetAddress voucher, boolean placed) {
        this.session = session;
        this.voucher = voucher;
        this.placed = placed;
    }

    /**
     * @param source where its INVITE came from
     */
    static DialogCredentials ofCaller(DigestSession session, InetAddress source) {
        return new DialogCredentials(session, source, false);
    }

    /**
     * @param session the call's; null if it has none
     * @param target where our INVITE went to that was answered
     */
    static @Nullable DialogCredentials ofCallee(@Nullable DigestSession session, Target target) {
        return session == null
                ? null
                : new DialogCredentials(session, target.address().getAddress(), true);
    }

    boolean mayGoTo(Hop hop) {
        InetAddress address = hop.remote().getAddress();
        return address != null && (address.equals(voucher) || session.isPeerAt(address));
    }

    /** What was answered before; none where it may not go. */
    List<HeaderField> ahead(String method, String uri, Hop hop) {
        return mayGoTo(hop) ? session.authorize(method, uri) : List.of();
    }

    /**
     * Takes a challenge. Of callers no realm is learnt: who forged where the call came from would
     * teach us one that the peer itself is not asked for.
     *
     * @param hop where the request went to
     * @param from where the challenge came from
     * @return whether the request is to be sent there again
     */
    boolean answers(ParsedResponse challenge, Hop hop, Flow from, DigestSession.Tries tries) {
        boolean fromTarget = from.remote().getAddress().equals(hop.remote().getAddress());
        return mayGoTo(hop)
                && session.challenged(challenge, placed && fromTarget, tries)
                        instanceof Outcome.Answerable;
    }
}
