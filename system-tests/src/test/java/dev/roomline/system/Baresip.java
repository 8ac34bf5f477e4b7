package dev.roomline.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A softphone: baresip in a process and a folder of its own, driven by a {@link BaresipControl}. It
 * sends a steady tone from a file and writes what it decodes to another, before its own playback
 * could add gaps.
 */
final class Baresip implements AutoCloseable {
    static final double TONE_DBFS = -12;

    private static final double TONE_SECONDS = 90;
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern BIT_RATES = Pattern.compile("audio=\\d+/(\\d+) \\(bit/s\\)");

    private final Path folder;
    private final ChildProcess process;
    private final BaresipControl control;

    /**
     * @param codec the only one that it offers
     * @param toneHertz what it says
     * @param username answers digest challenges with it
     * @param sipPort where its own domain is: the server's port
     * @param registersOver {@code udp}, {@code tcp} or {@code tls}; empty: it does not register
     */
    record Phone(
            Codec codec,
            double toneHertz,
            String displayName,
            String username,
            String password,
            int sipPort,
            String registersOver) {
        /** The account that {@link BridgeProcess} has, and its name. */
        static Phone of(BridgeProcess bridge, Codec codec, double toneHertz) {
            return new Phone(
                    codec,
                    toneHertz,
                    "Ada Lovelace",
                    BridgeProcess.USERNAME,
                    BridgeProcess.PASSWORD,
                    bridge.sipPort(),
                    "");
        }

        /** The same, registered. */
        Phone registered(String transport) {
            return new Phone(codec, toneHertz, displayName, username, password, sipPort, transport);
        }

        /** The same, called by another user name or number. */
        Phone named(String user) {
            return new Phone(codec, toneHertz, displayName, user, password, sipPort, registersOver);
        }

        private String registration() {
            return registersOver.isEmpty() ? "regint=0" : "regint=60";
        }

        private String transport() {
            return registersOver.isEmpty() ? "" : ";transport=" + registersOver;
        }
    }

    private Baresip(Path folder, ChildProcess process, BaresipControl control) {
        this.folder = folder;
        this.process = process;
        this.control = control;
    }

    static Baresip start(Phone phone) {
        return start(phone, FreePorts.one(), "");
    }

    /**
     * One with encrypted media.
     *
     * @param how as baresip names it: {@code srtp} where the other can, {@code srtp-mand}, {@code
     *     dtls_srtp}
     */
    static Baresip encrypted(Phone phone, String how) {
        return start(phone, FreePorts.one(), ";mediaenc=" + how);
    }

    /** The same, that answers whoever calls it at that port. */
    static Baresip answeringEncrypted(Phone phone, int port, String how) {
        return start(phone, port, ";answermode=auto;catchall=yes;mediaenc=" + how);
    }

    /**
     * One that knows the authorities of that file; it serves TLS of its own at the port after its
     * own.
     */
    static Baresip trusting(Path authorities, Phone phone) {
        return start(
                phone,
                Road.TLS.address(),
                FreePorts.block(2),
                "",
                "sip_cafile " + authorities + "\n");
    }

    /**
     * One on that road that answers whoever calls it at that port, by TLS at the port after it.
     *
     * @param certificate with its key in the same file
     */
    static Baresip on(Road road, Phone phone, int port, Path authorities, Path certificate) {
        return start(
                phone,
                road.address(),
                port,
                ";answermode=auto;catchall=yes",
                "sip_cafile %s\nsip_certificate %s\n".formatted(authorities, certificate));
    }

    /** One inside a network namespace, at that address, which is reached from here as well. */
    static Baresip in(String namespace, String address, Phone phone) {
        var inside = List.of("ip", "netns", "exec", namespace);
        return start(inside, address, phone, address, FreePorts.one(), "", "");
    }

    /**
     * One that offers ICE, with a host candidate of that address and of others that this machine
     * has, loopback excepted.
     *
     * @param how its media is encrypted, as baresip names it; empty: it is not
     */
    static Baresip byIce(Phone phone, String address, String how) {
        String encryption = how.isEmpty() ? "" : ";mediaenc=" + how;
        return start(phone, address, FreePorts.one(), ";medianat=ice" + encryption, "");
    }

    /** One that answers whoever calls it at that port. */
    static Baresip answering(Phone phone, int port) {
        return start(phone, port, ";answermode=auto;catchall=yes");
    }

    /** One that rings until {@link #accept}. */
    static Baresip ringing(Phone phone, int port) {
        return start(phone, port, ";answermode=manual;catchall=yes");
    }

    /** Picks up what rings. */
    void accept() {
        control.command("accept", "");
        awaitEvent("CALL_ESTABLISHED");
    }

    /** The keys that were pressed on it from afar, as its events tell them. */
    String keys() {
        return control.events("CALL_DTMF_START").stream()
                .map(event -> event.path("param").asString(""))
                .collect(Collectors.joining());
    }

    private static Baresip start(Phone phone, int sipPort, String parameters) {
        return start(phone, LOOPBACK, sipPort, parameters, "");
    }

    private static Baresip start(
            Phone phone, String address, int sipPort, String parameters, String settings) {
        return start(List.of(), LOOPBACK, phone, address, sipPort, parameters, settings);
    }

    private static Baresip start(
            List<String> inside,
            String controlAddress,
            Phone phone,
            String address,
            int sipPort,
            String parameters,
            String settings) {
        String host = host(address);
        Path folder = Workspace.folder("baresip");
        var control = new InetSocketAddress(InetAddress.ofLiteral(controlAddress), FreePorts.one());
        Recording.tone(phone.codec.rateHz, TONE_SECONDS, phone.toneHertz, TONE_DBFS)
                .write(folder.resolve("tone.wav"), phone.codec.channels);
        String modules =
                (parameters.contains("mediaenc=") ? "module srtp.so\nmodule dtls_srtp.so\n" : "")
                        + (parameters.contains("medianat=ice") ? "module ice.so\n" : "");
        Workspace.write(
                folder.resolve("config"),
                configuration(folder, address, sipPort, control) + modules + settings);
        Workspace.write(folder.resolve("contacts"), "");
        Workspace.write(
                folder.resolve("accounts"),
                "\"%s\" <sip:%s@%s:%d%s>;auth_user=%s;auth_pass=%s;%s;audio_codecs=%s%s%n"
                        .formatted(
                                phone.displayName,
                                phone.username,
                                host,
                                phone.sipPort,
                                phone.transport(),
                                phone.username,
                                phone.password,
                                phone.registration(),
                                phone.codec.spelling,
                                parameters));
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of("baresip", "-f", folder.toString()));
        ChildProcess process = ChildProcess.start("baresip", folder, command);
        return new Baresip(folder, process, BaresipControl.of(process, control, LIMIT));
    }

    private static String host(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private static String configuration(
            Path folder, String address, int sipPort, InetSocketAddress control) {
        int rtpPorts = FreePorts.block(10);
        return """
        poll_method epoll
        net_interface %6$s
        sip_listen %7$s:%1$d
        call_local_timeout 120
        audio_path /usr/share/baresip
        audio_source aufile,%2$s/tone.wav
        audio_player aubridge,player%1$d
        audio_alert aubridge,alert%1$d
        audio_buffer 40-400
        audio_telev_pt 101
        rtp_ports %3$d-%4$d
        jitter_buffer_delay 3-10
        opus_bitrate 64000
        module_path /usr/lib/baresip/modules
        module g711.so
        module g722.so
        module opus.so
        module aufile.so
        module aubridge.so
        module sndfile.so
        module ctrl_tcp.so
        module_tmp uuid.so
        module_tmp account.so
        module_app menu.so
        ctrl_tcp_listen %5$s
        snd_path %2$s
        """
                .formatted(
                        sipPort,
                        folder,
                        rtpPorts,
                        rtpPorts + 9,
                        host(control.getAddress().getHostAddress()) + ":" + control.getPort(),
                        address,
                        host(address));
    }

    /** Dials and waits until the call is answered. */
    Baresip call(String uri) {
        dial(uri);
        awaitEvent("CALL_ESTABLISHED");
        return this;
    }

    void dial(String uri) {
        control.command("dial", uri);
    }

    void hangUp() {
        control.command("hangup", "");
        awaitEvent("CALL_CLOSED");
    }

    /** Ends it in good order: it takes its registration back. */
    void quit() {
        control.command("quit", "");
        process.awaitExit(LIMIT);
    }

    /** Presses one key, as RFC 4733 events. */
    void press(char key) {
        control.command("sndcode", Character.toString(key));
    }

    void hold(boolean held) {
        control.command(held ? "hold" : "resume", "");
    }

    void mute() {
        control.command("mute", "");
    }

    /** The call's end, however it came: baresip's words for it. */
    String awaitClosed() {
        return awaitEvent("CALL_CLOSED").path("param").asString("");
    }

    /** Waits for an event such as {@code CALL_ESTABLISHED}; the first of its kind. */
    JsonNode awaitEvent(String type) {
        await("baresip to say " + type)
                .atMost(LIMIT)
                .failFast(
                        "baresip says otherwise",
                        () ->
                                !control.has(type)
                                        && (control.has("CALL_CLOSED") || !process.isAlive()))
                .conditionEvaluationListener(
                        condition -> {
                            if (!condition.isSatisfied()
                                    && condition.getRemainingTimeInMS() < 200) {
                                System.out.println(report());
                            }
                        })
                .pollInterval(Duration.ofMillis(20))
                .until(() -> control.has(type));
        return control.events(type).getFirst();
    }

    /** What it receives and can open, by its own count of the last seconds. */
    int hearsBitsPerSecond() {
        Matcher counts = BIT_RATES.matcher(process.output());
        int last = 0;
        while (counts.find()) {
            last = Integer.parseInt(counts.group(1));
        }
        return last;
    }

    /** Everything it has heard since its call was answered; after a hold it writes no more. */
    Recording heard() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("-dec.wav"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .map(Recording::read)
                    .orElseGet(() -> new Recording(8000, new double[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has heard so much more from now on; that part. */
    Recording listen(double seconds) {
        double from = heard().seconds();
        await("baresip to hear %.1f s".formatted(seconds))
                .atMost(LIMIT.plusMillis((long) (2000 * seconds)))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> heard().seconds() >= from + seconds);
        return heard().slice(from, from + seconds);
    }

    /** What it printed and the events it told of. */
    String report() {
        return control.report();
    }

    @Override
    public void close() {
        process.close();
        control.close();
    }
}
