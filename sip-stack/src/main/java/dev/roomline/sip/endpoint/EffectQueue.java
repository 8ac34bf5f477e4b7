package dev.roomline.sip.endpoint;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * An outbox that keeps effects until the loop carries them out, oldest first. One input adds at
 * most a handful; the loop empties it after every input. Owner: the signalling loop.
 */
public final class EffectQueue implements Outbox {
    private final ArrayDeque<SipEffect> effects = new ArrayDeque<>();

    @Override
    public void add(SipEffect effect) {
        effects.addLast(effect);
    }

    /** The next effect to carry out; null if there is none. */
    public @Nullable SipEffect poll() {
        return effects.pollFirst();
    }
}
