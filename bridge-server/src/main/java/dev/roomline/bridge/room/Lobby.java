package dev.roomline.bridge.room;

import dev.roomline.bridge.room.Participant.Kind;
import dev.roomline.bridge.room.Participant.Person;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.sip.endpoint.Addresses;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Where callers wait who are asked which room they want: each alone, on media of its own that
 * nobody is told of. Owner: the signalling loop.
 */
final class Lobby {
    /** Of who waits: no role that a configuration could name. */
    static final String ROLE = "(waiting)";

    private static final long RETELL_MILLIS = 500;

    private Lobby() {}

    static Participant seat(
            MediaRelay relay,
            Signal signal,
            Ids ids,
            LegId leg,
            String name,
            String call,
            PhoneLine line) {
        RoomRow nowhere =
                new RoomRow(
                        "lobby_" + call,
                        "",
                        List.of(),
                        1,
                        List.of(),
                        true,
                        "code",
                        signal.now(),
                        "call");
        LiveRoom room =
                new LiveRoom(
                        nowhere, relay.openRoom("lobby", new Waiting(signal, line)), signal.now());
        return new Participant(
                ids.next("part_"),
                leg,
                room,
                Kind.PHONE,
                new Person(name, "", Map.of(), call),
                ROLE,
                true,
                line,
                "",
                signal.now());
    }

    /** The media loop's news of a caller who waits. */
    private record Waiting(Signal signal, PhoneLine line) implements MediaListener {
        @Override
        public void onConnected(LegId leg) {}

        @Override
        public void onAddress(LegId leg, InetSocketAddress remote, String why) {
            post(
                    () ->
                            line.noted(
                                    "media",
                                    "RTP is taken from "
                                            + Addresses.hostPort(remote)
                                            + ": "
                                            + why));
        }

        @Override
        public void onTalking(LegId leg, boolean talking) {}

        @Override
        public void onSlots(LegId browser, Map<String, LegId> slots) {}

        @Override
        public void onDtmf(LegId leg, char digit, int durationMillis) {
            post(() -> line.pressed(digit));
        }

        @Override
        public void onLost(LegId leg, Loss loss, String detail) {
            if (!post(() -> line.mediaLost(loss, detail))) {
                CompletableFuture.delayedExecutor(RETELL_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(() -> onLost(leg, loss, detail));
            }
        }

        /** A full queue loses news but never throws into the media loop. */
        private boolean post(Runnable news) {
            try {
                signal.execute(news);
                return true;
            } catch (RejectedExecutionException full) {
                return false;
            }
        }
    }
}
