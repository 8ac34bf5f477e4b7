package dev.roomline.sip.resolve;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Asks for a host name's addresses, without blocking. */
@FunctionalInterface
interface AddressLookup {

    /** Completes on any thread; with an exception or an empty list when there is none. */
    CompletionStage<List<InetAddress>> addressesOf(String host);
}
