package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.store.Change;
import java.util.List;
import java.util.function.Function;

/** What became of a wish. */
public sealed interface Result<T> {
    /** Committed, and effective from now on. */
    record Done<T>(T value) implements Result<T> {}

    /** Nothing was changed: at least one fault, their keys are the fields' names. */
    record Invalid<T>(List<Fault> faults) implements Result<T> {
        public Invalid {
            faults = List.copyOf(faults);
        }
    }

    /** There is none of this id. */
    record Missing<T>() implements Result<T> {}

    /** The configuration file declares it, so only the file can change it. */
    record DeclaredInFile<T>() implements Result<T> {}

    /**
     * Another one has this name.
     *
     * @param value the name in question, nothing secret
     */
    record Taken<T>(String value) implements Result<T> {}

    /**
     * @param by what needs it, for people
     */
    record InUse<T>(String by) implements Result<T> {}

    static <R, T> Result<T> of(Change<R> change, Function<R, T> view) {
        return switch (change) {
            case Change.Done<R> done -> new Done<>(view.apply(done.row()));
            case Change.Missing<R> _ -> new Missing<>();
            case Change.DeclaredInFile<R> _ -> new DeclaredInFile<>();
            case Change.Taken<R> taken -> new Taken<>(taken.value());
            case Change.InUse<R> used -> new InUse<>(used.by());
        };
    }

    static <T> Result<T> invalid(String field, String expectation) {
        return new Invalid<>(List.of(new Fault(field, "", expectation, "")));
    }
}
