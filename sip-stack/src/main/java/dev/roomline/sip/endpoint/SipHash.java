package dev.roomline.sip.endpoint;

import java.util.random.RandomGenerator;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short texts from which the key cannot
 * be told, at the price of a table's hash. Each purpose has a key of its own.
 */
final class SipHash {
    private static final int WORD_BYTES = Long.BYTES;

    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** With a new key. */
    static SipHash keyed(RandomGenerator random) {
        return new SipHash(random.nextLong(), random.nextLong());
    }

    /** Of characters up to U+00FF, a byte each; the upper half of others is left out. */
    long of(String text) {
        int length = text.length();
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        int whole = length - length % WORD_BYTES;
        for (int at = 0; at < whole; at += WORD_BYTES) {
            absorb(word(text, at, at + WORD_BYTES));
        }
        absorb(word(text, whole, length) | ((long) length << 56));
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(String text, int from, int to) {
        long word = 0;
        for (int i = from; i < to; i++) {
            word |= (text.charAt(i) & 0xffL) << (8 * (i - from));
        }
        return word;
    }

    private void absorb(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
