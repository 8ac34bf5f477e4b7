package dev.roomline.sip.endpoint;

import java.net.InetAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which INVITEs have had a final answer that left without keeping state, so that a repetition which
 * crossed that answer gets none of another kind: its sender has taken the first for the end of its
 * transaction (RFC 3261 §17.1.1.2). Of fixed size; a newer INVITE may push an older one out, and
 * then a repetition is judged anew, as ever. Owner: the signalling loop.
 */
final class LatelyAnswered {
    /** A repetition comes within a transaction's life (64*T1). */
    static final long LIFE_NANOS = 32_000_000_000L;

    static final int PLACES = 1 << 14;

    enum Answer {
        /** 503, since there was too much. */
        SHED(1),
        /** A challenge or a refusal by whoever was asked: it may be asked again. */
        DECIDED(2);

        /** 0 stands for a place that is free. */
        private final byte mark;

        Answer(int mark) {
            this.mark = (byte) mark;
        }
    }

    private final SipHash names;
    private final long[] name = new long[PLACES];
    private final long[] answeredNanos = new long[PLACES];
    private final byte[] answer = new byte[PLACES];

    LatelyAnswered(RandomGenerator random) {
        this.names = SipHash.keyed(random);
    }

    void answered(@Nullable String branch, InetAddress source, Answer with, long nowNanos) {
        if (branch != null) {
            long hash = hash(branch, source);
            int place = place(hash);
            name[place] = hash;
            answeredNanos[place] = nowNanos;
            answer[place] = with.mark;
        }
    }

    /** Whether an INVITE of this branch was so answered; a later one of it may have been let in. */
    boolean was(Answer with, @Nullable String branch, InetAddress source, long nowNanos) {
        if (branch == null) {
            return false;
        }
        long hash = hash(branch, source);
        int place = place(hash);
        return answer[place] == with.mark
                && name[place] == hash
                && nowNanos - answeredNanos[place] < LIFE_NANOS;
    }

    private static int place(long hash) {
        return (int) hash & (PLACES - 1);
    }

    /** A repetition comes from the same address (§18.1.1), if not from the same port. */
    private long hash(String branch, InetAddress source) {
        return names.of(branch + ' ' + source.getHostAddress());
    }
}
