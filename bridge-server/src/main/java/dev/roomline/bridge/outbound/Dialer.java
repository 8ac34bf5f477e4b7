package dev.roomline.bridge.outbound;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.DialPlan;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.Way;
import dev.roomline.bridge.inbound.NumberMask;
import dev.roomline.bridge.room.DisplayText;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trunk.LiveTrunk;
import dev.roomline.bridge.trunk.TrunkState.Health;
import dev.roomline.bridge.trunk.Trunks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The dial plan: which trunks take a call, in which order, and what each is told. A trunk that is
 * down is asked only where no other is left. Owner: the signalling loop.
 */
public final class Dialer implements DialPlan {
    private final OutboundSettings settings;
    private final NumberRules rules;
    private final Trunks trunks;
    private final Phones phones;
    private final IntSupplier liveCalls;
    private final Supplier<Optional<EndReason>> closed;

    /**
     * @param liveCalls of both directions
     * @param closed why no call is placed now: draining, overloaded
     */
    public Dialer(
            OutboundSettings settings,
            Trunks trunks,
            Phones phones,
            IntSupplier liveCalls,
            Supplier<Optional<EndReason>> closed) {
        this.settings = settings;
        this.rules =
                new NumberRules(
                        settings.allowedPrefixes(),
                        settings.deniedPrefixes(),
                        settings.emergencyNumbers());
        this.trunks = trunks;
        this.phones = phones;
        this.liveCalls = liveCalls;
        this.closed = closed;
    }

    @Override
    public Plan plan(CallOrder order) {
        Optional<EndReason> shut = closed.get();
        if (shut.isPresent()) {
            return refused(unavailable(shut.get(), shut.get().sentence()), List.of());
        }
        if (settings.maxCalls() > 0 && liveCalls.getAsInt() >= settings.maxCalls()) {
            return refused(unavailable(EndReason.LIMIT, "limits.max_calls is reached."), List.of());
        }
        return switch (Destination.read(order.to()).orElse(null)) {
            case null ->
                    refused(CallEnd.of(EndReason.NOT_FOUND, "This can not be called."), List.of());
            case Destination.Account(String username) -> toAccount(order, username);
            case Destination.Dialled number -> overTrunk(order, number);
            case Destination.Address address -> overTrunk(order, address);
        };
    }

    private Plan toAccount(CallOrder order, String username) {
        List<Way> ways = phones.waysTo(username, order, settings.codecs(), settings.encryption());
        if (ways.isEmpty()) {
            return new Plan.Unreached(phones.known(username).thenApply(Dialer::unreached));
        }
        return new Plan.Go(
                "sip:" + username,
                shown(order, username),
                ways,
                List.of("account " + username + ": " + ways.size() + " phone(s) registered"));
    }

    private static CallEnd unreached(boolean known) {
        return known
                ? CallEnd.of(EndReason.NO_ANSWER, "No phone is registered for this account now.")
                : CallEnd.of(EndReason.NOT_FOUND, "There is no account of this name.");
    }

    // ---- over trunks

    /** What one trunk makes of an order. */
    private sealed interface Look {
        record Takes(Way way, String to) implements Look {}

        record Declines(CallEnd why) implements Look {}
    }

    private Plan overTrunk(CallOrder order, Destination to) {
        List<LiveTrunk> asked =
                order.trunk().isEmpty()
                        ? trunks.outbound()
                        : trunks.find(order.trunk()).stream().toList();
        List<String> looked = new ArrayList<>();
        List<Way> up = new ArrayList<>();
        List<Way> down = new ArrayList<>();
        String number = "";
        CallEnd why = none(order);
        int telling = -1;
        for (LiveTrunk trunk : asked) {
            switch (look(order, to, trunk)) {
                case Look.Takes(Way way, String text) -> {
                    number = number.isEmpty() ? text : number;
                    boolean ailing = trunk.health() == Health.DOWN;
                    (ailing ? down : up).add(way);
                    looked.add(
                            trunk.label()
                                    + " takes it"
                                    + (ailing ? ", but is down: " + trunk.lastError() : ""));
                }
                case Look.Declines(CallEnd declined) -> {
                    looked.add(trunk.label() + " does not take it: " + declined.text());
                    int weight = weight(declined).orElse(0);
                    if (weight > telling) {
                        telling = weight;
                        why = declined;
                    }
                }
            }
        }
        List<Way> ways = up.isEmpty() ? down : up;
        return ways.isEmpty()
                ? refused(why, looked)
                : new Plan.Go(number, shown(order, number), ways, looked);
    }

    /** Of several trunks' reasons the one that helps most is told. */
    private static OptionalInt weight(CallEnd end) {
        return switch (end.reason()) {
            case LIMIT -> OptionalInt.of(3);
            case NOT_ALLOWED -> OptionalInt.of(2);
            case NOT_FOUND -> OptionalInt.of(1);
            default -> OptionalInt.empty();
        };
    }

    private static CallEnd none(CallOrder order) {
        return CallEnd.of(
                EndReason.NOT_ALLOWED,
                order.trunk().isEmpty()
                        ? "No trunk for outbound calls is configured."
                        : "There is no trunk of this id.");
    }

    private Look look(CallOrder order, Destination to, LiveTrunk trunk) {
        if (!trunk.isOutbound()) {
            return declines(EndReason.NOT_ALLOWED, "It takes no outbound calls.");
        }
        if (CallerId.choose(order.from(), trunk.trunk()).isEmpty()) {
            return declines(EndReason.NOT_ALLOWED, "from is none of its numbers.");
        }
        Optional<CallEnd> full = full(trunk);
        if (full.isPresent()) {
            return new Look.Declines(full.get());
        }
        return switch (to) {
            case Destination.Dialled(String text) -> number(order, text, trunk);
            case Destination.Address(String user, String host) -> address(order, user, host, trunk);
            case Destination.Account _ -> declines(EndReason.NOT_FOUND, "It is no phone of ours.");
        };
    }

    private Optional<CallEnd> full(LiveTrunk trunk) {
        int most = trunk.trunk().maxCalls();
        return most > 0 && trunks.activeCalls(trunk.id()) >= most
                ? Optional.of(unavailable(EndReason.LIMIT, "max_calls of the trunk is reached."))
                : Optional.empty();
    }

    private TrunkWay over(LiveTrunk trunk) {
        return new TrunkWay(trunk, rules, settings.codecs(), () -> full(trunk));
    }

    private Look number(CallOrder order, String text, LiveTrunk trunk) {
        Optional<DialledNumber> number = DialledNumber.read(text, trunk.trunk());
        if (number.isEmpty()) {
            return declines(
                    EndReason.NOT_FOUND,
                    "This is no number that it can call: write + and the country code.");
        }
        Optional<String> forbidden = rules.refusal(number.get(), trunk.trunk());
        if (forbidden.isPresent()) {
            return declines(EndReason.NOT_ALLOWED, forbidden.get());
        }
        String written = number.get().on(trunk.trunk());
        Way way = over(trunk).to(written, order);
        return new Look.Takes(way, number.get().text());
    }

    private Look address(CallOrder order, String user, String host, LiveTrunk trunk) {
        if (!TrunkWay.isWithin(host, trunk)) {
            return declines(EndReason.NOT_ALLOWED, "The address is not within its domain.");
        }
        Optional<String> forbidden =
                DialledNumber.read(user, trunk.trunk())
                        .flatMap(number -> rules.refusal(number, trunk.trunk()));
        if (forbidden.isPresent()) {
            return declines(EndReason.NOT_ALLOWED, forbidden.get());
        }
        Way way = over(trunk).toUser(user, order);
        return new Look.Takes(way, "sip:" + user + "@" + host);
    }

    private static Look declines(EndReason reason, String text) {
        return new Look.Declines(CallEnd.of(reason, text));
    }

    /** As given; else what the room may see of the number. */
    private static String shown(CallOrder order, String to) {
        String name = DisplayText.line(order.name());
        if (!name.isEmpty()) {
            return name;
        }
        RoomRow room = order.room();
        if (room == null || !room.hideNumbers()) {
            return to;
        }
        String bare = to.startsWith("sip:") ? to.substring(4) : to;
        int at = bare.indexOf('@');
        return NumberMask.mask(at < 0 ? bare : bare.substring(0, at));
    }

    private static Plan refused(CallEnd end, List<String> looked) {
        return new Plan.Refused(end, looked);
    }

    private static CallEnd unavailable(EndReason reason, String text) {
        return CallEnd.unavailable(reason, text);
    }
}
