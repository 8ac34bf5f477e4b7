package dev.roomline.bridge.api;

import dev.roomline.bridge.auth.Credentials.Kind;

/**
 * How the clients of one product speak: who asks, and what an error looks like. What is asked is
 * answered by endpoints of its own package, which translate onto what {@code /v1} does too.
 */
public interface Dialect {

    /** Which credentials are good. */
    Kind credentials();

    /**
     * An error in the product's own shape; what is no problem stays as it is.
     *
     * @param problem as {@link Answer#problem} makes it
     */
    Answer error(Answer problem);

    /** As it goes out. */
    default Answer shaped(Answer answer) {
        return answer.contentType().equals(Answer.PROBLEM) ? error(answer) : answer;
    }

    /** Our own: {@code /v1}. */
    Dialect NATIVE =
            new Dialect() {
                @Override
                public Kind credentials() {
                    return Kind.ANY;
                }

                @Override
                public Answer error(Answer problem) {
                    return problem;
                }
            };
}
