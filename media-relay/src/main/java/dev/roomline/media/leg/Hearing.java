package dev.roomline.media.leg;

import dev.roomline.media.sdp.Incoming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the payload types of a phone's RTP mean, also while its description changes: types that a
 * description under way promises are understood before it holds (RFC 3264 §5.1, §6.1), and those of
 * the one before until the first packet by the new one, since what was on its way is not lost. It
 * moves on by packets and never back. Owner: the leg's media loop.
 */
final class Hearing {
    private @Nullable Incoming agreed;
    private @Nullable Incoming playing;

    /** Of the same codec under the number before: packets on their way. */
    private @Nullable Incoming earlier;

    private List<Incoming> promised = List.of();

    /** What the ear plays; null before anything was agreed. */
    @Nullable Incoming playing() {
        return playing;
    }

    /** A description under way promises to understand these too. */
    void promise(List<Incoming> next) {
        promised = List.copyOf(next);
    }

    /**
     * A description holds.
     *
     * @return what the ear is to play from now on; the next packets may say otherwise
     */
    Incoming agree(Incoming next) {
        promised = List.of();
        agreed = next;
        Incoming now = playing;
        // the same codec under another number needs no turn; other sound turns with its packets
        boolean turns = now == null || now.codec() == next.codec() || next.has(now.payloadType());
        Incoming plays = turns || now == null ? next : now;
        earlier = turns && now != null && !now.sameSound(next) ? now : null;
        playing = plays;
        return plays;
    }

    /** The description under way came to nothing. */
    @Nullable Incoming abandon() {
        promised = List.of();
        playing = agreed;
        return agreed;
    }

    /** Whether a packet of this type would be understood. */
    boolean knows(int type) {
        return find(type) != null;
    }

    /**
     * A packet of this type is heard.
     *
     * @return whether another description than before is played from now on
     */
    boolean turn(int type) {
        Incoming found = find(type);
        if (found == null || found.equals(playing) || found.equals(earlier)) {
            return false;
        }
        playing = found;
        earlier = null;
        return true;
    }

    private @Nullable Incoming find(int type) {
        Incoming now = playing;
        if (now != null && now.has(type)) {
            return now;
        }
        Incoming next = agreed;
        boolean ahead = now == null || !promised.contains(now);
        if (next != null && ahead && next.has(type)) {
            return next;
        }
        for (Incoming each : promised) {
            // keys have one number for several codecs: the sound tells which it is
            if (each.payloadType() == type) {
                return each;
            }
        }
        Incoming before = earlier;
        return before != null && before.payloadType() == type ? before : null;
    }
}
