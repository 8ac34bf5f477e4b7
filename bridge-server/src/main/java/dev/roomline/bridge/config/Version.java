package dev.roomline.bridge.config;

import java.util.Objects;

/** The version of this build. */
public final class Version {
    private Version() {}

    /** From the jar's manifest; {@code dev} when run from classes. */
    public static String current() {
        return Objects.requireNonNullElse(
                Version.class.getPackage().getImplementationVersion(), "dev");
    }
}
