package dev.roomline.bridge.store;

/** What became of a wish to change a row. */
public sealed interface Change<T> {
    /** Committed. */
    record Done<T>(T row) implements Change<T> {}

    /** There is no such row. */
    record Missing<T>() implements Change<T> {}

    /** The configuration file declares it, so only the file can change it. */
    record DeclaredInFile<T>() implements Change<T> {}

    /**
     * Another row has this name.
     *
     * @param value the code, username or key in question
     */
    record Taken<T>(String value) implements Change<T> {}

    /**
     * Another row needs it.
     *
     * @param by what that is, for people
     */
    record InUse<T>(String by) implements Change<T> {}
}
