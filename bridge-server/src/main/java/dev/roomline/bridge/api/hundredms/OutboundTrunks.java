package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Resource;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.TrunkRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code /v2/sip/outbound/trunks}: our trunks toward carriers. Virtual threads. */
public final class OutboundTrunks implements Resource {
    private static final int TOGETHER = 200;

    private final TrunkEntries trunks;
    private final Aliases aliases;

    public OutboundTrunks(TrunkEntries trunks, Aliases aliases) {
        this.trunks = trunks;
        this.aliases = aliases;
    }

    @Override
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

    @Override
    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        Optional<TrunkRow> trunk = asked(ask);
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

    @Override
    public Answer list(Ask ask) {
        List<Map<String, Object>> data = new ArrayList<>();
        Page.@Nullable Cursor after = null;
        do {
            Page<TrunkRow> page = trunks.list(after, TOGETHER);
            page.items().stream()
                    .filter(OutboundTrunks::isOutbound)
                    .forEach(row -> data.add(view(row)));
            after = page.next().orElse(null);
        } while (after != null);
        return Answer.json(200, Map.of("data", data));
    }

    @Override
    public Answer get(Ask ask) {
        return asked(ask)
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

    @Override
    public Answer delete(Ask ask) {
        return asked(ask)
                .map(row -> HundredMs.answer("trunk", trunks.delete(row.id()), OutboundTrunks::id))
                .orElseGet(OutboundTrunks::unknown);
    }

    /** By the name that any dialect gives it; those by which calls only come in are none. */
    private Optional<TrunkRow> asked(Ask ask) {
        return aliases.trunk(ask.path("trunk")).filter(OutboundTrunks::isOutbound);
    }

    private static boolean isOutbound(TrunkRow row) {
        return !row.trunk().direction().equals("inbound");
    }

    private static Answer unknown() {
        return Answer.problem(404, "trunk not found");
    }
}
