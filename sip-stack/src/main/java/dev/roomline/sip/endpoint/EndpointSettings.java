package dev.roomline.sip.endpoint;

import dev.roomline.sip.transaction.TimerSettings;
import java.util.HashSet;
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
 * @param sessionExpiresSeconds how long a session lives without a refresh (RFC 4028): asked of whom
 *     we call, and of who calls us and knows of it; 0: no session timers
 * @param maxServerTransactions above it requests are refused with 503 without keeping state
 * @param maxDialogs above it new INVITEs are refused with 503
 */
public record EndpointSettings(
        String product,
        LocalAddress localAddress,
        List<String> served,
        Set<String> supported,
        TimerSettings timers,
        long sessionExpiresSeconds,
        int maxServerTransactions,
        int maxDialogs) {

    /** What we serve unless told otherwise. */
    public static final List<String> SERVED =
            List.of("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE", "PRACK");

    /** Half an hour, as RFC 4028 §4 recommends. */
    private static final long SESSION_SECONDS = 1800;

    public EndpointSettings {
        served = List.copyOf(served);
        supported = Set.copyOf(supported);
    }

    /**
     * RFC 3261's timers, {@link #SERVED}, session timers of half an hour, 100,000 transactions (a
     * minute of 1000 calls/s), 20,000 dialogs.
     */
    public static EndpointSettings of(String product, LocalAddress localAddress) {
        return new EndpointSettings(
                product,
                localAddress,
                SERVED,
                Set.of("100rel", "timer"),
                TimerSettings.RFC3261,
                SESSION_SECONDS,
                100_000,
                20_000);
    }

    /** The same, with these extensions too: {@code replaces}, for example. */
    public EndpointSettings supporting(Set<String> options) {
        Set<String> all = new HashSet<>(supported);
        all.addAll(options);
        return new EndpointSettings(
                product,
                localAddress,
                served,
                all,
                timers,
                sessionExpiresSeconds,
                maxServerTransactions,
                maxDialogs);
    }

    /** The same, serving other methods: {@code REGISTER} for accounts' phones, for example. */
    public EndpointSettings serving(List<String> methods) {
        return new EndpointSettings(
                product,
                localAddress,
                methods,
                supported,
                timers,
                sessionExpiresSeconds,
                maxServerTransactions,
                maxDialogs);
    }

    /** The same with sessions that live so long without a refresh; 0: for ever. */
    public EndpointSettings withSessionExpires(long seconds) {
        return new EndpointSettings(
                product,
                localAddress,
                served,
                supported,
                timers,
                seconds,
                maxServerTransactions,
                maxDialogs);
    }
}
