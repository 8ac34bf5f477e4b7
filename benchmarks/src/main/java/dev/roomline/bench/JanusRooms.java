package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Janus' AudioBridge: rooms of plain RTP participants, made through its HTTP interface. */
@SuppressWarnings("AddressSelection") // literal addresses
final class JanusRooms implements MediaPlane {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int OPUS_COMPLEXITY = 5;

    /** It sends 26 kb/s then, as the others do. */
    private static final int OPUS_BITS_PER_SECOND = 31_000;

    /** Everybody who is there is told of each who comes. */
    private static final int MOST_EVENTS = 5_000;

    private final Child process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Workspace.port();
    private String session;

    /** Who made each room, by its number. */
    private final Map<Integer, String> makers = new HashMap<>();

    JanusRooms(String cores) throws InterruptedException {
        Path folder = Workspace.folder("janus");
        Workspace.write(
                folder.resolve("janus.jcfg"),
                """
                general: { configs_folder = "%s" plugins_folder = "/usr/lib/x86_64-linux-gnu/janus/plugins" transports_folder = "/usr/lib/x86_64-linux-gnu/janus/transports" debug_level = 3 session_timeout = 0 }
                media: { rtp_port_range = "37000-39999" }
                plugins: { disable = "libjanus_echotest.so,libjanus_lua.so,libjanus_duktape.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so" }
                transports: { disable = "libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_websockets.so" }
                """
                        .formatted(folder));
        Workspace.write(
                folder.resolve("janus.transport.http.jcfg"),
                "general: { json = \"compact\" base_path = \"/janus\" http = true port = %d interface = \"lo\" https = false }\nadmin: { admin_http = false }\n"
                        .formatted(port));
        Workspace.write(
                folder.resolve("janus.plugin.audiobridge.jcfg"),
                "general: { local_ip = \"127.0.0.1\" rtp_port_range = \"37000-39999\" }\n");
        process =
                Child.start(
                        "janus",
                        folder,
                        Child.on(
                                cores,
                                List.of(
                                        "janus",
                                        "-F",
                                        folder.toString(),
                                        "-C",
                                        folder.resolve("janus.jcfg").toString())));
        Thread.sleep(3_000);
        session = newSession();
    }

    private String newSession() {
        return ask("", Map.of("janus", "create")).path("data").path("id").asString("");
    }

    @Override
    public void leave() {
        makers.forEach(
                (room, handle) -> message(handle, Map.of("request", "destroy", "room", room)));
        makers.clear();
        ask("/" + session, Map.of("janus", "destroy"));
        session = newSession();
    }

    @Override
    public List<InetSocketAddress> join(int room, List<AudioCodec> phones, int port) {
        String handle = attach();
        message(
                handle,
                Map.of(
                        "request",
                        "create",
                        "room",
                        1000 + room,
                        "allow_rtp_participants",
                        true,
                        "sampling_rate",
                        16_000,
                        "default_bitrate",
                        OPUS_BITS_PER_SECOND));
        makers.put(1000 + room, handle);
        List<InetSocketAddress> places = new ArrayList<>();
        for (AudioCodec codec : phones) {
            String seat = places.isEmpty() ? handle : attach();
            places.add(
                    codec == AudioCodec.OPUS
                            ? enter(seat, room, port, "opus", 111)
                            : enter(seat, room, port, "pcmu", 0));
        }
        return places;
    }

    private String attach() {
        return ask("/" + session, Map.of("janus", "attach", "plugin", "janus.plugin.audiobridge"))
                .path("data")
                .path("id")
                .asString("");
    }

    private InetSocketAddress enter(
            String handle, int room, int rtpPort, String codec, int payloadType) {
        message(
                handle,
                Map.of(
                        "request",
                        "join",
                        "room",
                        1000 + room,
                        "codec",
                        codec,
                        "quality",
                        OPUS_COMPLEXITY,
                        "bitrate",
                        OPUS_BITS_PER_SECOND,
                        "rtp",
                        Map.of(
                                "ip",
                                SipCaller.ADDRESS,
                                "port",
                                rtpPort,
                                "payload_type",
                                payloadType)));
        for (int i = 0; i < MOST_EVENTS; i++) {
            JsonNode event = event();
            JsonNode told = event.path("plugindata").path("data");
            if (event.path("sender").asString("").equals(handle)
                    && told.path("audiobridge").asString("").equals("joined")
                    && told.has("rtp")) {
                return new InetSocketAddress("127.0.0.1", told.path("rtp").path("port").asInt());
            }
            if (told.has("error")) {
                throw new IllegalStateException("janus: " + told);
            }
        }
        throw new IllegalStateException("janus told no port");
    }

    private void message(String handle, Map<String, Object> body) {
        ask("/" + session + "/" + handle, Map.of("janus", "message", "body", body));
    }

    private JsonNode ask(String path, Map<String, Object> what) {
        Map<String, Object> request = new HashMap<>(what);
        request.put("transaction", "t" + System.nanoTime());
        return send(
                HttpRequest.newBuilder(uri(path))
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(request)))
                        .build());
    }

    private JsonNode event() {
        return send(HttpRequest.newBuilder(uri("/" + session + "?maxev=1")).GET().build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/janus" + path);
    }

    private JsonNode send(HttpRequest request) {
        try {
            return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("janus:\n" + process.output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A session without a poll for a minute is thrown away; ours has no limit. */
    @Override
    public void rest(long millis) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(millis));
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String name() {
        return "Janus AudioBridge";
    }

    @Override
    public void close() {
        process.close();
    }
}
