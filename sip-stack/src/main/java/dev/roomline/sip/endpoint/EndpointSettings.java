package dev.roomline.sip.endpoint;

import dev.roomline.sip.transaction.TimerSettings;
import java.util.List;
import java.util.Set;

/**
 * What the core is told once.
 *
 * @param product the value of Server and User-Agent: {@code Roomline/0.1.0}
 * @param localAddress where peers reach us
 * @param served the methods that are served, in the order of Allow; INVITE, ACK, CANCEL and BYE are
 *     the core's own, the rest go to the application
 * @param supported option tags that may stand in Require; told in Supported when there are any
 * @param timers T1, T2, T4
 * @param maxServerTransactions above it requests are refused with 503 without keeping state
 * @param maxDialogs above it new INVITEs are refused with 503
 */
public record EndpointSettings(
        String product,
        LocalAddress localAddress,
        List<String> served,
        Set<String> supported,
        TimerSettings timers,
        int maxServerTransactions,
        int maxDialogs) {

    /** What we serve unless told otherwise. */
    public static final List<String> SERVED =
            List.of("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO");

    public EndpointSettings {
        served = List.copyOf(served);
        supported = Set.copyOf(supported);
    }

    /**
     * RFC 3261's timers, {@link #SERVED}, no extensions, 100,000 transactions (a minute of 1000
     * calls/s), 20,000 dialogs.
     */
    public static EndpointSettings of(String product, LocalAddress localAddress) {
        return new EndpointSettings(
                product, localAddress, SERVED, Set.of(), TimerSettings.RFC3261, 100_000, 20_000);
    }

    /** The same, with these extensions: {@code replaces}, for example. */
    public EndpointSettings supporting(Set<String> options) {
        return new EndpointSettings(
                product, localAddress, served, options, timers, maxServerTransactions, maxDialogs);
    }

    /** The same, serving other methods: {@code REGISTER} for accounts' phones, for example. */
    public EndpointSettings serving(List<String> methods) {
        return new EndpointSettings(
                product,
                localAddress,
                methods,
                supported,
                timers,
                maxServerTransactions,
                maxDialogs);
    }
}
