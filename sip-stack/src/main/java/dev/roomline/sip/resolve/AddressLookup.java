package dev.roomline.sip.resolve;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the DNS, without blocking. Every answer completes on any thread: with an empty list when
 * there is none, with an exception when nobody knows whether there is.
 */
@FunctionalInterface
interface AddressLookup {

    CompletionStage<List<InetAddress>> addressesOf(String host);

    /** SRV, in any order. */
    default CompletionStage<List<ServiceRecord>> servicesOf(String name) {
        return CompletableFuture.completedFuture(List.of());
    }

    /** NAPTR, in any order. */
    default CompletionStage<List<PointerRecord>> pointersOf(String host) {
        return CompletableFuture.completedFuture(List.of());
    }
}
