package dev.roomline.bridge.inbound;

import dev.roomline.bridge.ask.Prompt;
import dev.roomline.bridge.call.Admission;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.room.CodeBook;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * From a caller who is known to a room: the Request-URI, a route or a code, whether it may enter.
 * From here on a refusal is a call with a record. Owner: the signalling loop.
 */
final class Placement {
    private static final String NEW = "new";

    /** What a caller may do in a room of its own, and those who join it by its code. */
    private static final String ROLE_IN_OWN_ROOM = "guest";

    private final InboundSettings settings;
    private final Dialplan dialplan;
    private final CodeBook codes;
    private final OwnRooms ownRooms;
    private final RoomDirectory directory;
    private final Signal signal;
    private final Redaction secrets;
    private final RouteHook hook;
    private final Capacity capacity;
    private final CodeGuesses guesses = new CodeGuesses();

    Placement(
            InboundSettings settings,
            Dialplan dialplan,
            CodeBook codes,
            OwnRooms ownRooms,
            RoomDirectory directory,
            LiveLoad load,
            Signal signal,
            Redaction secrets,
            RouteHook hook) {
        this.settings = settings;
        this.dialplan = dialplan;
        this.codes = codes;
        this.ownRooms = ownRooms;
        this.directory = directory;
        this.signal = signal;
        this.secrets = secrets;
        this.hook = hook;
        this.capacity = new Capacity(settings, load, signal);
    }

    void place(Visit visit, Voucher voucher, Target target) {
        Caller caller = caller(visit, voucher, name(visit, voucher, true));
        if (!capacity.takeFromRate()) {
            visit.decided("limit", "limits.invites_per_second is reached");
            visit.refuse(CallEnd.unavailable(EndReason.LIMIT), caller);
            return;
        }
        if (isFull(visit, voucher, caller)) {
            return;
        }
        switch (target) {
            case Target.Code(String code) -> enter(visit, voucher, caller, code);
            case Target.Dialled dialled ->
                    dialled(visit, voucher.dialling(dialled.number()), caller, dialled);
            case Target.Nowhere(String why) -> unknown(visit, caller, why);
            case Target.UnservedScheme(String scheme) -> {
                visit.decided("target", "scheme " + scheme + " is not served");
                visit.refuse(CallEnd.unservedScheme(), caller);
            }
        }
    }

    private void dialled(Visit visit, Voucher voucher, Caller caller, Target.Dialled dialled) {
        if (voucher.hasNumbersAlone() && !voucher.led()) {
            visit.decided("target", voucher.text() + " may dial its own numbers only");
            visit.refuse(CallEnd.of(EndReason.NOT_ALLOWED), caller);
            return;
        }
        Optional<Route> found = dialplan.route(dialled.number(), voucher.trunk());
        if (found.isPresent()) {
            follow(visit, voucher, caller, found.get());
        } else if (CodeBook.isCode(dialled.asSent())) {
            // a code of one's own may be digits alone
            visit.decided("target", "no route for the number; taken as a room code");
            enter(visit, voucher, caller, dialled.asSent());
        } else {
            unknown(visit, caller, "no route leads the number into a room");
        }
    }

    private void follow(Visit visit, Voucher voucher, Caller caller, Route route) {
        String by = route.trunk().isEmpty() ? "a route" : "a route of its trunk";
        if (!route.ask().isEmpty()) {
            visit.decided("target", by + " asks the caller for a room code (ask: code)");
            ask(visit, voucher, caller, Prompt.CODE, digits -> code(visit, voucher, digits));
        } else if (!route.webhook().isEmpty()) {
            hooked(visit, voucher, caller, route, by);
        } else if (route.room().equals(NEW)) {
            visit.decided("target", by + " gives the number a room of its own (room: new)");
            ownRoom(visit, voucher, caller);
        } else {
            visit.decided("target", by + " leads the number to room code " + route.room());
            enter(visit, voucher, caller, route.room());
        }
    }

    /** An application that fails does not lose the call: the caller is asked instead. */
    private void hooked(Visit visit, Voucher voucher, Caller caller, Route route, String by) {
        visit.decided("target", by + " lets an application say where the number leads (webhook)");
        RouteHook.Arriving arriving =
                new RouteHook.Arriving(
                        caller.from(),
                        caller.to(),
                        caller.trunk(),
                        caller.account(),
                        caller.name(),
                        caller.userId(),
                        caller.attributes(),
                        visit.invite().callId());
        signal.whenDone(
                hook.ask(route.webhook(), arriving),
                (reply, failure) -> {
                    switch (reply) {
                        case RouteHook.Reply.Room(String room, String name, String userId) -> {
                            visit.decided("webhook", "the application leads the call to " + room);
                            Visit named = visit.named(name, userId);
                            if (room.equals(NEW)) {
                                ownRoom(named, voucher, caller);
                            } else {
                                enter(named, voucher, caller, room);
                            }
                        }
                        case RouteHook.Reply.Reject(int status) -> {
                            visit.decided("webhook", "the application rejects it with " + status);
                            visit.refuse(
                                    CallEnd.of(
                                                    EndReason.NOT_ALLOWED,
                                                    "The application rejected the call.")
                                            .answered(status),
                                    caller);
                        }
                        case RouteHook.Reply.Failed(String why) ->
                                unhooked(visit, voucher, caller, why);
                        case null -> unhooked(visit, voucher, caller, "a fault: " + failure);
                    }
                });
    }

    private void unhooked(Visit visit, Voucher voucher, Caller caller, String why) {
        visit.decided("webhook", "the application failed: " + why + "; the caller is asked");
        ask(visit, voucher, caller, Prompt.CODE, digits -> code(visit, voucher, digits));
    }

    /** Whoever guessed too often is not asked. */
    private void ask(
            Visit visit, Voucher voucher, Caller caller, Prompt question, Doorkeeper.Judge judge) {
        if (guessedTooOften(visit, voucher, caller)) {
            return;
        }
        Trunk trunk = voucher.trunk();
        visit.outcome()
                .complete(
                        new Screening.Asked(
                                caller,
                                mediaAllow(trunk),
                                codecs(trunk),
                                encryption(trunk),
                                trunk == null ? Map.of() : trunk.answerHeaders(),
                                question,
                                judge));
    }

    private boolean guessedTooOften(Visit visit, Voucher voucher, Caller caller) {
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

    /** A room code as it was keyed in. */
    private CompletionStage<Screening> code(Visit asked, Voucher voucher, String digits) {
        Visit visit = asked.again();
        Caller caller = caller(visit, voucher, name(visit, voucher, true));
        if (!guessedTooOften(visit, voucher, caller)) {
            signal.whenKnown(
                    codes.spelt(digits),
                    (entry, failure) -> {
                        if (entry == null) {
                            String why = "the room could not be looked up: " + failure;
                            storeFailed(visit, caller, why);
                        } else if (entry.isEmpty()) {
                            guesses.wrong(voucher.guesser(caller.from()), signal.nanoTime());
                            unknown(visit, caller, "no room code is spelt as the caller entered");
                        } else {
                            found(visit, voucher, caller, entry.get());
                        }
                    });
        }
        return visit.outcome();
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
            guesses.wrong(voucher.guesser(caller.from()), signal.nanoTime());
            unknown(visit, caller, "the PIN is not the room code's");
        } else {
            visit.decided("room", "the PIN is right");
            admit(visit, voucher, entry.room(), entry.code().role(), false);
        }
        return visit.outcome();
    }

    private void ownRoom(Visit visit, Voucher voucher, Caller caller) {
        ownRooms.make(
                "Call from " + caller.name(),
                (room, failure) -> {
                    if (room == null) {
                        storeFailed(visit, caller, "the room could not be made: " + failure);
                        return;
                    }
                    String code = room.codes().isEmpty() ? "" : room.codes().getFirst().code();
                    visit.decided(
                            "room", "made room " + room.id() + ", which others join by " + code);
                    admit(visit, voucher, room, ROLE_IN_OWN_ROOM, true);
                });
    }

    private void enter(Visit visit, Voucher voucher, Caller caller, String code) {
        signal.whenKnown(
                codes.enter(code),
                (entry, failure) -> {
                    if (entry == null) {
                        storeFailed(visit, caller, "the room could not be looked up: " + failure);
                    } else if (entry.isEmpty()) {
                        unknown(visit, caller, "no room has the code " + code);
                    } else {
                        found(visit, voucher, caller, entry.get());
                    }
                });
    }

    private void found(Visit visit, Voucher voucher, Caller caller, Entry entry) {
        Caller inside = caller.into(entry.room().id());
        Optional<String> closed = closed(entry);
        if (closed.isPresent()) {
            unknown(visit, inside, closed.get());
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

    /** Refuses who is one too many. */
    private boolean isFull(Visit visit, Voucher voucher, Caller caller) {
        Optional<String> limit = capacity.reached(voucher, visit.leaving());
        if (limit.isEmpty()) {
            return false;
        }
        visit.decided("limit", limit.get() + " is reached");
        visit.refuse(CallEnd.unavailable(EndReason.LIMIT), caller);
        return true;
    }

    private void admit(Visit visit, Voucher voucher, RoomRow room, String role, boolean ownRoom) {
        CallerName name = name(visit, voucher, room.hideNumbers());
        // asked again: others may have come while the store was asked
        if (!visit.counted()
                && isFull(visit, voucher, caller(visit, voucher, name).into(room.id()))) {
            if (ownRoom) {
                ownRooms.deleteSurely(room.id());
            }
            return;
        }
        visit.decided("name", "shown by its " + name.basis());
        visit.decided("room", voucher.text() + " may enter room " + room.name() + " as " + role);
        Trunk trunk = voucher.trunk();
        Admission terms =
                new Admission(
                        caller(visit, voucher, name).into(room.id()),
                        room,
                        role,
                        mediaAllow(trunk),
                        codecs(trunk),
                        encryption(trunk),
                        trunk == null ? Map.of() : trunk.answerHeaders(),
                        ownRoom);
        visit.outcome().complete(new Screening.Admitted(terms));
    }

    private static List<String> mediaAllow(@Nullable Trunk trunk) {
        return trunk == null ? List.of() : trunk.mediaAllow().stream().map(Cidr::toString).toList();
    }

    private List<String> codecs(@Nullable Trunk trunk) {
        return trunk == null || trunk.codecs().isEmpty() ? settings.codecs() : trunk.codecs();
    }

    private Encryption encryption(@Nullable Trunk trunk) {
        return trunk == null ? settings.encryption() : trunk.mediaEncryption();
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

    private static void unknown(Visit visit, Caller caller, String why) {
        visit.decided("room", why);
        visit.refuse(CallEnd.of(EndReason.UNKNOWN_ROOM), caller);
    }

    private static void storeFailed(Visit visit, Caller caller, String why) {
        visit.decided("store", why);
        visit.refuse(CallEnd.storeAway(), caller);
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
}
