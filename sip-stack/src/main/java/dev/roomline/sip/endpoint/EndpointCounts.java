package dev.roomline.sip.endpoint;

/**
 * What the core holds and has counted, at one moment.
 *
 * @param serverTransactions living
 * @param clientTransactions living
 * @param dialogs living, early ones included
 * @param requestsRepeated requests that came again and were answered from their transaction
 * @param acksAbsorbed ACKs of answers that were given without keeping state, and repeated ACKs
 * @param commandsIgnored commands for requests or dialogs that no longer live
 */
public record EndpointCounts(
        int serverTransactions,
        int clientTransactions,
        int dialogs,
        long requestsRepeated,
        long acksAbsorbed,
        long commandsIgnored) {}
