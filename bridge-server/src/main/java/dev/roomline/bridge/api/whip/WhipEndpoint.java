package dev.roomline.bridge.api.whip;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.JoinByOffer;
import dev.roomline.bridge.peer.IceServers;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.media.loop.MediaRoom.Flow;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * {@code /whip/{room_code}} and {@code /whep/{room_code}}: where a session is made (RFC 9725 §4.2).
 * The code is the credential, or a join token as bearer (§4.7). Virtual threads.
 */
public final class WhipEndpoint {
    private static final byte[] NOTHING = {};

    private final String folder;
    private final Flow flow;
    private final JoinByOffer joins;
    private final IceServers iceServers;
    private final InstantSource clock;

    private WhipEndpoint(
            String folder,
            Flow flow,
            JoinByOffer joins,
            IceServers iceServers,
            InstantSource clock) {
        this.folder = folder;
        this.flow = flow;
        this.joins = joins;
        this.iceServers = iceServers;
        this.clock = clock;
    }

    /** Where one publishes. */
    public static WhipEndpoint ofPublishers(
            JoinByOffer joins, IceServers iceServers, InstantSource clock) {
        return new WhipEndpoint("/whip/", Flow.PUBLISHES, joins, iceServers, clock);
    }

    /** Where one listens. */
    public static WhipEndpoint ofListeners(
            JoinByOffer joins, IceServers iceServers, InstantSource clock) {
        return new WhipEndpoint("/whep/", Flow.LISTENS, joins, iceServers, clock);
    }

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        String sessions = folder + ask.path("room") + "/";
        return joins.join(ask, flow, joined -> created(sessions, joined));
    }

    private Answer created(String sessions, JoinOutcome.Joined joined) {
        Answer answer =
                JoinByOffer.created(sessions, joined)
                        .with("ETag", IceFragment.tag(joined.answer()))
                        .with("Accept-Patch", IceFragment.TYPE);
        String links =
                IceServerLinks.of(iceServers.forUser(joined.participant().id(), clock.instant()));
        return links.isEmpty() ? answer : answer.with("Link", links);
    }

    /** What may be posted here, for a browser's preflight too (RFC 9725 §4.2). */
    public Answer options(Ask ask) {
        return new Answer(
                200,
                "",
                NOTHING,
                Map.of("Accept-Post", "application/sdp", "Allow", "POST, OPTIONS"));
    }
}
