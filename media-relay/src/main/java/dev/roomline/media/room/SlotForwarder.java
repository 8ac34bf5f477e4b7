package dev.roomline.media.room;

import java.util.Arrays;

/**
 * Which speaker each slot of one browser carries, and what its packets are renumbered to. A source
 * keeps its slot for as long as it is in the room while there are slots enough; a slot changes
 * hands only when its speaker has paused, or when another is much louder. Sans-IO. Owner: the room.
 *
 * <p>Timestamps come from our own clock ({@link SourceClock}): inside a spurt the source's
 * differences are kept, through silence they advance. Sequence numbers go by an offset: what was
 * lost before us stays a gap, what we withhold does not. One payload per (SSRC, sequence), ever:
 * what comes late or twice is dropped before it is renumbered, or AES-GCM would be broken.
 */
final class SlotForwarder {
    /** A source's packet as a slot sends it. */
    @FunctionalInterface
    interface Out {
        /**
         * @param timestamp in ticks of our 48 kHz clock; the slot adds its own origin
         * @param source the leg that speaks: its CSRC
         */
        void send(
                int slot,
                boolean marker,
                int sequence,
                int timestamp,
                int source,
                int levelDbov,
                byte[] payload,
                int offset,
                int length);
    }

    /** What became of an offered packet. */
    enum Verdict {
        SENT,
        /** Older than what the slot has sent, or sent already. */
        LATE,
        /** Every slot carries somebody else. */
        NO_SLOT
    }

    static final long PAUSE_NANOS = 500_000_000L;
    static final double LOUDER_DB = 6;

    /** No packet for this long and the sound was cut off: it is ended for the listener. */
    static final long CUT_OFF_NANOS = 150_000_000L;

    private static final int FRAME_TICKS = 960;
    private static final int ENDING_FRAMES = 2;
    private static final int SILENCE_DBOV = -127;

    /** One frame of 20 ms of silence (RFC 6716 §3.1: CELT, full band, one empty frame). */
    private static final byte[] SILENCE = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

    private static final class Slot {
        int source;
        boolean inSpurt;
        double loudnessDbov;
        long lastSentNanos;

        /** Of our numbering. */
        int lastSequence;

        long lastTicks;

        /** Of the source's numbering. */
        long highest;

        long firstOfSpurt;
        long sequenceOffset;
        long transit;

        /** Bit n: {@code highest − n} was sent. */
        long window;
    }

    private Slot[] slots;
    private final Out out;
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
            Slot slot = new Slot();
            slot.lastSequence = firstSequences[i];
            slot.lastTicks = Long.MIN_VALUE / 2;
            slots[before + i] = slot;
        }
    }

    int size() {
        return slots.length;
    }

    /**
     * A packet of somebody who speaks.
     *
     * @param sequence extended, of the source's numbering
     * @param timestamp extended, of the source's clock
     */
    Verdict offer(
            int source,
            SourceClock clock,
            long sequence,
            long timestamp,
            int levelDbov,
            double loudnessDbov,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        int index = slotFor(source, loudnessDbov, nowNanos);
        if (index < 0) {
            return Verdict.NO_SLOT;
        }
        Slot slot = slots[index];
        slot.loudnessDbov = loudnessDbov;
        boolean marker = !slot.inSpurt;
        if (slot.inSpurt ? isLate(slot, sequence) : sequence <= slot.highest) {
            return Verdict.LATE;
        }
        if (marker) {
            begin(slot, clock, sequence, timestamp);
        } else {
            remember(slot, sequence);
        }
        int outSequence = (int) (sequence + slot.sequenceOffset) & 0xFFFF;
        long outTicks = timestamp + slot.transit;
        if (sequence == slot.highest) {
            slot.lastSequence = outSequence;
            slot.lastTicks = outTicks;
        }
        slot.lastSentNanos = nowNanos;
        out.send(
                index,
                marker,
                outSequence,
                (int) outTicks,
                source,
                levelDbov,
                payload,
                offset,
                length);
        return Verdict.SENT;
    }

    private static boolean isLate(Slot slot, long sequence) {
        if (sequence < slot.firstOfSpurt) {
            return true;
        }
        long behind = slot.highest - sequence;
        return behind >= 64 || (behind >= 0 && (slot.window >>> behind & 1) != 0);
    }

    private static void begin(Slot slot, SourceClock clock, long sequence, long timestamp) {
        slot.inSpurt = true;
        slot.firstOfSpurt = sequence;
        slot.highest = sequence;
        slot.window = 1;
        slot.sequenceOffset = slot.lastSequence + 1L - sequence;
        slot.transit = clock.transit();
        // A clock mapped anew may not run back over what was sent.
        slot.transit = Math.max(slot.transit, slot.lastTicks + FRAME_TICKS - timestamp);
    }

    private static void remember(Slot slot, long sequence) {
        long ahead = sequence - slot.highest;
        if (ahead > 0) {
            slot.window = ahead >= 64 ? 1 : slot.window << ahead | 1;
            slot.highest = sequence;
        } else {
            slot.window |= 1L << -ahead;
        }
    }

    private int slotFor(int source, double loudnessDbov, long nowNanos) {
        int free = -1;
        int paused = -1;
        int quietest = -1;
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            if (slot.source == source) {
                return i;
            }
            if (slot.source == 0) {
                free = free < 0 || slot.lastSentNanos < slots[free].lastSentNanos ? i : free;
            } else if (!slot.inSpurt) {
                boolean rested = nowNanos - slot.lastSentNanos >= PAUSE_NANOS;
                if (rested && (paused < 0 || slot.lastSentNanos < slots[paused].lastSentNanos)) {
                    paused = i;
                }
            } else if (quietest < 0 || slot.loudnessDbov < slots[quietest].loudnessDbov) {
                quietest = i;
            }
        }
        int taken = free >= 0 ? free : paused;
        if (taken < 0 && quietest >= 0 && loudnessDbov > slots[quietest].loudnessDbov + LOUDER_DB) {
            taken = quietest;
        }
        if (taken >= 0) {
            give(taken, source);
        }
        return taken;
    }

    private void give(int index, int source) {
        Slot slot = slots[index];
        endSpurt(index);
        slot.source = source;
        slot.highest = Long.MIN_VALUE;
        changed = true;
    }

    /** The source pauses: its sound is ended where it is carried. */
    void pause(int source) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].source == source) {
                endSpurt(i);
            }
        }
    }

    /** The source left the room: its slot is free. */
    void leave(int source) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].source == source) {
                endSpurt(i);
                slots[i].source = 0;
                changed = true;
            }
        }
    }

    /** Ends sounds that were cut off: their packets ceased without a pause. */
    void settle(long nowNanos) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].inSpurt && nowNanos - slots[i].lastSentNanos >= CUT_OFF_NANOS) {
                endSpurt(i);
            }
        }
    }

    /**
     * A sound is ended, not cut: without frames of silence the browser's decoder extrapolates the
     * last vowel.
     */
    private void endSpurt(int index) {
        Slot slot = slots[index];
        if (!slot.inSpurt) {
            return;
        }
        slot.inSpurt = false;
        for (int i = 0; i < ENDING_FRAMES; i++) {
            slot.lastSequence = (slot.lastSequence + 1) & 0xFFFF;
            slot.lastTicks += FRAME_TICKS;
            out.send(
                    index,
                    false,
                    slot.lastSequence,
                    (int) slot.lastTicks,
                    slot.source,
                    SILENCE_DBOV,
                    SILENCE,
                    0,
                    SILENCE.length);
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
