package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.entry.WebhookEntries;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Passthrough;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import dev.roomline.bridge.store.Webhooks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * {@code /sip/create-outbound-trunk}, {@code /sip/list} and {@code /sip/deactivate}. A trunk that
 * was deactivated is gone from our trunks, and stays in the list. Virtual threads.
 */
public final class PassthroughTrunks {
    private static final int NAME = 100;
    private static final int URL = 2048;
    private static final String MADE =
            "Outbound trunk created successfully, Store the trunk id securely.";

    private final TrunkEntries entries;
    private final Trunks trunks;
    private final WebhookEntries hookEntries;
    private final Webhooks hooks;
    private final Passthrough passthrough;
    private final Aliases aliases;

    /** Two trunks that tell the same address share a webhook, so that it is told once. */
    private final ReentrantLock making = new ReentrantLock();

    public PassthroughTrunks(
            TrunkEntries entries,
            Trunks trunks,
            WebhookEntries hookEntries,
            Webhooks hooks,
            Passthrough passthrough,
            Aliases aliases) {
        this.entries = entries;
        this.trunks = trunks;
        this.hookEntries = hookEntries;
        this.hooks = hooks;
        this.passthrough = passthrough;
        this.aliases = aliases;
    }

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(ask, this::create);
    }

    private Answer create(Loose body) {
        Optional<String> name = body.text("trunk_name", NAME);
        Optional<String> kind = body.text("trunk_type", 32);
        boolean mode = body.flag("passthrough_mode").orElse(false);
        String webhook = body.text("passthrough_webhook_url", URL).orElse("");
        if (name.isEmpty()) {
            body.fault("trunk_name is required, with 1 to 100 characters");
        }
        if (kind.isEmpty() || !TrunkConfig.KINDS.contains(kind.get())) {
            body.fault("trunk_type must be one of " + String.join(", ", TrunkConfig.KINDS));
        }
        if (body.value("trunk_config").isEmpty()) {
            body.fault("trunk_config is required");
        }
        if (body.fault().isPresent()) {
            return Indus.invalid(body.fault().get());
        }
        Map<String, Object> fields = TrunkConfig.fields(kind.orElseThrow(), body);
        if (body.fault().isPresent()) {
            return Indus.invalid(body.fault().get());
        }
        // never that of an older trunk of this name: what was deactivated stays so
        fields.put("id", Names.id("trunk"));
        fields.put("name", name.orElseThrow());
        fields.put("direction", "outbound");
        Optional<Answer> bad = webhook.isEmpty() ? Optional.empty() : refusal(webhook);
        return bad.orElseGet(
                () ->
                        switch (entries.create(fields)) {
                            case Result.Done<TrunkRow>(TrunkRow row) ->
                                    made(row, kind.orElseThrow(), mode, webhook);
                            case Result.Invalid<TrunkRow>(List<Fault> faults) ->
                                    Indus.invalid("trunk_config." + sentence(faults));
                            case Result.Taken<TrunkRow> _,
                                    Result.InUse<TrunkRow> _,
                                    Result.Missing<TrunkRow> _,
                                    Result.DeclaredInFile<TrunkRow> _ ->
                                    Answer.problem(500, "The trunk could not be made.");
                        });
    }

    private static String sentence(List<Fault> faults) {
        return faults.getFirst().key() + ": expected " + faults.getFirst().expectation();
    }

    /** Whoever is told of ends stands among the webhooks; one of this address is taken as it is. */
    private Optional<Answer> refusal(String url) {
        making.lock();
        try {
            boolean there =
                    hooks.all().stream()
                            .anyMatch(
                                    row ->
                                            row.webhook().format().equals(EndReport.NAME)
                                                    && row.webhook().url().equals(url));
            return there
                            || hookEntries.create(Map.of("url", url, "format", EndReport.NAME))
                                    instanceof Result.Done<?>
                    ? Optional.empty()
                    : Optional.of(
                            Indus.invalid(
                                    "passthrough_webhook_url must be an http or https address"
                                            + " without a user name"));
        } finally {
            making.unlock();
        }
    }

    private Answer made(TrunkRow row, String kind, boolean mode, String webhook) {
        passthrough.add(
                new Passthrough.Trunk(
                        row.id(), row.trunk().name(), kind, mode, webhook, row.createdAt()));
        return Indus.done(200, MADE, Map.of("trunk_id", Aliases.st12(row.id())));
    }

    /** All that take calls from us, by whichever API or file they were made, and those that did. */
    public Answer list(Ask ask) {
        List<Map<String, Object>> views = new ArrayList<>();
        Set<String> live = new LinkedHashSet<>();
        trunks.all().stream()
                .filter(row -> !row.trunk().direction().equals("inbound"))
                .forEach(row -> live.add(row.id()));
        List<Passthrough.Trunk> known = passthrough.trunks();
        known.forEach(trunk -> views.add(view(trunk, live.remove(trunk.id()))));
        for (String other : live) {
            trunks.find(other).ifPresent(row -> views.add(view(ofOthers(row), true)));
        }
        return Indus.done(200, "Trunks fetched successfully", Map.of("trunks", views));
    }

    /** As it would have been made here. */
    private static Passthrough.Trunk ofOthers(TrunkRow row) {
        boolean exotel = row.trunk().address().contains("exotel.com");
        return new Passthrough.Trunk(
                row.id(),
                row.trunk().name().isEmpty() ? row.id() : row.trunk().name(),
                exotel ? "exotel" : "twilio",
                false,
                "",
                row.createdAt());
    }

    private static Map<String, Object> view(Passthrough.Trunk trunk, boolean active) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("trunk_id", Aliases.st12(trunk.id()));
        view.put("trunk_name", trunk.name());
        view.put("trunk_type", trunk.kind());
        view.put("status", active ? "active" : "inactive");
        view.put("passthrough_mode", trunk.mode());
        view.put("passthrough_webhook_url", trunk.webhook().isEmpty() ? null : trunk.webhook());
        view.put("created_at", Indus.time(trunk.createdAt()));
        return view;
    }

    public Answer deactivate(Ask ask) {
        String name = ask.path("trunk");
        Optional<TrunkRow> row =
                aliases.trunk(name).filter(t -> !t.trunk().direction().equals("inbound"));
        if (row.isEmpty()) {
            return isDeactivated(name)
                    ? Indus.invalid("Trunk is already deactivated")
                    : Indus.noTrunk();
        }
        return switch (entries.delete(row.get().id())) {
            case Result.Done<TrunkRow> _ -> {
                passthrough.add(ofOthers(row.get()));
                yield Indus.done(200, "Trunk deactivated successfully", Map.of());
            }
            case Result.Missing<TrunkRow> _ -> Indus.invalid("Trunk is already deactivated");
            case Result.DeclaredInFile<TrunkRow> _ ->
                    Indus.invalid("The configuration file declares this trunk; change it there");
            case Result.InUse<TrunkRow>(String by) ->
                    Indus.invalid("Trunk is used by " + by + "; free it first");
            case Result.Invalid<TrunkRow> _, Result.Taken<TrunkRow> _ ->
                    Answer.problem(500, "The trunk could not be deactivated.");
        };
    }

    private boolean isDeactivated(String name) {
        return deactivated(passthrough, name).isPresent();
    }

    /** Of a trunk that is gone from our trunks. */
    static Optional<Passthrough.Trunk> deactivated(Passthrough passthrough, String name) {
        return passthrough.trunks().stream()
                .filter(t -> t.id().equals(name) || Aliases.st12(t.id()).equals(name))
                .findFirst();
    }
}
