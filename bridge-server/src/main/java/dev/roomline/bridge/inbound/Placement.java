package dev.roomline.bridge.inbound;

import dev.roomline.bridge.ask.Prompt;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.signal.Signal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which room a caller who is known means: by the Request-URI, a route, a code or an application's
 * word. From here on a refusal is a call with a record. Owner: the signalling loop.
 */
final class Placement {
    private static final String NEW = "new";

    /** What a caller may do in a room of its own, and those who join it by its code. */
    private static final String ROLE_IN_OWN_ROOM = "guest";

    private final Dialplan dialplan;
    private final CodeBook codes;
    private final OwnRooms ownRooms;
    private final Entrance entrance;
    private final Signal signal;
    private final RouteHook hook;

    Placement(
            Dialplan dialplan,
            CodeBook codes,
            OwnRooms ownRooms,
            Entrance entrance,
            Signal signal,
            RouteHook hook) {
        this.dialplan = dialplan;
        this.codes = codes;
        this.ownRooms = ownRooms;
        this.entrance = entrance;
        this.signal = signal;
        this.hook = hook;
    }

    void place(Visit visit, Voucher voucher, Target target) {
        Caller caller = entrance.caller(visit, voucher);
        if (!entrance.takes(visit, voucher, caller)) {
            return;
        }
        switch (target) {
            case Target.Code(String code) -> enter(visit, voucher, caller, code);
            case Target.Dialled dialled ->
                    dialled(visit, voucher.dialling(dialled.number()), caller, dialled);
            case Target.Nowhere(String why) -> visit.refuseUnknown(caller, why);
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
            visit.refuseUnknown(caller, "no route leads the number into a room");
        }
    }

    private void follow(Visit visit, Voucher voucher, Caller caller, Route route) {
        String by = route.trunk().isEmpty() ? "a route" : "a route of its trunk";
        if (!route.ask().isEmpty()) {
            visit.decided("target", by + " asks the caller for a room code (ask: code)");
            askForCode(visit, voucher, caller);
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
        askForCode(visit, voucher, caller);
    }

    private void askForCode(Visit visit, Voucher voucher, Caller caller) {
        entrance.ask(visit, voucher, caller, Prompt.CODE, digits -> code(visit, voucher, digits));
    }

    /** A room code as it was keyed in. */
    private CompletionStage<Screening> code(Visit asked, Voucher voucher, String digits) {
        Visit visit = asked.again();
        Caller caller = entrance.caller(visit, voucher);
        if (!entrance.guessedTooOften(visit, voucher, caller)) {
            signal.whenKnown(
                    codes.spelt(digits),
                    (entry, failure) -> {
                        if (entry == null) {
                            String why = "the room could not be looked up: " + failure;
                            visit.refuseUnread(caller, why);
                        } else if (entry.isEmpty()) {
                            String why = "no room code is spelt as the caller entered";
                            entrance.guessedWrong(visit, voucher, caller, why);
                        } else {
                            entrance.enter(visit, voucher, caller, entry.get());
                        }
                    });
        }
        return visit.outcome();
    }

    private void ownRoom(Visit visit, Voucher voucher, Caller caller) {
        ownRooms.make(
                "Call from " + caller.name(),
                (room, failure) -> {
                    if (room == null) {
                        visit.refuseUnread(caller, "the room could not be made: " + failure);
                        return;
                    }
                    String code = room.codes().isEmpty() ? "" : room.codes().getFirst().code();
                    visit.decided(
                            "room", "made room " + room.id() + ", which others join by " + code);
                    entrance.admit(visit, voucher, room, ROLE_IN_OWN_ROOM, true);
                });
    }

    private void enter(Visit visit, Voucher voucher, Caller caller, String code) {
        signal.whenKnown(
                codes.enter(code),
                (entry, failure) -> {
                    if (entry == null) {
                        visit.refuseUnread(caller, "the room could not be looked up: " + failure);
                    } else if (entry.isEmpty()) {
                        visit.refuseUnknown(caller, "no room has the code " + code);
                    } else {
                        entrance.enter(visit, voucher, caller, entry.get());
                    }
                });
    }
}
