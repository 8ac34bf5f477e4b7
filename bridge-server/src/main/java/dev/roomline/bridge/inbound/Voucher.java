package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.AnswerTerms;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.Rooms.Entry;
import dev.roomline.bridge.trunk.NumberPlan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who vouches for the caller: exactly one of the two.
 *
 * @param led the number that was dialled is its own: it may go wherever that leads
 */
record Voucher(@Nullable Trunk trunk, @Nullable AccountRow account, boolean led) {
    private static final String ALL = "*";

    Voucher(@Nullable Trunk trunk, @Nullable AccountRow account) {
        this(trunk, account, false);
    }

    /** The same as it dials a number: among an account's rooms there may be numbers. */
    Voucher dialling(String number) {
        return account != null && account.rooms().stream().anyMatch(r -> isSame(r, number))
                ? new Voucher(trunk, account, true)
                : this;
    }

    /** Whether it has numbers, and no other way in. */
    boolean hasNumbersAlone() {
        return account != null
                && !account.rooms().isEmpty()
                && account.rooms().stream().allMatch(Voucher::isNumber);
    }

    /** No room code begins so. */
    private static boolean isNumber(String room) {
        return room.startsWith("+");
    }

    private static boolean isSame(String room, String number) {
        return isNumber(room) && NumberPlan.same(room, number, null);
    }

    /** {@code rooms} names rooms by name, id or code, or all of them. */
    boolean mayEnter(Entry entry) {
        List<String> rooms = rooms();
        return led
                || rooms.contains(ALL)
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

    /** How its calls are answered: as the trunk says, or as all are. */
    AnswerTerms terms(InboundSettings settings) {
        if (trunk == null) {
            return new AnswerTerms(List.of(), settings.codecs(), settings.encryption(), Map.of());
        }
        return new AnswerTerms(
                trunk.mediaAllow().stream().map(Cidr::toString).toList(),
                trunk.codecs().isEmpty() ? settings.codecs() : trunk.codecs(),
                trunk.mediaEncryption(),
                trunk.answerHeaders());
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
