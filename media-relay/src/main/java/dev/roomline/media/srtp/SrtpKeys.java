package dev.roomline.media.srtp;

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

    /** Shows no key. */
    @Override
    public String toString() {
        return "SrtpKeys[" + profile + "]";
    }
}
