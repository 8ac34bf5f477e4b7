package dev.roomline.bridge.api;

import java.util.LinkedHashMap;
import java.util.Map;

/** One of each thing that {@code /v1} serves, so that its paths lead somewhere. */
final class NativeThings {
    private final ApiServer api;

    /** Parameters of paths, by the path up to them. */
    private final Map<String, String> there = new LinkedHashMap<>();

    private final String room;

    NativeThings(ApiServer api) {
        this.api = api;
        room =
                made(
                        "/v1/rooms/",
                        "/v1/rooms",
                        "{\"codes\":[{\"code\":\"made-here\",\"role\":\"guest\"}]}");
        there.put("/whip/", "made-here");
        there.put("/whep/", "made-here");
        made("/v1/trunks/", "/v1/trunks", "{\"id\":\"t\",\"address\":\"sip.example.com\"}");
        made("/v1/accounts/", "/v1/accounts", "{\"username\":\"desk\"}");
        made("/v1/routes/", "/v1/routes", "{\"number\":\"+15550100\",\"room\":\"from-file\"}");
        made("/v1/webhooks/", "/v1/webhooks", "{\"url\":\"https://app.test/\"}");
        made("/v1/keys/", "/v1/keys", "{\"scopes\":[\"read\"]}");
    }

    private String made(String prefix, String path, String body) {
        String id = api.made(path, body);
        there.put(prefix, id);
        return id;
    }

    /** Somebody is in the room, and a call lives. */
    void live() {
        api.phone("p", room);
        api.calls.calls.put("c", ApiServer.call("c", "answered"));
    }

    /** A path with its parameters, or the beginning of one. */
    String path(String template) {
        String path = template;
        for (Map.Entry<String, String> one : there.entrySet()) {
            path =
                    path.replaceFirst(
                            "^" + one.getKey() + "\\{[a-z]+}", one.getKey() + one.getValue());
        }
        return path.replace("{code}", "made-here")
                .replace("{participant}", "p")
                .replace("{call}", "c")
                .replace("{delivery}", "d")
                .replace("{secret}", "the-secret");
    }
}
