package dev.roomline.sip.transport;

/** Why a stream cannot be cut into messages. A closed set: a metric label. */
public enum FramingFault {
    MISSING_CONTENT_LENGTH("Missing Content-Length", false),
    SEVERAL_CONTENT_LENGTHS("Several Content-Lengths", false),
    BAD_CONTENT_LENGTH("Bad Content-Length", false),
    HEAD_TOO_LARGE("Header Block Too Large", true),
    BODY_TOO_LARGE("Body Too Large", true),
    NOT_SIP("Not SIP", false),
    TOO_SLOW("Message Took Too Long", false);

    private final String phrase;
    private final boolean tooLarge;

    FramingFault(String phrase, boolean tooLarge) {
        this.phrase = phrase;
        this.tooLarge = tooLarge;
    }

    /** For a response's status line. */
    public String phrase() {
        return phrase;
    }

    boolean tooLarge() {
        return tooLarge;
    }
}
