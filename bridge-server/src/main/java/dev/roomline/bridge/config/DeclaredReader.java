package dev.roomline.bridge.config;

import dev.roomline.bridge.config.Declared.Scope;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what the file declares in lists, and checks that one name is given once. */
final class DeclaredReader {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{3,64}");
    private static final Pattern TRUNK_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern DOMAIN =
            Pattern.compile("[A-Za-z0-9._-]{0,253}|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9][0-9 ().-]{0,30}");
    private static final Pattern DIGITS = Pattern.compile("\\d{0,8}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!%*_+`'~.-]{1,64}");

    /** What webhooks of our own format may ask for. */
    static final List<String> EVENTS =
            List.of(
                    "call.dialing",
                    "call.ringing",
                    "call.answered",
                    "call.ended",
                    "call.refused",
                    "call.transfer",
                    "call.moved",
                    "participant.ringing",
                    "participant.joined",
                    "participant.left",
                    "participant.updated",
                    "participant.talking",
                    "dtmf.received",
                    "room.started",
                    "room.ended",
                    "trunk.up",
                    "trunk.down",
                    "trunk.registered");

    /** What webhooks of 100ms' format may ask for. */
    private static final List<String> EVENTS_100MS =
            List.of(
                    "session.open.success",
                    "session.close.success",
                    "peer.join.success",
                    "peer.leave.success");

    /** What webhooks of VideoSDK's format may ask for; the first five are told. */
    private static final List<String> EVENTS_VIDEOSDK =
            List.of(
                    "call-started",
                    "call-ringing",
                    "call-answered",
                    "call-hangup",
                    "call-missed",
                    "call-update",
                    "call-transferred",
                    "call-transfer-initiated",
                    "call-transfer-accepted",
                    "call-transferring",
                    "call-transfer-ringing",
                    "call-transfer-failed",
                    "switch-room-initiated",
                    "switch-room-completed",
                    "switch-room-failed");

    private final Set<String> roles;

    DeclaredReader(Set<String> roles) {
        this.roles = roles;
    }

    Declared read(Section root, List<Declared.Key> keys, List<Declared.Account> accounts) {
        List<Declared.Room> rooms = root.each("rooms", this::room);
        List<Declared.Trunk> trunks = root.each("trunks", DeclaredReader::trunk);
        List<Declared.Route> routes = root.each("routes", DeclaredReader::route);
        List<Declared.Webhook> webhooks = root.each("webhooks", DeclaredReader::webhook);
        once(root, "api", "keys", keys, Declared.Key::key);
        once(root, "accounts", "usernames", accounts, Declared.Account::username);
        once(root, "rooms", "names", rooms, Declared.Room::name);
        once(root, "trunks", "ids", trunks, Declared.Trunk::id);
        once(root, "rooms", "codes", codesOf(rooms), code -> code.code().toLowerCase(Locale.ROOT));
        for (Declared.Route route : routes) {
            if (!route.trunk().isEmpty()
                    && trunks.stream().noneMatch(t -> t.id().equals(route.trunk()))) {
                root.fault("routes", route.trunk(), "the id of a trunk in this file");
            }
        }
        once(
                root,
                "routes",
                "numbers for the same trunk",
                routes,
                route ->
                        number(route.number()).isEmpty()
                                ? ""
                                : route.number().replaceAll("\\D", "") + " " + route.trunk());
        return new Declared(keys, accounts, rooms, trunks, routes, webhooks);
    }

    private static List<Declared.Code> codesOf(List<Declared.Room> rooms) {
        return rooms.stream().flatMap(room -> room.codes().stream()).toList();
    }

    private static <T> void once(
            Section root, String key, String what, List<T> all, Function<T, String> name) {
        Set<String> seen = new HashSet<>();
        for (T one : all) {
            String value = name.apply(one);
            if (!value.isEmpty() && !seen.add(value)) {
                root.fault(key, value, "each of its " + what + " only once");
            }
        }
    }

    static Declared.Key key(Section s) {
        Declared.Key key =
                new Declared.Key(
                        s.required("key", "the key's public part", 255),
                        s.secret("secret"),
                        s.secret("token"),
                        s.text("name", "", 100),
                        scopes(s));
        // RFC 7518 §3.2: a key for HS256 has at least 256 bits.
        if (!key.secret().isEmpty() && key.secret().value().length() < 32) {
            s.fault("secret", "(redacted)", "at least 32 characters");
        }
        if (!key.token().isEmpty() && key.token().value().length() < 16) {
            s.fault("token", "(redacted)", "at least 16 characters");
        }
        if (key.secret().isEmpty() && key.token().isEmpty()) {
            s.fault("token", "", "a secret, a token, or both");
        }
        return key;
    }

    private static List<Scope> scopes(Section s) {
        List<String> names =
                s.someOf("scopes", List.of("admin"), List.of("admin", "rooms", "calls", "read"));
        return names.stream().map(n -> Scope.valueOf(n.toUpperCase(Locale.ROOT))).toList();
    }

    static Declared.Account account(Section s) {
        String username = s.required("username", "the name that the phone's digest carries", 255);
        Secret password = s.secret("password");
        if (password.isEmpty() && !s.isFaulty("password")) {
            s.fault("password", "", "a password");
        }
        if (username.contains(":") || username.contains("\"")) {
            s.fault("username", username, "a name without colons and quotes");
        }
        return new Declared.Account(username, password, s.texts("rooms", List.of("*")));
    }

    private Declared.Room room(Section s) {
        return new Declared.Room(
                s.required("name", "the room's name, by which it is known again"),
                s.each("codes", this::code),
                s.oneOf("browsers", "code", "token"),
                s.integer("max_participants", 100, 1, 10_000),
                s.texts("visible_attributes", List.of()),
                s.flag("hide_numbers", true));
    }

    private Declared.Code code(Section s) {
        String code = s.text("code", "");
        if (!CODE.matcher(code).matches() || code.startsWith("room_")) {
            s.fault("code", code, "3 to 64 letters, digits, _ or -, not beginning with room_");
        }
        String role = s.text("role", "guest");
        if (!roles.contains(role)) {
            s.fault("role", role, "one of the roles " + String.join(", ", roles));
        }
        Secret pin = s.secret("pin");
        if (!pin.value().matches("\\d{0,16}")) {
            s.fault("pin", "(redacted)", "up to 16 digits");
        }
        return new Declared.Code(code, role, pin, s.oneOf("entry", "both", "phone", "browser"));
    }

    static Declared.Trunk trunk(Section s) {
        String name = s.text("name", "", 100);
        String id = s.text("id", name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-"));
        if (!TRUNK_ID.matcher(id).matches() && !s.isFaulty("id") && !s.isFaulty("name")) {
            s.fault("id", id, "1 to 64 letters, digits, _ or -, or a name to make one of");
        }
        String direction = s.oneOf("direction", "both", "inbound", "outbound");
        String address = s.text("address", "");
        if (address.isEmpty() && !direction.equals("inbound") && !s.isFaulty("address")) {
            s.fault("address", "", "host[:port][;transport=udp|tcp|tls], since calls go out to it");
        }
        if (!address.isEmpty()
                && TrunkAddress.read(address) instanceof TrunkAddress.Read.Bad(String expected)) {
            s.fault("address", address, expected);
        }
        List<Cidr> allow = ranges(s, "allow");
        Map<String, String> required = headers(s, "require_headers");
        if (!required.isEmpty() && allow.isEmpty() && !s.isFaulty("allow")) {
            s.fault("require_headers", "(redacted)", "allow beside it: no address, no match");
        }
        String format = s.oneOf("number_format", "+e164", "e164", "national");
        String country = digits(s, "country");
        if (format.equals("national") && country.isEmpty()) {
            s.fault("country", "", "a country calling code, since number_format is national");
        }
        RoomlineConfig.Encryption encryption =
                s.choice(
                        "media_encryption",
                        RoomlineConfig.Encryption.ALLOW,
                        RoomlineConfig.Encryption.class);
        return new Declared.Trunk(
                id,
                name,
                direction,
                address,
                s.text("username", "", 255),
                s.secret("password"),
                s.list("numbers", List.of(), false, "numbers such as +15550100000", t -> number(t)),
                s.scalar(
                        "from_domain",
                        "",
                        "a name or an address, which stands in From",
                        text -> Optional.of(text).filter(t -> DOMAIN.matcher(t).matches())),
                format,
                digits(s, "national_prefix"),
                country,
                allow,
                required,
                s.flag("shared_addresses", true),
                ranges(s, "media_allow"),
                s.texts("rooms", List.of("*")),
                s.flag("register", false),
                s.duration("options_ping", "30s"),
                encryption,
                s.someOf("codecs", List.of(), ConfigReader.CODECS),
                s.flag("caller_id_privacy", false),
                answerHeaders(s),
                s.integer("max_calls", 0, 0, 1_000_000),
                s.integer("calls_per_second", 0, 0, 1_000_000));
    }

    private static List<Cidr> ranges(Section s, String key) {
        return s.list(key, List.of(), false, "ranges such as 54.172.60.0/30", Cidr::parse);
    }

    private static Map<String, String> headers(Section s, String key) {
        Map<String, String> headers = s.freeTexts(key);
        for (String name : headers.keySet()) {
            if (!HEADER.matcher(name).matches()) {
                s.fault(key, name, "header names");
            }
        }
        return headers;
    }

    /** Headers that mean something in SIP are ours to write. */
    private static Map<String, String> answerHeaders(Section s) {
        Map<String, String> headers = headers(s, "answer_headers");
        for (String name : headers.keySet()) {
            if (!name.toLowerCase(Locale.ROOT).startsWith("x-")) {
                s.fault("answer_headers", name, "names that begin with X-");
            }
        }
        return headers;
    }

    private static Optional<String> number(String text) {
        return Optional.of(text).filter(t -> NUMBER.matcher(t).matches());
    }

    private static String digits(Section s, String key) {
        return s.scalar(
                key,
                "",
                "digits alone",
                t -> Optional.of(t).filter(v -> DIGITS.matcher(v).matches()));
    }

    static Declared.Route route(Section s) {
        String number = s.required("number", "the number that is called");
        if (!number.isEmpty() && number(number).isEmpty()) {
            s.fault("number", number, "a number such as +15550100000");
        }
        String room = s.text("room", "");
        if (!room.isEmpty() && !CODE.matcher(room).matches()) {
            s.fault("room", room, "a room's code, or new");
        }
        Declared.Route route =
                new Declared.Route(
                        number,
                        s.text("trunk", ""),
                        room,
                        s.scalar(
                                "ask",
                                "",
                                "code",
                                t -> Optional.of(t).filter(v -> v.isEmpty() || v.equals("code"))),
                        s.scalar("webhook", "", "an http or https address", DeclaredReader::url));
        List<String> ways = new ArrayList<>(List.of(route.room(), route.ask(), route.webhook()));
        ways.removeIf(String::isEmpty);
        if (ways.size() != 1 && Stream.of("room", "ask", "webhook").noneMatch(s::isFaulty)) {
            s.fault("room", "", "exactly one of room, ask, webhook");
        }
        return route;
    }

    static Declared.Webhook webhook(Section s) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        headers(s, "headers").forEach((name, value) -> headers.put(name, new Secret(value)));
        String url = s.text("url", "");
        if ((url.isEmpty() || url(url).isEmpty()) && !s.isFaulty("url")) {
            s.fault("url", url, "an http or https address without a user name");
        }
        String format = s.oneOf("format", "standard", "100ms", "videosdk", "indus");
        return new Declared.Webhook(
                url,
                format,
                s.secret("secret"),
                s.list(
                        "events",
                        List.of("*"),
                        false,
                        expectedOf(format),
                        text -> Optional.of(text).filter(t -> isEvent(format, t))),
                headers,
                s.flag("allow_private", false));
    }

    private static String expectedOf(String format) {
        return switch (format) {
            case "100ms" -> "types of 100ms' events such as peer.join.success, peer.*, or *";
            case "indus" -> "call.ended, or *: it is told of ends alone";
            case "videosdk" -> "types of VideoSDK's events such as call-answered, or *";
            default -> "types of events such as call.ended, families such as call.*, or *";
        };
    }

    private static boolean isEvent(String format, String text) {
        List<String> types =
                switch (format) {
                    case "100ms" -> EVENTS_100MS;
                    case "videosdk" -> EVENTS_VIDEOSDK;
                    case "indus" -> List.of("call.ended");
                    default -> EVENTS;
                };
        return text.equals("*")
                || types.contains(text)
                || types.stream().anyMatch(type -> text.equals(family(type) + ".*"));
    }

    private static String family(String type) {
        int dot = type.indexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    private static Optional<String> url(String text) {
        if (text.isEmpty()) {
            return Optional.of(text);
        }
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getUserInfo() == null
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
