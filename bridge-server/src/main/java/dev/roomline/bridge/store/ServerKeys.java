package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import java.util.function.Supplier;

/** Keys that the server made for itself. Blocks: virtual threads only. */
public interface ServerKeys {

    /**
     * The key of this name, which is made where there is none: whoever comes first, all have the
     * same from then on.
     */
    Secret keep(String name, Supplier<Secret> fresh);
}
