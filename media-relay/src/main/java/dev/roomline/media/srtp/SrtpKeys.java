package dev.roomline.media.srtp;

import java.security.MessageDigest;

/**
 * Master keys and salts of both directions. Secret: never logged.
 *
 * @param profile what they are for; it fixes their lengths
 * @param localKey protects what we send
 * @param localSalt of the same
 * @param remoteKey protects what the peer sends
 * @param remoteSalt of the same
 */
@SuppressWarnings("ArrayRecordComponent")
public record SrtpKeys(
        SrtpProfile profile,
        byte[] localKey,
        byte[] localSalt,
        byte[] remoteKey,
        byte[] remoteSalt) {

    public SrtpKeys {
        requireLength(localKey, profile.keyLength());
        requireLength(remoteKey, profile.keyLength());
        requireLength(localSalt, profile.saltLength());
        requireLength(remoteSalt, profile.saltLength());
    }

    private static void requireLength(byte[] part, int length) {
        if (part.length != length) {
            throw new IllegalArgumentException(
                    "expected " + length + " octets, was " + part.length);
        }
    }

    /** Whether what the other's {@code local} keys protect is protected by the same keys here. */
    public boolean sendsAs(SrtpKeys other) {
        return profile == other.profile
                && MessageDigest.isEqual(localKey, other.localKey)
                && MessageDigest.isEqual(localSalt, other.localSalt);
    }

    /** Whether the peer's keys are the same in both. */
    public boolean receivesAs(SrtpKeys other) {
        return profile == other.profile
                && MessageDigest.isEqual(remoteKey, other.remoteKey)
                && MessageDigest.isEqual(remoteSalt, other.remoteSalt);
    }

    /** Whether both directions have the same, so that they would share a key stream. */
    public boolean areOneKey() {
        return MessageDigest.isEqual(localKey, remoteKey)
                && MessageDigest.isEqual(localSalt, remoteSalt);
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "SrtpKeys[" + profile + "]";
    }
}
