package dev.roomline.bridge.outbound;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.TelephoneNumber;
import dev.roomline.bridge.trunk.NumberPlan;
import java.util.Optional;

/** Under which number we call. */
public final class CallerId {
    private CallerId() {}

    /**
     * @param wanted empty: the trunk's first
     * @return empty where it is not one of the trunk's numbers, which carriers refuse; blank where
     *     the trunk has none, and none is wanted
     */
    public static Optional<String> choose(String wanted, Trunk trunk) {
        if (wanted.isEmpty()) {
            return Optional.of(trunk.numbers().isEmpty() ? "" : trunk.numbers().getFirst());
        }
        Optional<String> number = TelephoneNumber.canonical(wanted);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        if (trunk.numbers().isEmpty()) {
            return number;
        }
        return trunk.numbers().stream()
                .filter(
                        own ->
                                NumberPlan.same(
                                        TelephoneNumber.canonical(own).orElse(own),
                                        number.get(),
                                        trunk))
                .findFirst();
    }
}
