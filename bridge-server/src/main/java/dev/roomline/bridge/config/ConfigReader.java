package dev.roomline.bridge.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which keys there are, with their defaults and ranges: the code's side of {@code
 * config/reference.yaml}. Top down in the file's order; what is declared in lists is read by {@link
 * DeclaredReader}, roles by {@link RolesReader}.
 */
final class ConfigReader {
    static final List<String> CODECS = List.of("opus", "g722", "pcmu", "pcma");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\s*-\\s*(\\d{1,5})");
    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/\\s\"]+");
    private static final Pattern HEP_ADDRESS =
            Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[^\\s:/\\[\\]]+):(\\d{1,5})");
    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final Pattern HOST_PORT = Pattern.compile("[^\\s:/]+(:\\d{1,5})?");

    private final Path folder;

    /**
     * @param folder what relative paths resolve against
     */
    ConfigReader(Path folder) {
        this.folder = folder;
    }

    RoomlineConfig read(Section root) {
        Path dataDir = folder.resolve(root.text("data_dir", "data")).normalize();
        var network = root.section("network", ConfigReader::network);
        var sip = root.section("sip", this::sip);
        var media = root.section("media", ConfigReader::media);
        var http = root.section("http", this::http);
        var keys = root.section("api", s -> s.each("keys", DeclaredReader::key));
        var accounts = root.each("accounts", DeclaredReader::account);
        var roles = RolesReader.read(root);
        var declared = new DeclaredReader(roles.keySet()).read(root, keys, accounts);
        var limits = root.section("limits", ConfigReader::limits);
        var calls = root.section("calls", ConfigReader::calls);
        var shutdown =
                root.section(
                        "shutdown", s -> new RoomlineConfig.Shutdown(s.duration("grace", "60s")));
        var database =
                root.section(
                        "database",
                        s -> new RoomlineConfig.Database(databaseUrl(s), databaseKey(s)));
        var hep = root.section("hep", ConfigReader::hep);
        var log =
                root.section(
                        "log",
                        s ->
                                new RoomlineConfig.Log(
                                        s.choice(
                                                "format",
                                                RoomlineConfig.LogFormat.TEXT,
                                                RoomlineConfig.LogFormat.class)));
        PortClashes.find(root, sip, media, http);
        return new RoomlineConfig(
                dataDir, network, sip, media, http, roles, declared, limits, calls, shutdown,
                database, hep, log);
    }

    private static RoomlineConfig.Network network(Section s) {
        List<InetAddress> bind =
                s.list("bind", List.of("0.0.0.0", "::"), true, "IP addresses", Literals::address);
        if (bind.isEmpty()) {
            s.fault("bind", "", "at least one IP address");
        }
        List<String> told =
                s.list(
                        "public",
                        List.of(),
                        true,
                        "IP addresses, or stun:host:port",
                        text ->
                                Optional.of(text)
                                        .filter(t -> isStun(t) || Literals.address(t).isPresent()));
        return new RoomlineConfig.Network(
                withBothFamilies(bind),
                told.stream().flatMap(t -> Literals.address(t).stream()).toList(),
                told.stream()
                        .filter(ConfigReader::isStun)
                        .map(t -> t.substring("stun:".length()))
                        .toList());
    }

    /** With no IPv4 address beside it {@code ::} is both families, as it is to most servers. */
    private static List<InetAddress> withBothFamilies(List<InetAddress> bind) {
        boolean alone =
                bind.stream().noneMatch(Inet4Address.class::isInstance)
                        && bind.stream().anyMatch(InetAddress::isAnyLocalAddress);
        return alone ? Stream.concat(Stream.of(ANY_V4), bind.stream()).toList() : bind;
    }

    private static boolean isStun(String text) {
        return text.startsWith("stun:")
                && HOST_PORT.matcher(text.substring("stun:".length())).matches();
    }

    private RoomlineConfig.Sip sip(Section s) {
        int udp = s.integer("udp", 5060, 0, 65535);
        int tcp = s.integer("tcp", 5060, 0, 65535);
        int tls = s.integer("tls", 0, 0, 65535);
        boolean ws = s.flag("ws", false);
        List<Path> certificates = files(s, "tls_certificate");
        List<Path> keys = files(s, "tls_key");
        boolean faulty = s.isFaulty("tls_certificate") || s.isFaulty("tls_key");
        if (tls != 0 && (certificates.isEmpty() || keys.isEmpty())) {
            s.fault("tls", Integer.toString(tls), "tls_certificate and tls_key beside it");
        } else if (certificates.size() != keys.size() && !faulty) {
            s.fault("tls_key", keys.size() + " of them", "one for each tls_certificate");
        }
        List<String> digest = s.someOf("digest", List.of("md5"), List.of("md5", "sha-256"));
        if (digest.isEmpty()) {
            s.fault("digest", "", "at least one of md5, sha-256");
        }
        return new RoomlineConfig.Sip(
                udp,
                tcp,
                tls,
                ws,
                certificates,
                keys,
                s.texts("domains", List.of()),
                s.scalar(
                        "realm",
                        "roomline",
                        "1 to 64 characters without quotes or backslashes",
                        text ->
                                Optional.of(text)
                                        .filter(t -> t.matches("[\\x20-\\x7e&&[^\"\\\\]]{1,64}"))),
                s.scalar(
                        "challenge",
                        "407",
                        "407 or 401",
                        text ->
                                Literals.integer(text)
                                        .filter(status -> status == 407 || status == 401)),
                digest,
                // RFC 4028 §5: 90 s is the least that may be asked for.
                atLeast(s, "session_expires", "1800s", Duration.ofSeconds(90)));
    }

    private static Duration atLeast(Section s, String key, String fallback, Duration least) {
        return s.scalar(
                key,
                fallback,
                "a duration of at least " + least.toSeconds() + "s",
                text -> Literals.duration(text).filter(d -> d.compareTo(least) >= 0));
    }

    private static RoomlineConfig.Media media(Section s) {
        PortRange rtp =
                s.scalar(
                        "rtp_ports",
                        "10000-19999",
                        "two ports from 1024 to 65535 with a dash, at least ten ports apart",
                        ConfigReader::range);
        int webrtc = s.integer("webrtc_port", 20000, 1024, 65535);
        int loops = s.integer("loops", 0, 0, 256);
        List<String> codecs = s.someOf("codecs", CODECS, CODECS);
        if (codecs.isEmpty()) {
            s.fault("codecs", "", "at least one of " + String.join(", ", CODECS));
        }
        return new RoomlineConfig.Media(
                rtp,
                webrtc,
                loops,
                codecs,
                s.choice(
                        "passthrough",
                        RoomlineConfig.Passthrough.AUTO,
                        RoomlineConfig.Passthrough.class),
                s.integer("opus_complexity", 5, 0, 10),
                s.choice(
                        "encryption",
                        RoomlineConfig.Encryption.ALLOW,
                        RoomlineConfig.Encryption.class),
                s.duration("silence_timeout", "300s"),
                s.flag("noise_suppression", false),
                s.flag("auto_gain", false));
    }

    private static Optional<PortRange> range(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        PortRange range =
                new PortRange(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        return Optional.of(range)
                .filter(r -> r.first() >= 1024 && r.last() <= 65535 && r.last() - r.first() >= 9);
    }

    private RoomlineConfig.Http http(Section s) {
        int port = s.integer("port", 8080, 0, 65535);
        String certificate = s.text("tls_certificate", "");
        Optional<Path> key = file(s, "tls_key");
        Optional<RoomlineConfig.HttpTls> tls = Optional.empty();
        if (certificate.equals("auto")) {
            tls = Optional.of(new RoomlineConfig.HttpTls.SelfSigned());
        } else if (!certificate.isEmpty()) {
            Path pem = folder.resolve(certificate).normalize();
            if (!Files.isReadable(pem)) {
                s.fault("tls_certificate", certificate, "a PEM file that can be read, or auto");
            } else if (key.isEmpty()) {
                s.fault("tls_key", "", "the key that belongs to tls_certificate");
            } else {
                tls = Optional.of(new RoomlineConfig.HttpTls.Pem(pem, key.get()));
            }
        }
        return new RoomlineConfig.Http(
                port,
                tls,
                s.list(
                        "cors",
                        List.of(),
                        false,
                        "origins such as https://app.example.com, or *",
                        text -> Optional.of(text).filter(t -> ORIGIN.matcher(t).matches())),
                s.choice(
                        "metrics",
                        RoomlineConfig.MetricsAccess.LOCAL,
                        RoomlineConfig.MetricsAccess.class),
                s.each("ice_servers", ConfigReader::iceServer));
    }

    private static RoomlineConfig.IceServer iceServer(Section s) {
        List<String> urls =
                s.list(
                        "urls",
                        List.of(),
                        true,
                        "stun:, turn: or turns: addresses",
                        text -> Optional.of(text).filter(t -> t.matches("(stuns?|turns?):\\S+")));
        if (urls.isEmpty()) {
            s.fault("urls", "", "at least one address");
        }
        return new RoomlineConfig.IceServer(
                urls, s.text("username", ""), s.secret("credential"), s.secret("secret"));
    }

    /** One path or a list of them; empty for none. */
    private List<Path> files(Section s, String key) {
        List<String> texts =
                s.list(
                        key,
                        List.of(),
                        true,
                        "a file that can be read",
                        text ->
                                Optional.of(text)
                                        .filter(
                                                t ->
                                                        t.isEmpty()
                                                                || Files.isReadable(
                                                                        folder.resolve(t))));
        return texts.stream()
                .filter(text -> !text.isEmpty())
                .map(text -> folder.resolve(text).normalize())
                .toList();
    }

    private Optional<Path> file(Section s, String key) {
        String text = s.text(key, "");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Path path = folder.resolve(text).normalize();
        if (!Files.isReadable(path)) {
            s.fault(key, text, "a file that can be read");
            return Optional.empty();
        }
        return Optional.of(path);
    }

    private static Optional<String> prefix(String text) {
        return Optional.of(text).filter(t -> t.matches("\\+?[0-9]{1,15}"));
    }

    private static RoomlineConfig.Limits limits(Section s) {
        return new RoomlineConfig.Limits(
                s.integer("max_calls", 0, 0, 1_000_000),
                s.integer("invites_per_second", 0, 0, 1_000_000),
                atLeast(s, "max_call_duration", "4h", Duration.ofSeconds(1)),
                atLeast(s, "ring_timeout", "60s", Duration.ofSeconds(1)),
                s.list(
                        "allowed_prefixes",
                        List.of(),
                        false,
                        "beginnings of numbers such as +49",
                        ConfigReader::prefix),
                s.list(
                        "denied_prefixes",
                        List.of("premium"),
                        false,
                        "premium, and beginnings of numbers such as +882",
                        text -> text.equals("premium") ? Optional.of(text) : prefix(text)),
                s.flag("emergency_numbers", false));
    }

    private static RoomlineConfig.Calls calls(Section s) {
        return new RoomlineConfig.Calls(
                s.duration("keep", "90d"),
                s.choice("trace", RoomlineConfig.Trace.FAILED, RoomlineConfig.Trace.class),
                s.duration("trace_keep", "14d"));
    }

    private static RoomlineConfig.Hep hep(Section s) {
        String address =
                s.scalar(
                        "address",
                        "",
                        "nothing, or host:port; IPv6 in brackets",
                        text ->
                                Optional.of(text)
                                        .filter(
                                                t ->
                                                        t.isEmpty()
                                                                || HEP_ADDRESS
                                                                        .matcher(t)
                                                                        .matches()));
        Matcher parts = HEP_ADDRESS.matcher(address);
        boolean on = parts.matches();
        int port = on ? Integer.parseInt(parts.group(2)) : 0;
        if (on && (port == 0 || port > 65_535)) {
            s.fault("address", address, "a port of 1 to 65535");
        }
        String host = on ? parts.group(1).replaceAll("[\\[\\]]", "") : "";
        return new RoomlineConfig.Hep(
                host,
                port,
                s.integer("capture_id", 2001, 0, Integer.MAX_VALUE),
                s.secret("password"));
    }

    private static Secret databaseUrl(Section s) {
        Secret url = s.secret("url");
        if (!url.isEmpty() && !url.value().startsWith("jdbc:postgresql://")) {
            s.fault("url", "(redacted)", "nothing, or jdbc:postgresql://…");
        }
        return url;
    }

    private static Secret databaseKey(Section s) {
        Secret keys = s.secret("key");
        if (!keys.isEmpty()
                && !Arrays.stream(keys.value().split(",", -1)).allMatch(ConfigReader::isKey)) {
            s.fault(
                    "key",
                    "(redacted)",
                    "32 bytes in Base64; or several such keys with commas, of which the first"
                            + " seals");
        }
        return keys;
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text.strip()).length == 32;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
