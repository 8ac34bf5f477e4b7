package dev.roomline.bridge.store;

import dev.roomline.bridge.config.RoomlineConfig;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A first start with no configuration works at once: one account, one room with one code and one
 * API key are made, kept in the store and in {@code data_dir/first-start.json} (mode 0600), and
 * shown at each start until that file is deleted. Blocks: virtual threads or main.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class FirstStart {
    private FirstStart() {}

    /**
     * @param withoutFile whether the server runs without a configuration file; only then is
     *     anything made, and only in a store that has no rooms, accounts or keys
     * @param localAddress the address by which this machine reaches others, used where no public
     *     one is configured; absent: loopback
     * @param httpPort the port that the server really listens on
     * @return what to print, if anything
     */
    public static Optional<String> prepare(
            RoomlineConfig config,
            Store store,
            boolean withoutFile,
            Optional<InetAddress> localAddress,
            int httpPort) {
        throw new UnsupportedOperationException();
    }
}
