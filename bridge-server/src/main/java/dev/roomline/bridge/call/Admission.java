package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.store.RoomRow;
import java.util.List;
import java.util.Map;

/**
 * A caller that may enter a room, and on what terms.
 *
 * @param role what the dialled code lets it do
 * @param mediaAllow further ranges that its RTP may come from
 * @param codecs names in our order of preference
 * @param encryption of its media
 * @param answerHeaders {@code X-} headers for our 200
 * @param ownRoom the room was made for this call and ends with it
 */
public record Admission(
        Caller caller,
        RoomRow room,
        String role,
        List<String> mediaAllow,
        List<String> codecs,
        Encryption encryption,
        Map<String, String> answerHeaders,
        boolean ownRoom) {
    public Admission {
        mediaAllow = List.copyOf(mediaAllow);
        codecs = List.copyOf(codecs);
        answerHeaders = Map.copyOf(answerHeaders);
    }
}
