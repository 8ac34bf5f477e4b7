package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.IndusClient.TWILIO;
import static dev.roomline.bridge.api.IndusClient.good;
import static dev.roomline.bridge.api.IndusClient.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.WebhookRow;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Indus Net's trunks, and who may make them: its clients find what they expect. */
final class IndusTrunksTest {
    @AutoClose private final ApiServer api;
    private final IndusClient client;

    IndusTrunksTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new IndusClient(api);
    }

    private TrunkRow named(String name) {
        return api.store.trunks().all().stream()
                .filter(row -> row.trunk().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyAnOpaqueTokenIsTaken() {
        for (String token : List.of("", "wrong", ApiServer.ADMIN + "x")) {
            HttpResponse<String> answer = api.send("GET", "/sip/list", token, "", "");
            refused(answer, 401, "The token belongs to no key.");
        }
        HttpResponse<String> scope =
                api.send("POST", "/sip/create-outbound-trunk", ApiServer.CALLER, TWILIO);
        refused(scope, 403, "This key lacks the scope admin.");
    }

    @Test
    void aTwilioTrunkIsATrunkOfOurs() {
        String id = client.trunk(TWILIO);
        Declared.Trunk made = named("main").trunk();
        assertThat(made.name()).isEqualTo("main");
        assertThat(made.address()).isEqualTo("acme.pstn.twilio.com");
        assertThat(made.username()).isEqualTo("acme");
        assertThat(made.password().value()).isEqualTo("s3cret-word");
        assertThat(made.numbers()).containsExactly("+15550100000");
        assertThat(made.direction()).isEqualTo("outbound");
        assertThat(api.trunksInForce).contains(made);
        WebhookRow hook = api.store.webhooks().all().getFirst();
        assertThat(hook.webhook().format()).isEqualTo("indus");
        assertThat(hook.webhook().allowPrivate()).isFalse();
        client.trunk(TWILIO);
        assertThat(api.store.webhooks().all()).as("told once").hasSize(1);
        HttpResponse<String> list = api.get("/sip/list");
        assertThat(list.body()).doesNotContain("s3cret-word", "trunk_config");
        JsonNode shown = good(list, 200).at("/data/trunks");
        assertThat(shown).hasSize(2);
        assertThat(shown.toString()).contains(id, "\"active\"", "https://app.example.com/ends");
    }

    @Test
    void anExotelTrunkHasItsPresets() {
        client.trunk(
                "{\"trunk_name\":\"in\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":\"08047100000\"}}");
        Declared.Trunk made = named("in").trunk();
        assertThat(made.address()).isEqualTo("pstn.in1.exotel.com:5070;transport=tcp");
        assertThat(made.numberFormat()).isEqualTo("national");
        assertThat(made.nationalPrefix() + made.country()).isEqualTo("091");
        client.trunk(
                "{\"trunk_name\":\"own\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":\"+918047100000\","
                        + "\"sip_host\":\"sip.example.com\",\"sip_port\":\"5071\",\"sip_domain\":\"acme.pstn.exotel.com\"}}");
        made = named("own").trunk();
        assertThat(made.address()).isEqualTo("sip.example.com:5071;transport=tcp");
        assertThat(made.fromDomain()).isEqualTo("acme.pstn.exotel.com");
        assertThat(made.numberFormat()).isEqualTo("+e164");
    }

    private record Wrong(String body, String message) {}

    @Test
    void whatIsWrongWithATrunkIsNamed() {
        String config =
                "\"trunk_config\":{\"address\":\"a.example.com\",\"numbers\":[\"+15550100000\"],\"username\":\"u\",\"password\":\"p\"}";
        List<Wrong> all =
                List.of(
                        new Wrong("{}", "trunk_name is required, with 1 to 100 characters"),
                        new Wrong(
                                "{\"trunk_name\":\"" + "x".repeat(101) + "\"}",
                                "trunk_name must be text of at most 100 characters without control characters"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"plivo\"," + config + "}",
                                "trunk_type must be one of twilio, exotel"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\"}",
                                "trunk_config is required"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\",\"trunk_config\":\"x\"}",
                                "trunk_config must be an object"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"exotel\"," + config + "}",
                                "trunk_config does not fit trunk_type exotel: exotel_number is required"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\",\"trunk_config\":{\"exotel_number\":\"1\"}}",
                                "trunk_config does not fit trunk_type twilio: address is required"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                        + config.replace("+1555", "1555")
                                        + "}",
                                "trunk_config does not fit trunk_type twilio: numbers must be written as +15550100000"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                        + config
                                        + ",\"passthrough_mode\":\"yes\"}",
                                "passthrough_mode must be true or false"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                        + config
                                        + ",\"passthrough_webhook_url\":\"ftp://x\"}",
                                "passthrough_webhook_url must be an http or https address without a user name"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":"
                                        + "\"+918047100000\",\"sip_port\":70000}}",
                                "trunk_config does not fit trunk_type exotel: sip_port must be a whole number from 1 to 65535"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":"
                                        + "\"+918047100000\",\"sip_host\":\"a;b\"}}",
                                "trunk_config does not fit trunk_type exotel: sip_host must be a name or an address"));
        for (Wrong wrong : all) {
            refused(api.post("/sip/create-outbound-trunk", wrong.body()), 400, wrong.message());
        }
        assertThat(
                        api.post(
                                        "/sip/create-outbound-trunk",
                                        "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                                + config.replace("a.example.com", "a b")
                                                + "}")
                                .body())
                .contains("trunk_config.address: expected");
        assertThat(api.post("/sip/create-outbound-trunk", "{").statusCode()).isEqualTo(400);
        assertThat(api.store.trunks().all()).isEmpty();
        assertThat(api.store.webhooks().all()).isEmpty();
        refused(api.get("/sip/nothing"), 404, "Nothing is served at this path.");
        refused(api.get("/call/outbound_passthrough"), 405, "This method is not served here.");
    }

    @Test
    void aTrunkIsDeactivatedOnceAndStaysInTheList() {
        String id = client.trunk(TWILIO);
        assertThat(
                        good(
                                        api.send(
                                                "DELETE",
                                                "/sip/deactivate/" + id,
                                                ApiServer.ADMIN,
                                                "",
                                                ""),
                                        200)
                                .get("message")
                                .asString())
                .isEqualTo("Trunk deactivated successfully");
        assertThat(api.trunksInForce).isEmpty();
        refused(
                api.send("DELETE", "/sip/deactivate/" + id, ApiServer.ADMIN, "", ""),
                400,
                "Trunk is already deactivated");
        refused(
                api.send("DELETE", "/sip/deactivate/ST_abcdefghijkm", ApiServer.ADMIN, "", ""),
                404,
                "Trunk not found");
        assertThat(good(api.get("/sip/list"), 200).at("/data/trunks/0/status").asString())
                .isEqualTo("inactive");
        refused(client.order(id, "+15551234567"), 400, "Trunk is deactivated");
        assertThat(client.trunk(TWILIO)).as("never an older one's").isNotEqualTo(id);
    }

    @Test
    void aTrunkOfAnotherApiIsSeenAndServesToo() {
        api.post("/v1/trunks", "{\"id\":\"theirs\",\"address\":\"sip.example.com\"}");
        JsonNode listed = good(api.get("/sip/list"), 200).at("/data/trunks/0");
        assertThat(listed.get("trunk_name").asString()).isEqualTo("theirs");
        good(client.order(listed.get("trunk_id").asString(), "+15551234567"), 202);
        good(client.order("theirs", "+15551234567"), 202);
        String hex = Aliases.hex24("theirs");
        good(client.order(hex, "+15551234567"), 202);
        assertThat(api.calls.orders).extracting(CallOrder::trunk).containsOnly("theirs");
    }
}
