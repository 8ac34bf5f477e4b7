package dev.roomline.media.sdp;

/** Which way media flows, told from the side of who wrote the description (RFC 3264 §5.1). */
public enum Direction {
    SENDRECV("sendrecv", true, true),
    SENDONLY("sendonly", true, false),
    RECVONLY("recvonly", false, true),
    INACTIVE("inactive", false, false);

    private final String attribute;
    private final boolean sends;
    private final boolean receives;

    Direction(String attribute, boolean sends, boolean receives) {
        this.attribute = attribute;
        this.sends = sends;
        this.receives = receives;
    }

    /** Its attribute's name. */
    public String attribute() {
        return attribute;
    }

    /** Whether the writer sends. */
    public boolean sends() {
        return sends;
    }

    /** Whether the writer receives. */
    public boolean receives() {
        return receives;
    }

    /** The same flow told from the other side: what an answer may say at most (RFC 3264 §6.1). */
    public Direction mirrored() {
        return of(/* sends= */ receives, /* receives= */ sends);
    }

    /** What both allow. */
    public Direction and(Direction other) {
        return of(sends && other.sends, receives && other.receives);
    }

    /** From its two halves. */
    public static Direction of(boolean sends, boolean receives) {
        if (sends) {
            return receives ? SENDRECV : SENDONLY;
        }
        return receives ? RECVONLY : INACTIVE;
    }
}
