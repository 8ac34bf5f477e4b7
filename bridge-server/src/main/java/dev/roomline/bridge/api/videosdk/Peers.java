package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.videosdk.Peer.Direction;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.entry.AccountEntries;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.Accounts;
import dev.roomline.bridge.store.Notes;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trunks and gateways of the dialect, and what they are here: an outbound one is a trunk; an
 * inbound one with {@code auth} an account that may dial its numbers and nothing else; an inbound
 * one without a trunk that is known by its addresses. Blocks: virtual threads only.
 */
public final class Peers {
    /** Which of the accounts are such; the others are people's telephones. */
    private static final String ACCOUNT = "videosdk.inbound";

    private static final String TRUNK = "videosdk.trunk";
    private static final String NAME = "name";
    private static final String ADDRESS = "address";

    private final Trunks trunks;
    private final Accounts accounts;
    private final Notes notes;
    private final TrunkEntries trunkEntries;
    private final AccountEntries accountEntries;

    public Peers(Store store, Desk desk) {
        this.trunks = store.trunks();
        this.accounts = store.accounts();
        this.notes = store.notes();
        this.trunkEntries = desk.trunks();
        this.accountEntries = desk.accounts();
    }

    // ---- what is there

    /**
     * @param direction null: both
     */
    List<Peer> list(@Nullable Direction direction) {
        List<Peer> peers = new ArrayList<>();
        Map<String, Map<String, Object>> ofTrunks = notes.all(TRUNK);
        for (TrunkRow row : trunks.all()) {
            peers.add(peer(row, ofTrunks.getOrDefault(row.id(), Map.of())));
        }
        Map<String, Map<String, Object>> ofAccounts = notes.all(ACCOUNT);
        for (AccountRow row : accounts.list()) {
            Map<String, Object> note = ofAccounts.get(row.id());
            if (note != null) {
                peers.add(peer(row, note));
            }
        }
        peers.removeIf(peer -> direction != null && peer.direction() != direction);
        return peers;
    }

    /** By the name that any dialect gives it. */
    Optional<Peer> find(String name, @Nullable Direction direction) {
        return list(direction).stream()
                .filter(peer -> Aliases.isNamed(peer.id(), name))
                .findFirst();
    }

    /** A trunk by which calls go out. */
    Optional<TrunkRow> outbound(String name) {
        return find(name, Direction.OUTBOUND).flatMap(peer -> trunks.find(peer.id()));
    }

    /** By which of them a call came in that an account made. */
    Optional<String> aliasOfAccount(String username) {
        return accounts.byUsername(username)
                .filter(row -> notes.find(ACCOUNT, row.id()).isPresent())
                .map(row -> Aliases.word21(row.id()));
    }

    private static Peer peer(TrunkRow row, Map<String, Object> note) {
        Trunk trunk = row.trunk();
        int semicolon = trunk.address().indexOf(";transport=");
        return new Peer(
                row.id(),
                false,
                trunk.direction().equals("inbound") ? Direction.INBOUND : Direction.OUTBOUND,
                trunk.name().isEmpty() ? row.id() : trunk.name(),
                trunk.numbers(),
                trunk.direction().equals("inbound")
                        ? text(note, ADDRESS)
                        : semicolon < 0 ? trunk.address() : trunk.address().substring(0, semicolon),
                semicolon < 0 ? "" : trunk.address().substring(semicolon + ";transport=".length()),
                trunk.username(),
                trunk.allow().stream().map(Object::toString).toList(),
                encryption(trunk),
                note);
    }

    private static String encryption(Trunk trunk) {
        return switch (trunk.mediaEncryption()) {
            case REQUIRE -> "enable";
            case ALLOW, DISABLE -> "disable";
        };
    }

    private static Peer peer(AccountRow row, Map<String, Object> note) {
        return new Peer(
                row.id(),
                true,
                Direction.INBOUND,
                text(note, NAME),
                row.rooms(),
                text(note, ADDRESS),
                "",
                row.username(),
                List.of(),
                "disable",
                note);
    }

    private static String text(Map<String, Object> note, String name) {
        return note.get(name) instanceof String text ? text : "";
    }

    // ---- what is changed

    /** Whatever is missing is a fault of our own entries, told by their names. */
    Result<Peer> create(Direction direction, PeerWish wish) {
        Map<String, Object> note = note(Map.of(), wish);
        if (direction == Direction.INBOUND && wish.username().isPresent()) {
            return refused(wish).orElseGet(() -> kept(accountEntries.create(account(wish)), note));
        }
        Map<String, Object> fields = trunk(wish);
        fields.put("direction", direction.label());
        return keptTrunk(trunkEntries.create(fields), note);
    }

    private static final String BOTH =
            "empty beside auth: who proves itself by a password may do so from anywhere";

    private static final String EVERY_ACCOUNT =
            "disable beside auth: of those who prove themselves by a password the server's"
                    + " media.encryption decides, for all alike";

    /** What an account cannot be told by itself. */
    private static Optional<Result<Peer>> refused(PeerWish wish) {
        if (wish.allowedAddresses().filter(ranges -> !ranges.isEmpty()).isPresent()) {
            return Optional.of(Result.invalid("allow", BOTH));
        }
        return wish.mediaEncryption().filter("require"::equals).isPresent()
                ? Optional.of(Result.invalid("media_encryption", EVERY_ACCOUNT))
                : Optional.empty();
    }

    private Result<Peer> kept(Result<AccountEntries.Made> result, Map<String, Object> note) {
        return map(
                result,
                made -> {
                    notes.put(ACCOUNT, made.row().id(), note);
                    return peer(made.row(), note);
                });
    }

    private Result<Peer> keptTrunk(Result<TrunkRow> result, Map<String, Object> note) {
        return map(
                result,
                row -> {
                    notes.put(TRUNK, row.id(), note);
                    return peer(row, note);
                });
    }

    Result<Peer> update(Peer was, PeerWish wish) {
        Map<String, Object> note = note(was.kept(), wish);
        if (!was.isAccount()) {
            if (was.direction() == Direction.INBOUND && wish.username().isPresent()) {
                return Result.invalid(
                        "username",
                        "absent: this one is known by its addresses; make another one for it");
            }
            return keptTrunk(trunkEntries.update(was.id(), trunk(wish)), note);
        }
        Optional<Result<Peer>> refused = refused(wish);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (wish.username().filter(name -> !name.equals(was.username())).isPresent()) {
            return Result.invalid("username", "as it was: it cannot be changed");
        }
        Map<String, Object> fields = account(wish);
        fields.remove("username");
        return map(
                accountEntries.update(was.id(), fields),
                row -> {
                    notes.put(ACCOUNT, row.id(), note);
                    return peer(row, note);
                });
    }

    private static Map<String, Object> trunk(PeerWish wish) {
        Map<String, Object> fields = new LinkedHashMap<>();
        wish.name().ifPresent(name -> fields.put(NAME, name));
        wish.numbers().ifPresent(numbers -> fields.put("numbers", numbers));
        wish.wholeAddress().ifPresent(address -> fields.put(ADDRESS, address));
        wish.username().ifPresent(username -> fields.put("username", username));
        wish.password().ifPresent(password -> fields.put("password", password));
        wish.allowedAddresses().ifPresent(ranges -> fields.put("allow", ranges));
        wish.mediaEncryption().ifPresent(word -> fields.put("media_encryption", word));
        return fields;
    }

    private static Map<String, Object> account(PeerWish wish) {
        Map<String, Object> fields = new LinkedHashMap<>();
        wish.username().ifPresent(username -> fields.put("username", username));
        wish.password().ifPresent(password -> fields.put("password", password));
        wish.numbers()
                .ifPresent(
                        numbers ->
                                fields.put(
                                        "rooms",
                                        numbers.stream()
                                                .map(n -> n.startsWith("+") ? n : "+" + n)
                                                .toList()));
        return fields;
    }

    private static Map<String, Object> note(Map<String, Object> was, PeerWish wish) {
        Map<String, Object> note = new LinkedHashMap<>(was);
        wish.name().ifPresent(name -> note.put(NAME, name));
        wish.address().ifPresent(address -> note.put(ADDRESS, address));
        note.putAll(wish.kept());
        return note;
    }

    Result<Peer> delete(Peer peer) {
        if (peer.isAccount()) {
            return map(
                    accountEntries.delete(peer.id()),
                    _ -> {
                        notes.delete(ACCOUNT, peer.id());
                        return peer;
                    });
        }
        return map(
                trunkEntries.delete(peer.id()),
                _ -> {
                    notes.delete(TRUNK, peer.id());
                    return peer;
                });
    }

    private static <A, B> Result<B> map(
            Result<A> result, java.util.function.Function<A, B> change) {
        return switch (result) {
            case Result.Done<A>(A value) -> new Result.Done<>(change.apply(value));
            case Result.Invalid<A>(var faults) -> new Result.Invalid<>(faults);
            case Result.Missing<A> _ -> new Result.Missing<>();
            case Result.DeclaredInFile<A> _ -> new Result.DeclaredInFile<>();
            case Result.Taken<A>(String value) -> new Result.Taken<>(value);
            case Result.InUse<A>(String by) -> new Result.InUse<>(by);
        };
    }
}
