package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.VideoSdkClient.good;
import static dev.roomline.bridge.api.VideoSdkClient.refused;
import static dev.roomline.bridge.api.VideoSdkClient.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** VideoSDK's SIP trunks and gateways: trunks, and accounts limited to their numbers. */
final class VideoSdkTrunksTest {
    private static final String AUTH =
            "\"auth\":{\"username\":\"acme\",\"password\":\"s3cret-word\"}";

    @AutoClose private final ApiServer api;
    private final VideoSdkClient client;

    VideoSdkTrunksTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new VideoSdkClient(api);
    }

    private static String trunk(String direction) {
        return "{"
                + AUTH
                + ",\"name\":\"My trunk\",\"domain\":\"sip.example.com\",\"direction\":\""
                + direction
                + "\",\"numbers\":[\"+1 555 010 0000\"]}";
    }

    @Test
    void anOutboundTrunkIsOneOfOursAndNobodyIsShownItsPassword() {
        HttpResponse<String> made = client.post("/v2/sip-trunk", trunk("outbound"));
        JsonNode trunk = good(made);
        assertThat(trunk.propertyNames())
                .containsExactly("trunkId", "auth", "name", "domain", "direction", "numbers");
        String id = trunk.get("trunkId").asString();
        assertThat(id).matches("[A-Za-z0-9_-]{21}");
        assertThat(trunk.get("domain").asString()).isEqualTo("sip.example.com");
        assertThat(trunk.get("numbers").toString()).isEqualTo("[\"+15550100000\"]");
        assertThat(trunk.at("/auth/username").asString()).isEqualTo("acme");
        assertThat(api.trunksInForce).extracting(t -> t.address()).contains("sip.example.com");
        assertThat(api.get("/v1/trunks").body()).contains("sip.example.com", "\"outbound\"");
        assertThat(good(client.get("/v2/sip-trunk/" + id))).isEqualTo(trunk);
        JsonNode list = good(client.get("/v2/sip-trunk"));
        assertThat(list.isArray()).isTrue();
        assertThat(list.get(0)).isEqualTo(trunk);
        JsonNode changed =
                good(
                        client.send(
                                "PUT",
                                "/v2/sip-trunk/" + id,
                                trunk("outbound").replace("My trunk", "Other")));
        assertThat(changed.get("name").asString()).isEqualTo("Other");
        assertThat(changed.get("trunkId").asString()).isEqualTo(id);
        assertThat(made.body() + list).doesNotContain("s3cret-word");
        // the next generation and the other dialect know the same one
        assertThat(good(client.get("/v2/sip/outbound-gateways/" + id)).get("id").asString())
                .isEqualTo(id);
        JsonNode gone = good(client.send("DELETE", "/v2/sip-trunk/" + id, ""));
        assertThat(gone.toString()).isEqualTo("{\"message\":\"SIP trunk deleted successfully\"}");
        refused(client.get("/v2/sip-trunk/" + id), 404, "SIP trunk not found.");
        refused(client.send("DELETE", "/v2/sip-trunk/" + id, ""), 404, "SIP trunk not found.");
    }

    @Test
    void anInboundTrunkIsAnAccountLimitedToItsNumbers() {
        JsonNode trunk = good(client.post("/v2/sip-trunk", trunk("inbound")));
        String id = trunk.get("trunkId").asString();
        assertThat(id).matches("[A-Za-z0-9_-]{21}");
        assertThat(trunk.get("direction").asString()).isEqualTo("inbound");
        assertThat(trunk.get("domain").asString()).isEqualTo("sip.example.com");
        assertThat(api.store.accounts().byUsername("acme").orElseThrow().rooms())
                .containsExactly("+15550100000");
        assertThat(good(client.get("/v2/sip-trunk/" + id))).isEqualTo(trunk);
        JsonNode changed =
                good(
                        client.send(
                                "PUT",
                                "/v2/sip-trunk/" + id,
                                trunk("inbound").replace("010 0000", "010 0009")));
        assertThat(changed.get("numbers").toString()).isEqualTo("[\"+15550100009\"]");
        assertThat(api.forgotten).contains("acme");
        refused(
                client.send("PUT", "/v2/sip-trunk/" + id, trunk("outbound")),
                400,
                "direction must be as it was: it cannot be changed");
        refused(
                client.send(
                        "PUT", "/v2/sip-trunk/" + id, trunk("inbound").replace("acme", "other")),
                400,
                "auth.username must be as it was: it cannot be changed");
        refused(client.post("/v2/sip-trunk", trunk("inbound")), 409, "acme is taken.");
        good(client.send("DELETE", "/v2/sip-trunk/" + id, ""));
        assertThat(api.store.accounts().byUsername("acme")).isEmpty();
        // a desk phone is no trunk
        assertThat(
                        api.post(
                                        "/v1/accounts",
                                        "{\"username\":\"desk\",\"password\":\"12345678\"}")
                                .statusCode())
                .isEqualTo(201);
        assertThat(good(client.get("/v2/sip-trunk"))).isEmpty();
    }

    private record Wrong(String find, String put, String message) {}

    @Test
    void eachFieldOfATrunkThatIsWrongIsNamed() {
        String tooLong = "must be text of at most 100 characters without control characters";
        for (Wrong row :
                List.of(
                        new Wrong(AUTH + ",", "", "auth is required"),
                        new Wrong(AUTH, "\"auth\":7", "auth must be an object"),
                        new Wrong("\"username\":\"acme\",", "", "auth.username is required"),
                        new Wrong(",\"password\":\"s3cret-word\"", "", "auth.password is required"),
                        new Wrong("\"s3cret-word\"", "[1]", "auth.password must be text"),
                        new Wrong("My trunk", "", "name is required"),
                        new Wrong("My trunk", "My", "name must have at least 3 characters"),
                        new Wrong("\"My trunk\"", "{}", "name " + tooLong),
                        new Wrong("My trunk", "My\\u0000trunk", "name " + tooLong),
                        new Wrong("sip.example.com", "", "domain is required"),
                        new Wrong("sip.example.com", "a b", "domain must be host[:port]"),
                        new Wrong(
                                "sip.example.com",
                                "a.example;transport=sctp",
                                "domain must be host[:port]"),
                        new Wrong("\"outbound\"", "\"\"", "direction is required"),
                        new Wrong("outbound", "both", "direction must be inbound or outbound"),
                        new Wrong(",\"numbers\":[\"+1 555 010 0000\"]", "", "numbers is required"),
                        new Wrong("\"+1 555 010 0000\"", "", "numbers must hold at least one"),
                        new Wrong("\"+1 555 010 0000\"", "1", "numbers must be a list"),
                        new Wrong("+1 555 010 0000", "+1\\r\\n5", "numbers must be a list"),
                        new Wrong("+1 555 010 0000", "sales", "numbers must be numbers"))) {
            String body = trunk("outbound").replace(row.find(), row.put());
            HttpResponse<String> answer = client.post("/v2/sip-trunk", body);
            shaped(answer, 400);
            assertThat(ApiServer.json(answer).get("message").asString())
                    .as(body)
                    .startsWith(row.message());
        }
        shaped(client.post("/v2/sip-trunk", "[]"), 400);
        assertThat(good(client.get("/v2/sip-trunk"))).isEmpty();
    }

    @Test
    void whatWantsItsMediaEncryptedIsATrunkThatRequiresIt() {
        String gateway =
                "{\"name\":\"G\",\"numbers\":[\"+15550100000\"],\"address\":\"h.example\","
                        + "\"mediaEncryption\":\"enable\"";
        JsonNode made = good(client.post("/v2/sip/outbound-gateways", gateway + "," + AUTH + "}"));
        assertThat(made.get("mediaEncryption").asString()).isEqualTo("enable");
        JsonNode inbound =
                good(
                        client.post(
                                "/v2/sip/inbound-gateways",
                                gateway + ",\"allowedAddresses\":[\"198.51.100.7\"]}"));
        assertThat(inbound.get("mediaEncryption").asString()).isEqualTo("enable");
        assertThat(api.trunksInForce)
                .extracting(t -> t.mediaEncryption())
                .containsExactly(Encryption.REQUIRE, Encryption.REQUIRE);

        String one = "/v2/sip/outbound-gateways/" + made.get("id").asString();
        JsonNode changed = good(client.send("PATCH", one, "{\"mediaEncryption\":\"disable\"}"));
        assertThat(changed.get("mediaEncryption").asString()).isEqualTo("disable");
        assertThat(api.trunksInForce)
                .extracting(t -> t.mediaEncryption())
                .containsExactlyInAnyOrder(Encryption.DISABLE, Encryption.REQUIRE);
    }

    @Test
    void anOutboundGatewayIsMadeChangedByPatchAndByPutListedAndRemoved() {
        JsonNode made =
                good(
                        client.post(
                                "/v2/sip/outbound-gateways",
                                "{\"name\":\"Twilio\",\"numbers\":[\"+15550100000\"],"
                                        + "\"address\":\"acme.pstn.example.com\","
                                        + "\"transport\":\"tcp\","
                                        + AUTH
                                        + ",\"mediaEncryption\":\"disable\",\"record\":true,"
                                        + "\"metadata\":{\"team\":{\"id\":7}},\"tags\":[\"a\"]}"));
        String id = made.get("id").asString();
        assertThat(id).matches("[A-Za-z0-9_-]{21}").isEqualTo(made.get("gatewayId").asString());
        assertThat(made.get("transport").asString()).isEqualTo("tcp");
        assertThat(made.get("address").asString()).isEqualTo("acme.pstn.example.com");
        assertThat(made.at("/metadata/team/id").asInt()).isEqualTo(7);
        assertThat(made.get("tags").toString()).isEqualTo("[\"a\"]");
        assertThat(made.toString()).doesNotContain("s3cret-word");
        assertThat(api.trunksInForce)
                .extracting(t -> t.address())
                .containsExactly("acme.pstn.example.com;transport=tcp");
        String one = "/v2/sip/outbound-gateways/" + id;
        assertThat(good(client.get(one))).isEqualTo(made);
        JsonNode patched = good(client.send("PATCH", one, "{\"address\":\"b.example.com:5070\"}"));
        assertThat(patched.get("address").asString()).isEqualTo("b.example.com:5070");
        assertThat(patched.get("transport").asString()).isEqualTo("tcp");
        assertThat(patched.at("/auth/username").asString()).isEqualTo("acme");
        assertThat(patched.get("metadata")).isEqualTo(made.get("metadata"));
        JsonNode put = good(client.send("PUT", one, "{\"name\":\"New\",\"transport\":\"udp\"}"));
        assertThat(put.get("name").asString()).isEqualTo("New");
        assertThat(api.trunksInForce)
                .extracting(t -> t.address())
                .containsExactly("b.example.com:5070;transport=udp");
        JsonNode list = good(client.get("/v2/sip/outbound-gateways"));
        assertThat(list.at("/pageInfo/total").asInt()).isEqualTo(1);
        assertThat(list.at("/data/0")).isEqualTo(put);
        assertThat(good(client.get("/v2/sip/inbound-gateways")).get("data")).isEmpty();
        refused(client.get("/v2/sip/inbound-gateways/" + id), 404, "Gateway not found.");
        assertThat(good(client.send("DELETE", one, "")).get("gatewayId").asString()).isEqualTo(id);
        refused(client.send("PATCH", one, "{}"), 404, "Gateway not found.");
        refused(client.send("PUT", one, "{}"), 404, "Gateway not found.");
    }

    @Test
    void anInboundGatewayLetsInByPasswordOrByAddressAndFailsClosed() {
        String path = "/v2/sip/inbound-gateways";
        String numbers = "\"numbers\":[\"+15550100000\"]";
        JsonNode byPassword =
                good(client.post(path, "{\"name\":\"In\"," + numbers + "," + AUTH + "}"));
        assertThat(byPassword.get("sipUri").asString()).isEqualTo("sip:127.0.0.1");
        assertThat(api.store.accounts().byUsername("acme").orElseThrow().rooms())
                .containsExactly("+15550100000");
        JsonNode byAddress =
                good(
                        client.post(
                                path,
                                "{\"name\":\"Carrier\","
                                        + numbers
                                        + ",\"allowedAddresses\":[\"198.51.100.7\"]}"));
        assertThat(byAddress.get("allowedAddresses").toString()).contains("198.51.100.7");
        assertThat(api.trunksInForce)
                .singleElement()
                .satisfies(
                        trunk -> {
                            assertThat(trunk.direction()).isEqualTo("inbound");
                            assertThat(trunk.sharedAddresses()).isTrue();
                            assertThat(trunk.numbers()).containsExactly("+15550100000");
                        });
        assertThat(good(client.get(path)).get("data")).hasSize(2);
        // as a client makes one that wants nothing else: nobody comes in by it yet
        JsonNode bare = good(client.post(path, "{\"name\":\"Bare\"," + numbers + "}"));
        assertThat(bare.get("allowedAddresses")).isEmpty();
        String one = path + "/" + byPassword.get("id").asString();
        JsonNode patched = good(client.send("PATCH", one, "{\"tags\":[\"x\"],\"metadata\":{}}"));
        assertThat(patched.get("name").asString()).isEqualTo("In");
        assertThat(patched.get("numbers").toString()).isEqualTo("[\"+15550100000\"]");
        refused(
                client.send("PATCH", one, "{\"allowedAddresses\":[\"198.51.100.7\"]}"),
                400,
                "allowedAddresses must be empty beside auth: who proves itself by a password may"
                        + " do so from anywhere");
        good(client.send("DELETE", one, ""));
        assertThat(api.store.accounts().byUsername("acme")).isEmpty();
    }

    @Test
    void whatWasKeptOfOneThatIsDeletedElsewhereIsGone() {
        for (String way : List.of("inbound", "outbound")) {
            good(
                    client.post(
                            "/v2/sip/" + way + "-gateways",
                            "{\"name\":\"old\",\"numbers\":[\"+15550100007\"],\"address\":\"h.example\","
                                    + "\"auth\":{\"username\":\"acme-"
                                    + way
                                    + "\",\"password\":\"zanzibar\"}"
                                    + ",\"tags\":[\"sales\"]}"));
        }
        String account = api.store.accounts().byUsername("acme-inbound").orElseThrow().id();
        String trunk = api.store.trunks().all().getFirst().id();
        assertThat(api.store.notes().all("videosdk.inbound")).containsKey(account);
        assertThat(api.store.notes().all("videosdk.trunk")).containsKey(trunk);
        for (String path : List.of("/v1/accounts/" + account, "/v1/trunks/" + trunk)) {
            assertThat(api.send("DELETE", path, ApiServer.ADMIN, "", "").statusCode())
                    .isEqualTo(204);
        }
        assertThat(api.store.notes().all("videosdk.inbound")).isEmpty();
        assertThat(api.store.notes().all("videosdk.trunk")).isEmpty();
    }

    private record Fault(String path, String body, String message) {}

    @Test
    void eachFieldOfAGatewayThatIsWrongIsNamed() {
        String in = "/v2/sip/inbound-gateways";
        String out = "/v2/sip/outbound-gateways";
        String name = "{\"name\":\"G\",";
        String numbers = name + "\"numbers\":[\"+15550100000\"],";
        String address = numbers + "\"address\":\"h.example\",";
        for (Fault row :
                List.of(
                        new Fault(in, "{}", "name is required"),
                        new Fault(in, name + "\"x\":1}", "numbers is required"),
                        new Fault(in, name + "\"numbers\":[]}", "numbers must hold"),
                        new Fault(in, name + "\"numbers\":\"+1\"}", "numbers must be a list"),
                        new Fault(out, numbers + "\"x\":1}", "address is required"),
                        new Fault(out, numbers + "\"address\":5}", "address must be text"),
                        new Fault(out, numbers + "\"address\":\"a b\"}", "address must be host"),
                        new Fault(out, address + "\"transport\":\"sctp\"}", "transport must be"),
                        new Fault(out, address + "\"transport\":1}", "transport must be"),
                        new Fault(out, address + "\"auth\":\"x\"}", "auth must be an object"),
                        new Fault(out, address + "\"auth\":{}}", "auth.username is required"),
                        new Fault(
                                out,
                                address + "\"auth\":{\"username\":\"a\"}}",
                                "auth.password is required"),
                        new Fault(
                                out,
                                address + "\"mediaEncryption\":\"perhaps\"}",
                                "mediaEncryption must be enable or disable"),
                        new Fault(
                                in,
                                numbers + AUTH + ",\"mediaEncryption\":\"enable\"}",
                                "mediaEncryption must be disable beside auth"),
                        new Fault(
                                out,
                                address + "\"mediaEncryption\":1}",
                                "mediaEncryption must be text"),
                        new Fault(out, address + "\"metadata\":[]}", "metadata must be an object"),
                        new Fault(out, address + "\"tags\":{}}", "tags must be a list"),
                        new Fault(out, address + "\"record\":\"x\"}", "record must be true"),
                        new Fault(
                                in,
                                numbers + "\"allowedAddresses\":[\"nowhere\"]}",
                                "allowedAddresses must be ranges"),
                        new Fault(
                                in,
                                numbers + "\"allowedNumbers\":[\"+15550100009\"]}",
                                "allowedNumbers must be empty"),
                        new Fault(
                                in,
                                numbers + AUTH + ",\"allowedAddresses\":[\"198.51.100.7\"]}",
                                "allowedAddresses must be empty beside auth"))) {
            HttpResponse<String> answer = client.post(row.path(), row.body());
            shaped(answer, 400);
            assertThat(ApiServer.json(answer).get("message").asString())
                    .as(row.body())
                    .startsWith(row.message());
        }
        assertThat(good(client.get("/v2/sip-trunk"))).isEmpty();
    }
}
