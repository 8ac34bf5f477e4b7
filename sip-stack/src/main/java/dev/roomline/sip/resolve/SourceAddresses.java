package dev.roomline.sip.resolve;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** From where we would send. Thread-safe. */
public interface SourceAddresses {

    /** Whether we have a socket of that address's family. */
    boolean serves(InetAddress destination);

    /** Which address of ours the kernel would take; null where there is no route. */
    @Nullable InetAddress sourceFor(InetAddress destination);
}
