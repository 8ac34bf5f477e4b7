package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.Rooms.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who vouches for the caller: exactly one of the two. */
record Voucher(@Nullable Trunk trunk, @Nullable AccountRow account) {
    private static final String ALL = "*";

    /** {@code rooms} names rooms by name, id or code, or all of them. */
    boolean mayEnter(Entry entry) {
        List<String> rooms = rooms();
        return rooms.contains(ALL)
                || rooms.contains(entry.room().id())
                || rooms.contains(entry.room().name())
                || entry.room().codes().stream()
                        .anyMatch(code -> rooms.stream().anyMatch(code.code()::equalsIgnoreCase));
    }

    private List<String> rooms() {
        if (trunk != null) {
            return trunk.rooms();
        }
        return account == null ? List.of() : account.rooms();
    }

    /** Who guesses codes, so that one caller over a trunk does not lock out the others. */
    String guesser(String from) {
        return trunk != null
                ? "trunk " + trunk.id() + " " + from
                : "account " + (account == null ? "" : account.username());
    }

    /** As a trace names it. */
    String text() {
        if (trunk != null) {
            return "trunk " + (trunk.name().isEmpty() ? trunk.id() : trunk.name());
        }
        return account == null ? "nobody" : "account " + account.username();
    }
}
