package dev.roomline.bridge.room;

import dev.roomline.bridge.room.Participant.State;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener;
import dev.roomline.sip.endpoint.Addresses;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the media loop tells of one room, brought to the signalling loop. Called on the media loop;
 * what it does with the room's participants it does on the signalling loop.
 */
final class MediaNews implements MediaListener {
    private static final long RETELL_MILLIS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(LocalRooms.class);

    private final String roomId;
    private final LocalRooms rooms;
    private final RoomNews news;
    private final Signal signal;

    MediaNews(String roomId, LocalRooms rooms, RoomNews news, Signal signal) {
        this.roomId = roomId;
        this.rooms = rooms;
        this.news = news;
        this.signal = signal;
    }

    @Override
    public void onConnected(LegId leg) {
        with(
                leg,
                participant ->
                        LOG.info(
                                "event=media_connected room={} participant={} kind={}",
                                roomId,
                                participant.id,
                                participant.kindLabel()));
    }

    @Override
    public void onAddress(LegId leg, InetSocketAddress remote, String why) {
        with(
                leg,
                participant -> {
                    if (participant.line != null) {
                        participant.line.noted(
                                "media",
                                "RTP is taken from " + Addresses.hostPort(remote) + ": " + why);
                    }
                });
    }

    @Override
    public void onTalking(LegId leg, boolean talking) {
        with(
                leg,
                participant -> {
                    participant.talking = talking;
                    if (participant.state == State.JOINED) {
                        news.talking(participant);
                    }
                });
    }

    @Override
    public void onSlots(LegId browser, Map<String, LegId> slots) {
        Map<String, LegId> now = Map.copyOf(slots);
        with(browser, participant -> carries(participant, now));
    }

    private void carries(Participant browser, Map<String, LegId> slots) {
        Map<String, String> shown = new HashMap<>();
        slots.forEach((mid, leg) -> browser.room.byLeg(leg).ifPresent(p -> shown.put(mid, p.id)));
        browser.slots = Map.copyOf(shown);
        news.slots(browser, shown);
    }

    @Override
    public void onDtmf(LegId leg, char digit, int durationMillis) {
        with(leg, participant -> rooms.dtmf(participant, digit, durationMillis));
    }

    /** Told once by the media, so it is told until it is taken. */
    @Override
    public void onLost(LegId leg, Loss loss, String detail) {
        if (!with(leg, participant -> lost(participant, loss, detail))) {
            CompletableFuture.delayedExecutor(RETELL_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> onLost(leg, loss, detail));
        }
    }

    private void lost(Participant participant, Loss loss, String detail) {
        LOG.info(
                "event=media_lost room={} participant={} loss={} detail=\"{}\"",
                roomId,
                participant.id,
                loss,
                detail);
        if (participant.line != null) {
            participant.line.mediaLost(loss, detail);
        } else {
            rooms.left(participant, "media_timeout");
        }
    }

    /**
     * A full queue loses news but never throws into the media loop; the loop counts it.
     *
     * @return whether the signalling loop took it
     */
    private boolean with(LegId leg, Consumer<Participant> then) {
        try {
            signal.execute(
                    () -> rooms.live(roomId).flatMap(room -> room.byLeg(leg)).ifPresent(then));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }
}
