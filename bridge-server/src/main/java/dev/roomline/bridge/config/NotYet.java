package dev.roomline.bridge.config;

import java.util.Set;

/** Keys that are understood and checked, but have no effect in this version: one warning each. */
final class NotYet {
    static final Set<String> KEYS = Set.of();

    private NotYet() {}
}
