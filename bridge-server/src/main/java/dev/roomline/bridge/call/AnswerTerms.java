package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import java.util.List;
import java.util.Map;

/**
 * On what terms a caller is answered.
 *
 * @param mediaAllow further ranges that its RTP may come from
 * @param codecs names in our order of preference
 * @param encryption of its media
 * @param headers {@code X-} headers for our 200
 */
public record AnswerTerms(
        List<String> mediaAllow,
        List<String> codecs,
        Encryption encryption,
        Map<String, String> headers) {
    public AnswerTerms {
        mediaAllow = List.copyOf(mediaAllow);
        codecs = List.copyOf(codecs);
        headers = Map.copyOf(headers);
    }
}
