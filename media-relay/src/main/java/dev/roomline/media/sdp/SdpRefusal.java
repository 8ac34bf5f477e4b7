package dev.roomline.media.sdp;

/** Why a description cannot be served: a closed set, which the relay maps to its own. */
public enum SdpRefusal {
    /** It does not parse, or lacks what every description has. */
    MALFORMED,
    /** No live audio line. */
    NO_AUDIO_LINE,
    /** None of the offered codecs is one of ours. */
    NO_COMMON_CODEC,
    /** It asks for SRTP of a kind, or where, it is not served. */
    ENCRYPTION_REQUIRED,
    /** It has no encryption that is served, where we require it. */
    ENCRYPTION_NOT_OFFERED,
    /** It asks for something else that is not served: the detail says what. */
    UNSUPPORTED
}
