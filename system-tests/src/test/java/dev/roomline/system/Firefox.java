package dev.roomline.system;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The distribution's Firefox, headless, driven on the test's own thread by WebDriver BiDi, which it
 * speaks by itself. Without a sound card it renders nothing, not even into a page's own ear: it
 * gets a sound server of its own, which plays to nobody.
 */
final class Firefox implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;

    /** Audio may begin without a click, media goes by 127.0.0.1, and nothing asks the internet. */
    private static final String PREFERENCES =
            """
            user_pref("media.autoplay.default", 0);
            user_pref("media.navigator.permission.disabled", true);
            user_pref("media.peerconnection.ice.loopback", true);
            user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
            user_pref("network.proxy.type", 1);
            user_pref("network.proxy.http", "127.0.0.1");
            user_pref("network.proxy.http_port", 9);
            user_pref("network.proxy.ssl", "127.0.0.1");
            user_pref("network.proxy.ssl_port", 9);
            """;

    private final ChildProcess sound;
    private final ChildProcess process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private int asked;

    private Firefox(ChildProcess sound, ChildProcess process, int port) {
        this.sound = sound;
        this.process = process;
        FreePorts.awaitListening(port);
        URI driver = URI.create("ws://127.0.0.1:%d/session".formatted(port));
        socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(driver, new Answers())
                        .join();
        ask("session.new", Map.of("capabilities", Map.of()));
    }

    static Firefox launch() {
        Path folder = Workspace.folder("firefox");
        int soundPort = FreePorts.one();
        ChildProcess sound =
                ChildProcess.start("pulseaudio", folder, soundServer(soundPort, folder));
        FreePorts.awaitListening(soundPort);
        Workspace.write(folder.resolve("user.js"), PREFERENCES);
        int port = FreePorts.one();
        ChildProcess process =
                ChildProcess.start(
                        "firefox",
                        folder,
                        List.of(
                                "env",
                                "PULSE_SERVER=tcp:127.0.0.1:" + soundPort,
                                "firefox-esr",
                                "--headless",
                                "--no-remote",
                                "--profile",
                                folder.toString(),
                                "--remote-debugging-port",
                                Integer.toString(port)));
        try {
            return new Firefox(sound, process, port);
        } catch (RuntimeException | Error e) {
            process.close();
            sound.close();
            throw e;
        }
    }

    private static List<String> soundServer(int port, Path folder) {
        return List.of(
                "env",
                "HOME=" + folder,
                "XDG_RUNTIME_DIR=" + folder,
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--use-pid-file=no",
                "--exit-idle-time=-1",
                "--load=module-null-sink rate=48000",
                "--load=module-native-protocol-tcp auth-anonymous=1 listen=127.0.0.1 port=" + port);
    }

    /** Has it do one thing; the result. */
    JsonNode ask(String method, Map<String, ?> parameters) {
        int id = ++asked;
        String command =
                BridgeProcess.JSON.writeValueAsString(
                        Map.of("id", id, "method", method, "params", parameters));
        socket.sendText(command, true).join();
        JsonNode answer = answerTo(id, command);
        if (!answer.path("type").asString().equals("success")) {
            throw new AssertionError(command + ": " + answer);
        }
        return answer.get("result");
    }

    /** Events are passed over. */
    private JsonNode answerTo(int id, String command) {
        try {
            while (true) {
                JsonNode next = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError(command + ": no answer\n" + process.output());
                }
                if (next.path("id").asInt(0) == id) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Puts messages together. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                answers.add(BridgeProcess.JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.close();
        sound.close();
    }
}
