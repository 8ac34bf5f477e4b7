package dev.roomline.bridge.inbound;

import dev.roomline.bridge.ask.Prompt;
import dev.roomline.bridge.call.Admission;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper.Judge;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.room.CodeGuesses;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms.Entry;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.NameAddr;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Whether a caller may enter the room that it means, and under which name: limits, what the code
 * and who vouches for the caller allow, a PIN. Owner: the signalling loop.
 */
final class Entrance {
    private final InboundSettings settings;
    private final OwnRooms ownRooms;
    private final RoomDirectory directory;
    private final Signal signal;
    private final Redaction secrets;
    private final Capacity capacity;
    private final CodeGuesses guesses = new CodeGuesses();

    Entrance(
            InboundSettings settings,
            OwnRooms ownRooms,
            RoomDirectory directory,
            LiveLoad load,
            Signal signal,
            Redaction secrets) {
        this.settings = settings;
        this.ownRooms = ownRooms;
        this.directory = directory;
        this.signal = signal;
        this.secrets = secrets;
        this.capacity = new Capacity(settings, load, signal);
    }

    /** Whether one more is taken; refuses who is one too many. */
    boolean takes(Visit visit, Voucher voucher, Caller caller) {
        if (!capacity.takeFromRate()) {
            visit.decided("limit", "limits.invites_per_second is reached");
            visit.refuse(CallEnd.unavailable(EndReason.LIMIT), caller);
            return false;
        }
        return !isFull(visit, voucher, caller);
    }

    private boolean isFull(Visit visit, Voucher voucher, Caller caller) {
        Optional<String> limit = capacity.reached(voucher, visit.leaving());
        if (limit.isEmpty()) {
            return false;
        }
        visit.decided("limit", limit.get() + " is reached");
        visit.refuse(CallEnd.unavailable(EndReason.LIMIT), caller);
        return true;
    }

    /** Whoever guessed too often is not asked. */
    void ask(Visit visit, Voucher voucher, Caller caller, Prompt question, Judge judge) {
        if (!guessedTooOften(visit, voucher, caller)) {
            visit.outcome()
                    .complete(
                            new Screening.Asked(caller, voucher.terms(settings), question, judge));
        }
    }

    /** Refuses who did. */
    boolean guessedTooOften(Visit visit, Voucher voucher, Caller caller) {
        Duration wait = guesses.backOff(voucher.guesser(caller.from()), signal.nanoTime());
        if (wait.isZero()) {
            return false;
        }
        visit.decided("limit", "too many wrong codes came from this caller");
        visit.refuse(
                CallEnd.of(EndReason.LIMIT, "Too many wrong codes came from this caller.")
                        .with(new HeaderField("Retry-After", Long.toString(1 + wait.toSeconds()))),
                caller);
        return true;
    }

    /** What was entered is no code, or not the code's PIN. */
    void guessedWrong(Visit visit, Voucher voucher, Caller caller, String why) {
        guesses.wrong(voucher.guesser(caller.from()), signal.nanoTime());
        visit.refuseUnknown(caller, why);
    }

    /** The room is known: in, if the caller may. */
    void enter(Visit visit, Voucher voucher, Caller caller, Entry entry) {
        Caller inside = caller.into(entry.room().id());
        Optional<String> closed = closed(entry);
        if (closed.isPresent()) {
            visit.refuseUnknown(inside, closed.get());
            return;
        }
        if (!voucher.mayEnter(entry)) {
            visit.decided(
                    "room",
                    "rooms of " + voucher.text() + " does not hold room " + entry.room().name());
            visit.refuse(CallEnd.of(EndReason.NOT_ALLOWED), inside);
            return;
        }
        if (directory.ownerOf(entry.room().id())
                instanceof RoomDirectory.Owner.Elsewhere(String node)) {
            visit.decided("room", "the room is served by " + node);
            visit.refuse(
                    CallEnd.unavailable(
                            EndReason.OVERLOADED, "The room is served by " + node + "."),
                    inside);
            return;
        }
        if (entry.code().pin().isEmpty()) {
            admit(visit, voucher, entry.room(), entry.code().role(), false);
        } else {
            visit.decided("room", "the room code has a PIN, which the caller is asked for");
            ask(
                    visit,
                    voucher,
                    inside,
                    Prompt.PIN,
                    digits -> pin(visit, voucher, inside, entry, digits));
        }
    }

    /** Why a code that exists leads no phone anywhere. */
    private static Optional<String> closed(Entry entry) {
        if (!entry.code().enabled()) {
            return Optional.of("the room code is disabled");
        }
        if (entry.code().entry().equals("browser")) {
            return Optional.of("the room code is for browsers only (entry: browser)");
        }
        return Optional.empty();
    }

    /** The PIN of a code, as it was keyed in. */
    private CompletionStage<Screening> pin(
            Visit asked, Voucher voucher, Caller caller, Entry entry, String digits) {
        Visit visit = asked.again();
        byte[] wanted = Names.keypad(entry.code().pin()).getBytes(StandardCharsets.US_ASCII);
        if (guessedTooOften(visit, voucher, caller)) {
            return visit.outcome();
        }
        if (!MessageDigest.isEqual(wanted, digits.getBytes(StandardCharsets.US_ASCII))) {
            guessedWrong(visit, voucher, caller, "the PIN is not the room code's");
        } else {
            visit.decided("room", "the PIN is right");
            admit(visit, voucher, entry.room(), entry.code().role(), false);
        }
        return visit.outcome();
    }

    /**
     * @param ownRoom the room was made for this caller
     */
    void admit(Visit visit, Voucher voucher, RoomRow room, String role, boolean ownRoom) {
        CallerName name = name(visit, voucher, room.hideNumbers());
        Caller caller = caller(visit, voucher, name).into(room.id());
        // asked again: others may have come while the store was asked
        if (!visit.counted() && isFull(visit, voucher, caller)) {
            if (ownRoom) {
                ownRooms.deleteSurely(room.id());
            }
            return;
        }
        visit.decided("name", "shown by its " + name.basis());
        visit.decided("room", voucher.text() + " may enter room " + room.name() + " as " + role);
        visit.outcome()
                .complete(
                        new Screening.Admitted(
                                new Admission(
                                        caller, room, role, voucher.terms(settings), ownRoom)));
    }

    /** Who calls, while it is in no room: its number is shown to nobody. */
    Caller caller(Visit visit, Voucher voucher) {
        return caller(visit, voucher, name(visit, voucher, true));
    }

    private static Caller caller(Visit visit, Voucher voucher, CallerName name) {
        String user = visit.invite().requestUri().user();
        return new Caller(
                name.from(),
                user == null ? "" : user,
                name.displayName(),
                name.userId(),
                name.attributes(),
                voucher.trunk() == null ? null : voucher.trunk().id(),
                voucher.account() == null ? null : voucher.account().username(),
                null);
    }

    private CallerName name(Visit visit, Voucher voucher, boolean hideNumbers) {
        @Nullable NameAddr asserted =
                voucher.trunk() == null ? null : AssertedIdentity.of(visit.invite());
        return switch (CallerName.read(visit.invite(), asserted, hideNumbers, secrets)) {
            case CallerName.Reading.Read(CallerName name) -> {
                CallerName told = voucher.trunk() == null ? name : name.divertedBy(visit.invite());
                yield told.butAs(visit.name(), visit.userId());
            }
            case CallerName.Reading.Malformed(String fault) ->
                    throw new IllegalStateException("checked at the door: " + fault);
        };
    }
}
