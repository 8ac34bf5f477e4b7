package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.List;

/**
 * A room as stored.
 *
 * @param id {@code room_…}
 * @param browsers {@code code} or {@code token}
 * @param source {@code file}, {@code api}, or {@code call} where it was made for one
 */
public record RoomRow(
        String id,
        String name,
        List<CodeRow> codes,
        int maxParticipants,
        List<String> visibleAttributes,
        boolean hideNumbers,
        String browsers,
        Instant createdAt,
        String source) {
    public RoomRow {
        codes = List.copyOf(codes);
        visibleAttributes = List.copyOf(visibleAttributes);
    }

    /**
     * @param code as it was given; compared without regard to case
     * @param role a key of {@code roles} in the configuration
     * @param pin empty: none
     * @param entry {@code phone}, {@code browser} or {@code both}
     */
    public record CodeRow(String code, String role, String pin, String entry, boolean enabled) {
        @Override
        public String toString() {
            return "CodeRow[code=" + code + ", role=" + role + "]";
        }
    }
}
