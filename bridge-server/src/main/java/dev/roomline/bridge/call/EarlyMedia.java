package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.EarlyAnswer;
import dev.roomline.sip.endpoint.ClientEvent;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a call that we place sounds like before it is answered. Its INVITE may reach several phones,
 * each a branch with an early dialog of its own (RFC 3261 §12.1.2): the first that describes its
 * sound is heard in the room and may move it by UPDATE (RFC 3311 §5.2), and no other. Owner: the
 * signalling loop.
 */
final class EarlyMedia {
    private static final int MOST_DESCRIPTIONS = 8;

    private final BiConsumer<String, String> decided;

    /** What each branch described, by the tag of its early dialog. */
    private final Map<String, byte[]> descriptions = new HashMap<>(1);

    /** The branch that is heard; null while there is none. */
    private @Nullable String heard;

    private boolean moved;

    /**
     * @param decided told what was decided, and about what
     */
    EarlyMedia(BiConsumer<String, String> decided) {
        this.decided = decided;
    }

    /** An INVITE leaves: the branches are its own. */
    void begin() {
        descriptions.clear();
        heard = null;
        moved = false;
    }

    /** The sound that a provisional response brings; empty if none that is to be heard. */
    Optional<EarlyAnswer> described(ClientEvent.Progressed progress) {
        if (descriptions.containsKey(progress.tag())
                || descriptions.size() >= MOST_DESCRIPTIONS
                || !(SessionBody.of(progress.response().body())
                        instanceof SessionBody.Description(byte[] sdp))) {
            return Optional.empty();
        }
        descriptions.put(progress.tag(), sdp);
        if (heard != null) {
            decided.accept("media", "another branch of the call has sound too: not heard");
            return Optional.empty();
        }
        heard = progress.tag();
        return Optional.of(new EarlyAnswer(sdp, progress.flow().remote()));
    }

    void take(CallEvent event, CallMedia media) {
        if (event instanceof EarlyAnswer(byte[] sdp, InetSocketAddress from)) {
            media.answerCalled(
                    sdp,
                    from,
                    true,
                    media::hearEarly,
                    (_, detail) -> decided.accept("media", "no early sound: " + detail));
        }
    }

    /** The branch that is heard has agreed another session by an UPDATE. */
    void moved(CallMedia media) {
        moved = true;
        media.hearEarly();
    }

    boolean isHeard(String tag) {
        return tag.equals(heard);
    }

    /** Whether what this branch described is no longer what holds in it. */
    boolean hasMoved(String tag) {
        return moved && isHeard(tag);
    }

    /** What this branch described; null where it did not. */
    byte @Nullable [] description(String tag) {
        return descriptions.get(tag);
    }
}
