package dev.roomline.media.room;

import dev.roomline.media.leg.Ear;
import dev.roomline.media.leg.Leg;
import org.jspecify.annotations.Nullable;

/** A leg and what its room keeps for it. Owner: the room. */
final class Member {
    final Leg leg;

    /** Its mix, while it hears one. */
    @Nullable Listener listener;

    /** Its slots, if it is a browser that has them. */
    @Nullable SlotForwarder slots;

    /** Its voice as the room's browsers get it in slots. */
    final SlotVoice voice;

    /** Its clock as slots map it. */
    final SourceClock clock = new SourceClock();

    /** How it hears, if it is a phone. */
    final Feed feed = new Feed();

    /**
     * It sends comfort noise or a key: until its next sound no packet of it is handed to phones.
     */
    boolean paused;

    /** The packet that is handled ends such a pause. */
    boolean resumes;

    /** How its ear begins, if it is opened next. */
    Ear.Onset onset = Ear.Onset.NEWEST;

    /** It is among those that are mixed. */
    boolean chosen;

    /** Its frame of this tick is in the sum. */
    boolean inSum;

    /** What it heard before it was held has been faded out, or it has heard nothing. */
    boolean ended = true;

    /** Somebody else may be heard at 16 kHz. */
    boolean hearsWide;

    boolean toldTalking;

    /** No tick has served it yet. */
    boolean fresh = true;

    /** It threw; the loop has been told and will take it out. */
    boolean faulty;

    Member(Leg leg, SlotVoice voice) {
        this.leg = leg;
        this.voice = voice;
    }

    /** It hears others, or what it heard is about to be faded out. */
    boolean hears() {
        return leg.hearsMix() || fadesOut();
    }

    /** It is held, and what it heard goes on for a moment. */
    boolean fadesOut() {
        return !ended && !leg.hearsMix() && leg.reachedByMix();
    }

    /** It threw: told once, and left alone until it is taken out. */
    void fault(RuntimeException fault, RoomEvents events) {
        if (!faulty) {
            faulty = true;
            events.onFault(leg.id(), fault);
        }
    }

    void close() {
        try {
            voice.close();
        } finally {
            closeListener();
        }
    }

    /** It hears no mix now: the next one begins anew. */
    void closeListener() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }
}
