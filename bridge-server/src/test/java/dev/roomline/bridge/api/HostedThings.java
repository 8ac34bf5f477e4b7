package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.HostedDocument.Operation;
import dev.roomline.bridge.api.HostedDocument.Words;
import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server that holds one of each thing that the hosted dialects speak of, and asks in their words.
 */
final class HostedThings implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    final ApiServer api;
    private final String room;

    /** Of path parameters, by the path up to them, and of fields, by their names. */
    private final Map<String, String> there = new LinkedHashMap<>();

    private final Map<Words, String> tokens = new EnumMap<>(Words.class);

    HostedThings(Path folder) {
        api = new ApiServer(folder);
        room = made("/v1/rooms", "{\"codes\":[{\"code\":\"made-here\",\"role\":\"guest\"}]}", "id");
        String trunk =
                made(
                        "/v1/trunks",
                        "{\"id\":\"t\",\"address\":\"sip.example.com\",\"numbers\":[\"+15550100000\"]}",
                        "id");
        there.put("/v2/sip/outbound/trunks/", trunk);
        there.put("/v2/sip-trunk/", trunk);
        there.put("/v2/sip/outbound-gateways/", trunk);
        there.put("/sip/deactivate/", trunk);
        there.put(
                "/v2/sip/inbound-gateways/",
                madeAs(
                        "/v2/sip/inbound-gateways",
                        "{\"name\":\"into\",\"numbers\":[\"+15550100001\"],\"auth\":{\"username\":\"acme-in\",\"password\":\"zanzibar\"}}",
                        "id"));
        String rule =
                madeAs(
                        "/v2/sip/routing-rule",
                        "{\"name\":\"r\",\"type\":\"inbound\",\"phoneNumbers\":[\"+15550100009\"],\"room\":{\"type\":\"dynamic\"}}",
                        "id");
        there.put("/v2/sip/routing-rule/", rule);
        there.put("/v2/sip/routing-rules/", rule);
        there.put(
                "/v2/sip/webhooks/",
                madeAs(
                        "/v2/sip/webhooks",
                        "{\"url\":\"https://app.test/\",\"events\":[\"call-started\"]}",
                        "id"));
        for (String code : List.of("room_code", "code")) {
            there.put(code, "made-here");
        }
        for (String id : List.of("roomId", "meetingId", "destinationRoomId")) {
            there.put(id, room);
        }
        for (String id : List.of("trunk_id", "trunkId", "gatewayId")) {
            there.put(id, trunk);
        }
        api.store.calls().put(ApiServer.call("call_1", "ended"));
        there.put("callId", "call_1");
        there.put("participantId", "p");
    }

    private String made(String path, String body, String field) {
        HttpResponse<String> answer = api.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).get(field).asString();
    }

    private String madeAs(String path, String body, String field) {
        HttpResponse<String> answer = api.send("POST", path, token(Words.VIDEOSDK), body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return JSON.readTree(answer.body()).get(field).asString();
    }

    String token(Words words) {
        return tokens.computeIfAbsent(
                words,
                _ ->
                        switch (words) {
                            case HUNDREDMS -> minted("management", "");
                            case APP -> minted("app", room);
                            case VIDEOSDK -> VideoSdkClient.token();
                            case INDUS -> ApiServer.ADMIN;
                        });
    }

    private String minted(String type, String inRoom) {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> ApiServer.NOON)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        type,
                                        inRoom,
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    ObjectNode good(Operation operation, ObjectNode example) {
        for (String name : example.propertyNames()) {
            if (there.containsKey(name)) {
                example.put(name, there.get(name));
            }
        }
        if (example.path("room").path("type").asString("").equals("static")) {
            ((ObjectNode) example.get("room")).put("id", room);
        }
        if (operation.template().equals("/v2/sip/inbound-gateways/{id}")) {
            // whose it is stays as it was
            ((ObjectNode) example.get("auth")).put("username", "acme-in");
        }
        return example;
    }

    String path(Operation operation) {
        String path = operation.template();
        for (Map.Entry<String, String> one : there.entrySet()) {
            path =
                    path.replaceFirst(
                            "^" + one.getKey() + "\\{[a-z]+}", one.getKey() + one.getValue());
        }
        return path.replace("{room}", room)
                .replace("{session}", room)
                .replace("{peer}", "p")
                .replace("{role}", "guest")
                .replace("{call}", "call_1");
    }

    /** As if nothing had been asked before: somebody is in the room, its codes lead there. */
    HttpResponse<String> send(Operation operation, String path, String body) {
        api.phone("p", room);
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        HttpResponse<String> answer =
                api.send(operation.verb(), path, token(operation.words()), body);
        if (answer.statusCode() < 400 && !operation.verb().equals("GET")) {
            var _ = api.store.rooms().enableCode(room, "made-here", true);
        }
        return answer;
    }

    @Override
    public void close() {
        api.close();
    }
}
