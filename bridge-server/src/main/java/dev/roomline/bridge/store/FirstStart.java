package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Secret;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A first start with no configuration works at once: one account, one room with one code and one
 * API key are made, kept in the store and in {@code data_dir/first-start.json} (mode 0600), and
 * shown at each start until that file is deleted. Blocks: virtual threads or main.
 */
public final class FirstStart {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final List<String> FIELDS =
            List.of(
                    "sip_uri",
                    "username",
                    "password",
                    "room_code",
                    "room_url",
                    "api_key",
                    "api_secret",
                    "api_token");

    private static final String NOTHING_DECLARED =
            """
            Nobody can call in yet: the configuration file declares no account, room or API key, and none
            was made before. Add `accounts`, `rooms` and `api.keys` to it (config/reference.yaml shows how),
            or start once without the file: then one of each is made and printed here.""";

    private FirstStart() {}

    /**
     * @param withoutFile whether the server runs without a configuration file; only then is
     *     anything made, and only in a store that has no rooms, accounts or keys
     * @param localAddress the address by which this machine reaches others, used where no public
     *     one is configured; absent: loopback
     * @param httpPort the port that the server really listens on
     * @return what to print, if anything
     * @throws StoreException with a sentence for the operator
     */
    public static Optional<String> prepare(
            RoomlineConfig config,
            Store store,
            boolean withoutFile,
            Optional<InetAddress> localAddress,
            int httpPort) {
        Path file = config.dataDir().resolve("first-start.json");
        try {
            if (Files.exists(file)) {
                return Optional.of(Greeting.text(read(file), file));
            }
            if (!untouched(store)) {
                return Optional.empty();
            }
            if (!withoutFile) {
                return Optional.of(NOTHING_DECLARED);
            }
            Map<String, String> made = make(config, store, localAddress, httpPort);
            PrivateFiles.write(file, JSON.writeValueAsString(made) + "\n");
            return Optional.of(Greeting.text(made, file));
        } catch (IOException | JacksonException e) {
            throw new StoreException(
                    file + " cannot be read or written; delete it if it is not needed.", e);
        }
    }

    private static boolean untouched(Store store) {
        return store.rooms().count() == 0
                && store.accounts().list().isEmpty()
                && store.apiKeys().list().isEmpty();
    }

    private static Map<String, String> read(Path file) throws IOException {
        JsonNode node = JSON.readTree(Files.readString(file));
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : FIELDS) {
            fields.put(field, node.path(field).asString(""));
        }
        return fields;
    }

    private static Map<String, String> make(
            RoomlineConfig config, Store store, Optional<InetAddress> localAddress, int httpPort) {
        String password = Names.secret(16);
        String key = Names.id("key");
        String secret = Names.secret(48);
        String token = "rl_" + Names.secret(40);
        RoomRow room =
                done(
                        store.rooms()
                                .create(
                                        new Rooms.NewRoom(
                                                "First room",
                                                List.of(),
                                                "code",
                                                100,
                                                List.of(),
                                                true)));
        done(
                store.accounts()
                        .create("phone", config.sip().realm(), new Secret(password), List.of("*")));
        done(
                store.apiKeys()
                        .create(
                                key,
                                new Secret(secret),
                                new Secret(token),
                                "first key",
                                List.of(Scope.ADMIN)));
        String code = room.codes().getFirst().code();
        Map<String, String> made = new LinkedHashMap<>();
        made.put("sip_uri", sipUri(config, code, host(config, localAddress)));
        made.put("username", "phone");
        made.put("password", password);
        made.put("room_code", code);
        made.put("room_url", roomUrl(config, code, host(config, localAddress), httpPort));
        made.put("api_key", key);
        made.put("api_secret", secret);
        made.put("api_token", token);
        return made;
    }

    private static <T> T done(Change<T> change) {
        if (change instanceof Change.Done<T> done) {
            return done.row();
        }
        throw new IllegalStateException("a fresh row was refused");
    }

    private static String host(RoomlineConfig config, Optional<InetAddress> localAddress) {
        return config.network().publicAddresses().stream()
                .findFirst()
                .or(() -> localAddress.filter(a -> !a.isAnyLocalAddress()))
                .map(FirstStart::literal)
                .orElse("127.0.0.1");
    }

    private static String literal(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static String sipUri(RoomlineConfig config, String code, String host) {
        boolean udp = config.sip().udp() != 0;
        int port = udp ? config.sip().udp() : config.sip().tcp();
        return "sip:"
                + code
                + "@"
                + host
                + (port == 5060 ? "" : ":" + port)
                + (udp ? "" : ";transport=tcp");
    }

    /**
     * Browsers give the microphone to https and to this machine's own pages only, so without a
     * certificate the address that works at once is localhost.
     */
    private static String roomUrl(RoomlineConfig config, String code, String host, int httpPort) {
        return config.http().tls().isPresent()
                ? "https://" + host + ":" + httpPort + "/join/" + code
                : "http://localhost:" + httpPort + "/join/" + code;
    }
}
