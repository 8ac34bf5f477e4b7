package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.api.Query;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * {@code /v1/accounts}, {@code /v1/keys}, {@code /v1/routes}, {@code /v1/trunks} and {@code
 * /v1/webhooks}: all are made, listed, changed and deleted alike. Virtual threads.
 */
public final class EntriesApi {
    private final Kind<?, ?> kind;

    private EntriesApi(Kind<?, ?> kind) {
        this.kind = kind;
    }

    /** In the order of their paths. */
    public static List<EntriesApi> all(Desk desk) {
        return List.of(
                new EntriesApi(new AccountKind(desk.accounts(), desk.phones())),
                new EntriesApi(new KeyKind(desk.keys())),
                new EntriesApi(new RouteKind(desk.routes())),
                new EntriesApi(new TrunkKind(desk.trunks(), desk.states())),
                new EntriesApi(new WebhookKind(desk.webhooks())));
    }

    /** {@code /v1/accounts}. */
    public String path() {
        return kind.path();
    }

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return create(kind, ask);
    }

    private static <R, M> Answer create(Kind<R, M> kind, Ask ask)
            throws TimeoutException, InterruptedException {
        return switch (Bodies.fields(ask)) {
            case Bodies.Read.Bad<Map<String, Object>> bad -> bad.answer();
            case Bodies.Read.Good<Map<String, Object>> good -> {
                Result<M> result = kind.entries().create(good.value());
                List<R> rows = done(result).stream().map(kind::row).toList();
                Function<R, Map<String, Object>> view = kind.view(rows);
                yield answer(kind, result, made -> made(kind, made, view));
            }
        };
    }

    private static <R, M> Answer made(
            Kind<R, M> kind, M made, Function<R, Map<String, Object>> view) {
        Map<String, Object> shown = new LinkedHashMap<>(view.apply(kind.row(made)));
        shown.putAll(kind.secrets(made));
        return Answer.json(201, shown)
                .with("Location", kind.path() + "/" + kind.id(kind.row(made)));
    }

    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        return list(kind, ask);
    }

    private static <R> Answer list(Kind<R, ?> kind, Ask ask)
            throws TimeoutException, InterruptedException {
        Query query = new Query(ask);
        Paging paging = Paging.of(query);
        List<Answer.Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        Page<R> page = kind.entries().list(paging.after(), paging.limit());
        return Paging.answer(page, kind.view(page.items()));
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        return get(kind, ask);
    }

    private static <R> Answer get(Kind<R, ?> kind, Ask ask)
            throws TimeoutException, InterruptedException {
        Optional<R> row = kind.entries().find(ask.path("id"));
        return row.isEmpty()
                ? unknown(kind)
                : Answer.json(200, kind.view(List.of(row.get())).apply(row.get()));
    }

    public Answer patch(Ask ask) throws TimeoutException, InterruptedException {
        return patch(kind, ask);
    }

    private static <R> Answer patch(Kind<R, ?> kind, Ask ask)
            throws TimeoutException, InterruptedException {
        return switch (Bodies.fields(ask)) {
            case Bodies.Read.Bad<Map<String, Object>> bad -> bad.answer();
            case Bodies.Read.Good<Map<String, Object>> good -> {
                Result<R> result = kind.entries().update(ask.path("id"), good.value());
                Function<R, Map<String, Object>> view = kind.view(done(result));
                yield answer(kind, result, row -> Answer.json(200, view.apply(row)));
            }
        };
    }

    public Answer delete(Ask ask) {
        return delete(kind, ask);
    }

    private static <R> Answer delete(Kind<R, ?> kind, Ask ask) {
        return answer(kind, kind.entries().delete(ask.path("id")), _ -> Answer.noContent());
    }

    private static <T> List<T> done(Result<T> result) {
        return result instanceof Result.Done<T>(T value) ? List.of(value) : List.of();
    }

    private static Answer unknown(Kind<?, ?> kind) {
        return Answer.problem(404, "There is no such " + kind.noun() + ".");
    }

    private static <T> Answer answer(Kind<?, ?> kind, Result<T> result, Function<T, Answer> done) {
        return switch (result) {
            case Result.Done<T>(T value) -> done.apply(value);
            case Result.Invalid<T>(List<Fault> faults) -> Answer.invalid(firstOfEach(faults));
            case Result.Missing<T> _ -> unknown(kind);
            case Result.DeclaredInFile<T> _ ->
                    Answer.problem(
                            409,
                            "The configuration file declares this "
                                    + kind.noun()
                                    + "; change it there.");
            case Result.Taken<T>(String value) ->
                    Answer.problem(
                            409,
                            "There is another " + kind.noun() + " with " + value + " already.");
            case Result.InUse<T>(String by) ->
                    Answer.problem(
                            409, "This " + kind.noun() + " is used by " + by + "; free it first.");
        };
    }

    /** What was found first of a field is told: what follows from it is not. */
    private static List<Answer.Fault> firstOfEach(List<Fault> faults) {
        Map<String, Answer.Fault> first = new LinkedHashMap<>();
        faults.stream()
                .map(EntriesApi::fault)
                .forEach(fault -> first.putIfAbsent(fault.pointer(), fault));
        return List.copyOf(first.values());
    }

    /** A key of the configuration, {@code codes[0].role}, is the pointer {@code /codes/0/role}. */
    private static Answer.Fault fault(Fault fault) {
        String pointer =
                "/"
                        + fault.key()
                                .replace("~", "~0")
                                .replace("/", "~1")
                                .replaceAll("\\[(\\d+)]", "/$1")
                                .replace('.', '/');
        return new Answer.Fault(pointer, "expected " + fault.expectation());
    }
}
