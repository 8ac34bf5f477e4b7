package dev.roomline.bridge.overload;

import java.util.List;
import java.util.Map;

/**
 * What the control has made of the vitals. Immutable.
 *
 * @param active new calls are shed
 * @param admittedShare of new calls by strangers, those that are let in, 0 to 1
 * @param admittedKnown the same of callers who are known: a trunk's address, a fresh nonce of ours
 * @param because one sentence for each strain that has not been relieved, or one that says that all
 *     are and not for long enough; empty while not active
 * @param strains each one's value by its limit: 1 is too much
 * @param times how often it began, since start
 * @param seconds how long it lasted in all, since start
 */
public record Overload(
        boolean active,
        double admittedShare,
        double admittedKnown,
        List<String> because,
        Map<Strain, Double> strains,
        long times,
        double seconds) {
    public static final Overload NONE = new Overload(false, 1, 1, List.of(), Map.of(), 0, 0);

    public Overload {
        because = List.copyOf(because);
        strains = Map.copyOf(strains);
    }
}
