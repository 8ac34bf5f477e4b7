package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Resource;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.entry.RouteEntries;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Notes;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.RouteRow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/sip/routing-rule}: our routes, as many to a rule as it has numbers. Rules for calls
 * that go out are kept and shown. Virtual threads.
 */
public final class RoutingRules implements Resource {
    private static final String NOUN = "Routing rule";
    private static final String KIND = "videosdk.rule";
    private static final Map<String, String> NAMES =
            Map.of("number", "phoneNumbers", "room", "room.id");

    private static final String TYPES = "inbound|outbound";
    private static final String ROOM_TYPES = "(static|dynamic)(,(static|dynamic))?";

    private final RouteEntries routes;
    private final Notes notes;
    private final RuleRooms rooms;
    private final InstantSource clock;

    /** A rule is several rows: who changes them takes turns. */
    private final ReentrantLock changing = new ReentrantLock();

    public RoutingRules(
            RouteEntries routes, Notes notes, Rooms rooms, Aliases aliases, InstantSource clock) {
        this.routes = routes;
        this.notes = notes;
        this.rooms = new RuleRooms(rooms, aliases);
        this.clock = clock;
    }

    @Override
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    RuleWish wish = RuleWish.read(body);
                    wish.demandAll(body);
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : exclusively(() -> create(wish));
                });
    }

    private Answer create(RuleWish wish) {
        RoutingRule fresh =
                new RoutingRule(
                        Names.id("rr"),
                        clock.instant(),
                        wish.over(Map.of("type", wish.type().orElseThrow())),
                        Map.of());
        return changed(fresh, wish, 201);
    }

    private interface Change {
        Answer make();
    }

    private Answer exclusively(Change change) {
        changing.lock();
        try {
            return change.make();
        } finally {
            changing.unlock();
        }
    }

    /** What is named is changed. */
    @Override
    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    RuleWish wish = RuleWish.read(body);
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : exclusively(() -> update(ask.path("rule"), wish));
                });
    }

    private Answer update(String id, RuleWish wish) {
        Optional<RoutingRule> was = find(id);
        if (was.isEmpty()) {
            return VideoSdk.unknown(NOUN);
        }
        RoutingRule rule = was.get();
        Optional<String> fault = wish.faultOf(rule);
        if (fault.isPresent()) {
            return VideoSdk.invalid(fault.get());
        }
        RoutingRule wanted =
                new RoutingRule(id, rule.createdAt(), wish.over(rule.kept()), rule.routes());
        return changed(wanted, wish, 200);
    }

    /** Its routes first, then what is kept of it. */
    private Answer changed(RoutingRule rule, RuleWish wish, int status) {
        Map<String, RouteRow> now = rule.routes();
        if (rule.isInbound() && (wish.numbers().isPresent() || wish.room().isPresent())) {
            Result<String> room = rooms.target(rule, wish);
            if (!(room instanceof Result.Done<String>(String target))) {
                return VideoSdk.answer(NOUN, NAMES, room, _ -> Answer.noContent());
            }
            List<String> numbers =
                    wish.numbers().orElseGet(() -> List.copyOf(rule.routes().keySet()));
            Result<Map<String, RouteRow>> led = lead(rule.routes(), numbers, target);
            if (!(led instanceof Result.Done<Map<String, RouteRow>>(var rows))) {
                return led instanceof Result.Taken<Map<String, RouteRow>>(String number)
                        ? VideoSdk.invalid("phoneNumbers: " + number + " has a rule already")
                        : VideoSdk.answer(NOUN, NAMES, led, _ -> Answer.noContent());
            }
            now = rows;
        }
        RoutingRule changed = new RoutingRule(rule.id(), rule.createdAt(), rule.kept(), now);
        notes.put(KIND, rule.id(), changed.note());
        return Answer.json(status, changed.view(rooms::byCode));
    }

    /**
     * The numbers lead there, and those that are no longer named nowhere. Where one cannot, those
     * that were made for it are taken back.
     */
    private Result<Map<String, RouteRow>> lead(
            Map<String, RouteRow> was, List<String> numbers, String target) {
        Map<String, RouteRow> now = new LinkedHashMap<>();
        List<RouteRow> made = new ArrayList<>();
        for (String number : numbers) {
            RouteRow old = was.get(number);
            Result<RouteRow> result =
                    old == null
                            ? routes.create(Map.of("number", number, "room", target))
                            : routes.update(old.id(), Map.of("room", target));
            if (!(result instanceof Result.Done<RouteRow>(RouteRow row))) {
                made.forEach(back -> routes.delete(back.id()));
                return failure(result);
            }
            if (old == null) {
                made.add(row);
            }
            now.put(row.route().number(), row);
        }
        for (Map.Entry<String, RouteRow> old : was.entrySet()) {
            if (!now.containsKey(old.getKey())) {
                routes.delete(old.getValue().id());
            }
        }
        return new Result.Done<>(now);
    }

    private static <T> Result<T> failure(Result<RouteRow> result) {
        return switch (result) {
            case Result.Done<RouteRow> _, Result.Missing<RouteRow> _ -> new Result.Missing<>();
            case Result.Invalid<RouteRow>(var faults) -> new Result.Invalid<>(faults);
            case Result.DeclaredInFile<RouteRow> _ -> new Result.DeclaredInFile<>();
            case Result.Taken<RouteRow>(String value) -> new Result.Taken<>(value);
            case Result.InUse<RouteRow>(String by) -> new Result.InUse<>(by);
        };
    }

    @Override
    public Answer delete(Ask ask) {
        return exclusively(() -> delete(ask.path("rule")));
    }

    private Answer delete(String id) {
        Optional<RoutingRule> rule = find(id);
        if (rule.isEmpty()) {
            return VideoSdk.unknown(NOUN);
        }
        for (RouteRow row : rule.get().routes().values()) {
            Result<RouteRow> gone = routes.delete(row.id());
            if (!(gone instanceof Result.Done<RouteRow>)
                    && !(gone instanceof Result.Missing<RouteRow>)) {
                return VideoSdk.answer(NOUN, NAMES, gone, _ -> Answer.noContent());
            }
        }
        notes.delete(KIND, id);
        Map<String, Object> gone = new LinkedHashMap<>();
        gone.put("message", "Routing rule deleted successfully");
        gone.put("ruleId", id);
        return Answer.json(200, gone);
    }

    @Override
    public Answer get(Ask ask) {
        return find(ask.path("rule"))
                .map(rule -> Answer.json(200, rule.view(rooms::byCode)))
                .orElseGet(() -> VideoSdk.unknown(NOUN));
    }

    /** {@code ?page=&perPage=&search=&type=&ruleIds=&roomType=}. */
    @Override
    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        if (!ask.query("type").orElse(RoutingRule.INBOUND).matches(TYPES)) {
            return VideoSdk.invalid("type must be inbound or outbound");
        }
        if (!ask.query("roomType").orElse("static").matches(ROOM_TYPES)) {
            return VideoSdk.invalid("roomType must be static, dynamic, or both with a comma");
        }
        return PageNumbers.read(ask, page -> list(ask, page));
    }

    private Answer list(Ask ask, PageNumbers page) {
        List<RoutingRule> rules = all().stream().filter(rule -> isAsked(rule, ask)).toList();
        List<RoutingRule> rows =
                rules.stream()
                        .skip((long) (page.page() - 1) * page.perPage())
                        .limit(page.perPage())
                        .toList();
        return Answer.json(200, page.view(rules.size(), rows, rule -> rule.view(rooms::byCode)));
    }

    private static boolean isAsked(RoutingRule rule, Ask ask) {
        return ask.query("search").map(rule::matches).orElse(true)
                && ask.query("type").map(type -> type.equals(rule.kept().get("type"))).orElse(true)
                && isOneOf(ask.query("ruleIds"), Optional.of(rule.id()))
                && isOneOf(ask.query("roomType"), rule.roomType());
    }

    private static boolean isOneOf(Optional<String> asked, Optional<String> value) {
        return asked.isEmpty()
                || value.filter(it -> List.of(asked.get().split(",", -1)).contains(it)).isPresent();
    }

    Optional<RoutingRule> find(String id) {
        return all().stream().filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** Newest first: rules that were made here, and routes that were entered elsewhere. */
    private List<RoutingRule> all() {
        Map<String, RouteRow> rows = new LinkedHashMap<>();
        Page.@Nullable Cursor after = null;
        do {
            Page<RouteRow> page = routes.list(after, 100);
            page.items().forEach(row -> rows.put(row.id(), row));
            after = page.next().orElse(null);
        } while (after != null);
        List<RoutingRule> rules = new ArrayList<>();
        Set<String> owned = new HashSet<>();
        notes.all(KIND).forEach((id, note) -> rules.add(RoutingRule.read(id, note, rows)));
        rules.forEach(rule -> rule.routes().values().forEach(row -> owned.add(row.id())));
        rows.values().stream()
                .filter(row -> !owned.contains(row.id()))
                .map(RoutingRule::of)
                .forEach(rules::add);
        rules.sort(Comparator.comparing(RoutingRule::createdAt).reversed());
        return rules;
    }
}
