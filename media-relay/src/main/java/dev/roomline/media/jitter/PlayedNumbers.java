package dev.roomline.media.jitter;

/**
 * Which packet is to be played next by its number, and which of those before it are missing. Owner:
 * its {@link Sequencer}.
 */
final class PlayedNumbers {
    private final JitterCounts counts;
    private final MissedNumbers missed = new MissedNumbers();
    private long next;

    PlayedNumbers(JitterCounts counts) {
        this.counts = counts;
    }

    long next() {
        return next;
    }

    /** Play begins, or its beginning is put off to an earlier one: none is lost. */
    void begin(long first) {
        next = first;
    }

    void forget() {
        missed.clear();
    }

    /** Play goes on with a number; those before it are lost unless they come after all. */
    void skipTo(long sequence) {
        counts.lost += sequence - next;
        missed.miss(next, sequence);
        next = sequence;
    }

    /** This one is played. */
    void pass(long sequence) {
        skipTo(sequence);
        missed.came(sequence);
        next = sequence + 1;
    }

    /** A packet has come after its moment: it was counted lost, or is a copy of one that came. */
    void onLate(long sequence) {
        if (missed.forgive(sequence)) {
            counts.lost--;
        }
    }
}
