package dev.roomline.bridge.store;

import java.util.Optional;

/** What memory says without asking the database. */
public sealed interface Recalled<T> {
    /** As the database would answer now; empty: there is none. */
    record Known<T>(Optional<T> answer) implements Recalled<T> {}

    /** Only the database knows. */
    record Unknown<T>() implements Recalled<T> {}
}
