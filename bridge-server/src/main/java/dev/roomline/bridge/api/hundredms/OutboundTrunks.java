package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.TrunkRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** {@code /v2/sip/outbound/trunks}: our trunks toward carriers. Virtual threads. */
public final class OutboundTrunks {
    private static final int MOST = 200;

    private final TrunkEntries trunks;
    private final Aliases aliases;

    public OutboundTrunks(TrunkEntries trunks, Aliases aliases) {
        this.trunks = trunks;
        this.aliases = aliases;
    }

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Map<String, Object> fields = fields(body);
                    if (body.fault().isPresent()) {
                        return Answer.problem(400, body.fault().get());
                    }
                    if (!fields.containsKey("address")) {
                        return HundredMs.mandatory("address");
                    }
                    fields.put("direction", "outbound");
                    return HundredMs.answer("trunk", trunks.create(fields), OutboundTrunks::id);
                });
    }

    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        Optional<TrunkRow> trunk = aliases.trunk(ask.path("trunk"));
        return trunk.isEmpty()
                ? unknown()
                : Loose.read(
                        ask,
                        body -> {
                            Map<String, Object> fields = fields(body);
                            return body.fault().isPresent()
                                    ? Answer.problem(400, body.fault().get())
                                    : HundredMs.answer(
                                            "trunk",
                                            trunks.update(trunk.get().id(), fields),
                                            OutboundTrunks::id);
                        });
    }

    private static Map<String, Object> fields(Loose body) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name : List.of("username", "password", "address")) {
            body.text(name, 255).ifPresent(text -> fields.put(name, text));
        }
        body.text("from", 64).ifPresent(number -> fields.put("numbers", List.of(number)));
        return fields;
    }

    private static Answer id(TrunkRow trunk) {
        return Answer.json(200, Map.of("id", Aliases.hex24(trunk.id())));
    }

    public Answer list(Ask ask) {
        List<Map<String, Object>> data = new ArrayList<>();
        Page<TrunkRow> page = trunks.list(null, MOST);
        page.items().stream()
                .filter(row -> !row.trunk().direction().equals("inbound"))
                .forEach(row -> data.add(view(row)));
        return Answer.json(200, Map.of("data", data));
    }

    public Answer get(Ask ask) {
        return aliases.trunk(ask.path("trunk"))
                .map(row -> Answer.json(200, view(row)))
                .orElseGet(OutboundTrunks::unknown);
    }

    /** Nobody is shown a password. */
    private static Map<String, Object> view(TrunkRow row) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", Aliases.hex24(row.id()));
        view.put("username", row.trunk().username());
        view.put("address", row.trunk().address());
        view.put("from", row.trunk().numbers().stream().findFirst().orElse(""));
        view.put("created_at", HundredMs.time(row.createdAt()));
        return view;
    }

    public Answer delete(Ask ask) {
        return aliases.trunk(ask.path("trunk"))
                .map(row -> HundredMs.answer("trunk", trunks.delete(row.id()), OutboundTrunks::id))
                .orElseGet(OutboundTrunks::unknown);
    }

    private static Answer unknown() {
        return Answer.problem(404, "trunk not found");
    }
}
