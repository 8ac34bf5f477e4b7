package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.faults;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.entry.TrunkStates;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What trunks and routes that are entered over HTTP do at once, and how they need each other. */
final class TrunksAndRoutesApiTest {
    @AutoClose private final ApiServer api;

    TrunksAndRoutesApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
    }

    @Test
    void aTrunkIsInForceAtOnceAndItsRequiredHeadersAreHiddenFromTracesAtOnce() {
        api.made(
                "/v1/trunks",
                "{\"id\":\"t\",\"address\":\"a.test\",\"allow\":[\"192.0.2.1\"],"
                        + "\"require_headers\":{\"X-Sid\":\"one\",\"X-Other\":\"two\"}}");
        assertThat(api.trunksInForce).hasSize(1);
        assertThat(api.secrets.hides("x-sid")).isTrue();
        JsonNode shown = json(api.get("/v1/trunks/t"));
        assertThat(shown.at("/require_headers/X-Sid").asString()).isEqualTo("…");
        // sent back as it was shown, a secret stays what it is
        api.patch("/v1/trunks/t", "{\"require_headers\":{\"X-Sid\":\"…\",\"X-New\":\"three\"}}");
        assertThat(api.trunksInForce.getFirst().requireHeaders())
                .isEqualTo(Map.of("X-Sid", "one", "X-New", "three"));
        api.trunkStates.put("t", new TrunkStates.State("down", false, 3, "No answer."));
        JsonNode now = json(api.get("/v1/trunks/t"));
        assertThat(now.get("state").asString()).isEqualTo("down");
        assertThat(now.get("active_calls").asInt()).isEqualTo(3);
        assertThat(now.get("last_error").asString()).isEqualTo("No answer.");
    }

    @Test
    void nullBringsADefaultBackAndEmptyTextChangesNothing() {
        api.made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\",\"from_domain\":\"b.test\"}");
        api.patch("/v1/trunks/t", "{\"from_domain\":\"\"}");
        assertThat(json(api.get("/v1/trunks/t")).get("from_domain").asString()).isEqualTo("b.test");
        api.patch("/v1/trunks/t", "{\"from_domain\":null}");
        assertThat(json(api.get("/v1/trunks/t")).get("from_domain").asString()).isEmpty();
    }

    @Test
    void aTrunkThatARouteNeedsStaysAndARouteNeedsItsTrunk() {
        assertThat(
                        faults(
                                api.post(
                                        "/v1/routes",
                                        "{\"number\":\"+1\",\"trunk\":\"t\",\"room\":\"new\"}")))
                .containsExactly("/trunk");
        api.made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\"}");
        String route =
                api.made("/v1/routes", "{\"number\":\"+1\",\"trunk\":\"t\",\"room\":\"new\"}");
        assertThat(api.routesInForce).hasSize(1);
        HttpResponse<String> used = api.send("DELETE", "/v1/trunks/t", ADMIN, "");
        assertThat(used.statusCode()).isEqualTo(409);
        assertThat(json(used).get("detail").asString()).contains("the route of +1");
        // another way takes the place of the one that was
        api.patch("/v1/routes/" + route, "{\"ask\":\"code\"}");
        assertThat(json(api.get("/v1/routes/" + route)).has("room")).isFalse();
        api.send("DELETE", "/v1/routes/" + route, ADMIN, "");
        assertThat(api.routesInForce).isEmpty();
        assertThat(api.send("DELETE", "/v1/trunks/t", ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.trunksInForce).isEmpty();
    }

    @Test
    void aTrunkIsTestedByACallThatIsHungUpAndLeavesNoRoom() {
        api.made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\"}");
        api.made("/v1/trunks", "{\"id\":\"in\",\"direction\":\"inbound\"}");
        String to = "{\"to\":\"+15550100099\"}";
        assertThat(api.post("/v1/trunks/in/test", to).statusCode()).isEqualTo(409);
        assertThat(api.post("/v1/trunks/none/test", to).statusCode()).isEqualTo(404);
        assertThat(faults(api.post("/v1/trunks/t/test", "{\"to\":\"a b\"}")))
                .containsExactly("/to");
        assertThat(api.calls.orders).isEmpty();
        api.calls.answered = Fakes.now(Optional.empty());
        JsonNode told = json(api.post("/v1/trunks/t/test", to));
        assertThat(told.get("answered").asBoolean()).isTrue();
        assertThat(told.get("end").isNull()).isTrue();
        assertThat(api.calls.orders.getFirst().trunk()).isEqualTo("t");
        assertThat(api.calls.calls).as("hung up").doesNotContainKey(told.get("call").asString());
        String room = Objects.requireNonNull(api.calls.orders.getFirst().room()).id();
        assertThat(api.get("/v1/rooms/" + room).statusCode()).isEqualTo(404);
        CallEnd busy = CallEnd.of(EndReason.BUSY);
        api.calls.answered = Fakes.now(Optional.of(busy));
        JsonNode refused = json(api.post("/v1/trunks/t/test", to));
        assertThat(refused.get("answered").asBoolean()).isFalse();
        assertThat(refused.at("/end/reason").asString()).isEqualTo("busy");
    }
}
