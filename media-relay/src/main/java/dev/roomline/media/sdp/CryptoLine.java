package dev.roomline.media.sdp;

import dev.roomline.media.srtp.SrtpProfile;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * A line {@code a=crypto} that can be served: one key of one side, for what that side sends (RFC
 * 4568 §9.1). Secret.
 *
 * @param tag by which an answer names the line that it takes
 * @param profile suite
 * @param key master key
 * @param salt master salt
 * @param mki in each packet, in front of its tag; empty: none
 * @param lifetimePackets how many packets of sound, and as many reports, it may protect
 */
@SuppressWarnings("ArrayRecordComponent")
record CryptoLine(
        int tag, SrtpProfile profile, byte[] key, byte[] salt, byte[] mki, long lifetimePackets) {
    static final String NAME = "crypto";

    /** Ours, without lifetime and MKI, which are its sender's to choose. */
    CryptoLine(int tag, SrtpProfile profile, byte[] key, byte[] salt) {
        this(tag, profile, key, salt, new byte[0], MediaProtection.Sdes.LONGEST_LIFETIME);
    }

    /** With a key that nobody has had. */
    static CryptoLine make(int tag, SrtpProfile profile, RandomGenerator random) {
        byte[] key = new byte[profile.keyLength()];
        byte[] salt = new byte[profile.saltLength()];
        random.nextBytes(key);
        random.nextBytes(salt);
        return new CryptoLine(tag, profile, key, salt);
    }

    /** As it stands in a description: without lifetime and MKI, which are the peer's to choose. */
    Attribute attribute() {
        byte[] both = new byte[key.length + salt.length];
        System.arraycopy(key, 0, both, 0, key.length);
        System.arraycopy(salt, 0, both, key.length, salt.length);
        String inline = Base64.getEncoder().encodeToString(both);
        return Attribute.of(NAME, tag + " " + profile.suite() + " inline:" + inline);
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return tag + " " + profile.suite();
    }
}
