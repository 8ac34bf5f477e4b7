package dev.roomline.bridge.lifecycle;

/** Why the server could not start: one sentence for the operator. */
public final class StartFault extends Exception {
    private static final long serialVersionUID = 1L;

    public StartFault(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
