package dev.roomline.bridge.trunk;

import java.util.Locale;

/**
 * How a trunk is.
 *
 * @param registered our REGISTER with it holds; false where none is wanted
 * @param activeCalls calls over it that are not over, both ways
 * @param lastError what went wrong last; empty where nothing has, or it is well again
 */
public record TrunkState(Health health, boolean registered, long activeCalls, String lastError) {
    public static final TrunkState NONE = new TrunkState(Health.UNKNOWN, false, 0, "");

    /** Whether it can be called, as far as is known. */
    public enum Health {
        UP,
        DOWN,
        UNKNOWN;

        /** As it stands in API and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
