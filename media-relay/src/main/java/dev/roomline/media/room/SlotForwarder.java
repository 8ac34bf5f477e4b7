package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.MediaClock;
import dev.roomline.media.leg.SoundPacket;
import java.util.Arrays;

/**
 * Which speaker each slot of one browser carries, and what its packets are renumbered to. A source
 * keeps its slot for as long as it is in the room while there are slots enough; a slot changes
 * hands only when its speaker has paused, or when another is much louder. Its codec changes only
 * when nothing of it can still be in the browser's buffer. Sans-IO. Owner: the room.
 *
 * <p>Timestamps come from our own clock, and sequence numbers go by an offset: see {@link Slot}.
 * One payload per (SSRC, sequence), ever: what comes late or twice is dropped before it is
 * renumbered, or AES-GCM would be broken.
 */
final class SlotForwarder {
    /** A source's packet as a slot sends it. */
    @FunctionalInterface
    interface Out {
        /**
         * @param timestamp in ticks of our 48 kHz clock; the slot adds its own origin
         * @param source the leg that speaks: its CSRC
         * @param sound good during the call; its own numbers are the source's
         */
        void send(
                int slot,
                boolean marker,
                int sequence,
                long timestamp,
                int source,
                SoundPacket sound);
    }

    /** What became of an offered packet. */
    enum Verdict {
        SENT,
        /** Older than what the slot has sent, or sent already. */
        LATE,
        /** The source goes there in another of its codecs now. */
        OTHER_CODEC,
        /** Every slot carries somebody else. */
        NO_SLOT,
        /** The slot has had a second more of sound than of time. */
        TOO_MUCH
    }

    static final double LOUDER_DB = 6;

    /** No packet for this long and the sound was cut off: it is ended for the listener. */
    static final long CUT_OFF_NANOS = 150_000_000L;

    private static final int FRAME_TICKS = 960;
    private static final int ENDING_FRAMES = 2;

    private Slot[] slots;
    private final Out out;
    private final SoundPacket ending = new SoundPacket();
    private boolean changed;

    /**
     * @param firstSequences random, one per slot (RFC 3550 §5.1); their number is the slots'
     */
    SlotForwarder(int[] firstSequences, Out out) {
        this.out = out;
        slots = new Slot[0];
        add(firstSequences);
    }

    /** The browser offers more lines: slots behind those that it has. */
    void add(int[] firstSequences) {
        int before = slots.length;
        slots = Arrays.copyOf(slots, before + firstSequences.length);
        for (int i = 0; i < firstSequences.length; i++) {
            slots[before + i] = new Slot(firstSequences[i]);
        }
    }

    int size() {
        return slots.length;
    }

    /**
     * A packet of somebody who speaks.
     *
     * @param own the codec in which its own packets come
     * @param wish the codec in which this browser should hear it: its own, or Opus
     */
    Verdict offer(
            int source,
            SourceClock clock,
            AudioCodec own,
            AudioCodec wish,
            double loudnessDbov,
            SoundPacket sound,
            long nowNanos) {
        int index = slotFor(source, own, wish, loudnessDbov, nowNanos);
        if (index < 0) {
            return Verdict.NO_SLOT;
        }
        Slot slot = slots[index];
        if (codecIn(slot, source, wish, nowNanos) != sound.codec()) {
            return Verdict.OTHER_CODEC;
        }
        if (slot.source != source) {
            give(index, source, nowNanos);
        }
        slot.loudnessDbov = loudnessDbov;
        long sequence = sound.sequence();
        boolean sameNumbers = slot.clock == clock;
        if (slot.inSpurt && !sameNumbers) {
            endSpurt(index, nowNanos);
        }
        if (slot.inSpurt && sequence > slot.highest && slot.strays(sound)) {
            endSpurt(index, nowNanos);
        }
        boolean marker = !slot.inSpurt;
        boolean old = sameNumbers && slot.codec == sound.codec() && sequence <= slot.highest;
        if (slot.inSpurt ? slot.isLate(sound) : old) {
            return Verdict.LATE;
        }
        long clockTicks = MediaClock.ticks(nowNanos);
        if (slot.isTooFarAhead(clockTicks)) {
            endSpurt(index, nowNanos);
            return Verdict.TOO_MUCH;
        }
        if (marker) {
            slot.begin(clock, sound);
        } else {
            slot.goOn(sound, clockTicks);
        }
        int outSequence = (int) (sequence + slot.sequenceOffset) & 0xFFFF;
        long outTicks = sound.timestamp() + slot.transit;
        if (sequence == slot.highest) {
            slot.sent(outSequence, outTicks, sound.ticks());
        }
        slot.lastSentNanos = nowNanos;
        SoundPacket sent = marker ? slot.edges.beginning(sound) : sound;
        if (sequence == slot.highest) {
            slot.edges.keep(sent);
        }
        out.send(index, marker, outSequence, outTicks, source, sent);
        return Verdict.SENT;
    }

    /**
     * As what a source's next packet goes here: what its sound goes on in, or would begin in.
     *
     * @param own the codec in which its own packets come
     * @param wish the codec in which this browser should hear it: its own, or Opus
     */
    AudioCodec codecFor(int source, AudioCodec own, AudioCodec wish, long nowNanos) {
        // whoever has no slot yet is as loud as need be: who must be encoded is to be known before
        int index = slotFor(source, own, wish, 0, nowNanos);
        return index < 0 ? wish : codecIn(slots[index], source, wish, nowNanos);
    }

    private static AudioCodec codecIn(Slot slot, int source, AudioCodec wish, long nowNanos) {
        boolean goesOn = slot.inSpurt && slot.source == source;
        return !goesOn && slot.takes(wish, nowNanos) ? wish : slot.codec;
    }

    /** Its own; a free one where its own must rest before its codec changes; or somebody's. */
    private int slotFor(
            int source, AudioCodec own, AudioCodec wish, double loudnessDbov, long nowNanos) {
        int mine = slotOf(source);
        if (mine >= 0 && slots[mine].inSpurt) {
            return mine;
        }
        int free = -1;
        int paused = -1;
        int quietest = -1;
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            if (i == mine) {
                continue;
            }
            if (slot.source == 0) {
                free = slot.takes(wish, nowNanos) && isBetter(slot, free, wish) ? i : free;
            } else if (!slot.inSpurt) {
                boolean older = paused < 0 || slot.lastSentNanos < slots[paused].lastSentNanos;
                paused = slot.rested(nowNanos) && older ? i : paused;
            } else if (canSupply(own, slot.codec)
                    && (quietest < 0 || slot.loudnessDbov < slots[quietest].loudnessDbov)) {
                quietest = i;
            }
        }
        if (mine >= 0) {
            Slot slot = slots[mine];
            if (slot.takes(wish, nowNanos) || free < 0) {
                return canSupply(own, slot.codec) || slot.takes(wish, nowNanos) ? mine : -1;
            }
            return free;
        }
        int taken = free >= 0 ? free : paused;
        if (taken < 0 && quietest >= 0 && loudnessDbov > slots[quietest].loudnessDbov + LOUDER_DB) {
            taken = quietest;
        }
        return taken;
    }

    /** The slot that carries it; −1 if none does. */
    private int slotOf(int source) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].source == source) {
                return i;
            }
        }
        return -1;
    }

    /** Everybody's sound can be had as Opus. */
    private static boolean canSupply(AudioCodec own, AudioCodec codec) {
        return codec == own || codec == AudioCodec.OPUS;
    }

    /** Rather a free slot that had the same codec, and rather one that rested longer. */
    private boolean isBetter(Slot slot, int other, AudioCodec wish) {
        if (other < 0) {
            return true;
        }
        boolean same = slot.codec == wish;
        boolean otherSame = slots[other].codec == wish;
        return same == otherSame ? slot.lastSentNanos < slots[other].lastSentNanos : same;
    }

    private void give(int index, int source, long nowNanos) {
        leave(source, nowNanos);
        Slot slot = slots[index];
        endSpurt(index, nowNanos);
        slot.source = source;
        slot.clock = null;
        slot.highest = Long.MIN_VALUE;
        changed = true;
    }

    /** The source pauses: its sound is ended where it is carried. */
    void pause(int source, long nowNanos) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].source == source) {
                endSpurt(i, nowNanos);
            }
        }
    }

    /** The source left the room: its slot is free. */
    void leave(int source, long nowNanos) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].source == source) {
                endSpurt(i, nowNanos);
                slots[i].source = 0;
                changed = true;
            }
        }
    }

    /** Ends sounds that were cut off: their packets ceased without a pause. */
    void settle(long nowNanos) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].inSpurt && nowNanos - slots[i].lastSentNanos >= CUT_OFF_NANOS) {
                endSpurt(i, nowNanos);
            }
        }
    }

    /**
     * A sound is ended, not cut: without frames of silence the browser's decoder extrapolates the
     * last vowel.
     */
    private void endSpurt(int index, long nowNanos) {
        Slot slot = slots[index];
        if (!slot.inSpurt) {
            return;
        }
        slot.inSpurt = false;
        // what came long ago the browser has faded out by itself
        boolean isCutOff = nowNanos - slot.lastSentNanos >= CUT_OFF_NANOS;
        slot.lastSentNanos = nowNanos;
        SoundPacket silence = ending.setSilence(slot.codec);
        for (int i = 0; i < ENDING_FRAMES; i++) {
            slot.sent((slot.lastSequence + 1) & 0xFFFF, slot.lastEnd(), FRAME_TICKS);
            SoundPacket end =
                    i == 0 && !isCutOff ? slot.edges.ending(slot.codec, silence) : silence;
            out.send(index, false, slot.lastSequence, slot.lastTicks, slot.source, end);
        }
    }

    /** Whether {@link #carries} has changed since this was asked last. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** For each slot the leg that it carries, 0: nobody. */
    int[] carries() {
        return Arrays.stream(slots).mapToInt(slot -> slot.source).toArray();
    }

    /** Whether a sound is going on in any slot. */
    boolean sounding() {
        for (Slot slot : slots) {
            if (slot.inSpurt) {
                return true;
            }
        }
        return false;
    }
}
