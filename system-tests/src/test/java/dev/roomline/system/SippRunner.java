package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * One run of SIPp with a scenario of {@code src/test/resources/sipp}. The server's address is its
 * remote host; {@code [service]} is what is dialled.
 */
final class SippRunner {
    private final Path folder;
    private final Path scenario;
    private final int target;
    private final List<String> options = new ArrayList<>();
    private List<String> namespace = List.of();
    private String localAddress = "127.0.0.1";
    private String remoteAddress = "127.0.0.1";
    private int localPort = FreePorts.one();
    private Duration limit = Duration.ofSeconds(30);
    private int calls = 1;
    private boolean traced = true;

    private SippRunner(String scenario, int target) {
        this.folder = Workspace.folder("sipp");
        this.scenario = folder.resolve(scenario);
        this.target = target;
        try (var in = SippRunner.class.getResourceAsStream("/sipp/" + scenario)) {
            Files.write(this.scenario, Objects.requireNonNull(in, scenario).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        options.addAll(List.of("-mp", Integer.toString(FreePorts.block(4))));
    }

    /**
     * @param scenario file name, {@code invite-digest.xml}
     * @param sipPort the server's
     */
    static SippRunner scenario(String scenario, int sipPort) {
        return new SippRunner(scenario, sipPort);
    }

    /** Puts text into the scenario where no keyword may stand. */
    SippRunner with(String mark, String text) {
        try {
            Files.writeString(scenario, Files.readString(scenario).replace(mark, text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** What {@code [service]} stands for: the room code. */
    SippRunner dial(String service) {
        return option("-s", service);
    }

    /** What {@code [authentication]} answers with, where the scenario does not say so itself. */
    SippRunner credentials(String username, String password) {
        return option("-au", username, "-ap", password);
    }

    /** Lines of an injection file; its first line says {@code SEQUENTIAL} or the like. */
    SippRunner fields(String... lines) {
        Path file = folder.resolve("fields.csv");
        Workspace.write(file, String.join("\n", lines) + "\n");
        return option("-inf", file.toString());
    }

    /** A {@code [keyword]} of the scenario. */
    SippRunner key(String keyword, String value) {
        return option("-key", keyword, value);
    }

    SippRunner overTcp() {
        return option("-t", "t1");
    }

    /** Sends what RTP it gets back to where it came from. */
    SippRunner echoRtp() {
        return option("-rtp_echo");
    }

    SippRunner calls(int count) {
        calls = count;
        return this;
    }

    /** Writes no messages down: for thousands of calls. */
    SippRunner untraced() {
        traced = false;
        return this;
    }

    SippRunner limit(Duration limit) {
        this.limit = limit;
        return this;
    }

    /** Runs inside a network namespace, from and to other addresses than the loopback's. */
    SippRunner inNamespace(String name, String localAddress, String remoteAddress) {
        this.namespace = List.of("ip", "netns", "exec", name);
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        return this;
    }

    /** From and to {@code ::1}; what the scenario describes is made IPv6 as well. */
    SippRunner onIpv6() {
        signalOverIpv6();
        return soundOnIpv6();
    }

    /** From and to {@code ::1}, and its sound at {@code 127.0.0.1}. */
    SippRunner signallingOnIpv6() {
        signalOverIpv6();
        return option("-mi", "127.0.0.1");
    }

    /** Its sound at {@code ::1}, wherever it calls from. */
    SippRunner soundOnIpv6() {
        return with("IN IP4", "IN IP6").option("-mi", "::1");
    }

    private void signalOverIpv6() {
        this.localAddress = "::1";
        this.remoteAddress = "[::1]";
    }

    /**
     * On that road. SIPp of Debian speaks no TLS: it says TLS in its messages and goes by TCP to
     * the tunnel that it is given as its server.
     */
    SippRunner on(Road road) {
        if (road.secure()) {
            with("SIP/2.0/[transport]", "SIP/2.0/TLS")
                    .with("transport=[transport]", "transport=tls");
        }
        SippRunner runner = road.transport.equals("udp") ? this : overTcp();
        return road.ipv6 ? runner.onIpv6() : runner;
    }

    SippRunner localPort(int port) {
        this.localPort = port;
        return this;
    }

    SippRunner option(String... words) {
        options.addAll(List.of(words));
        return this;
    }

    /** Starts it and waits for its end. */
    Result run() {
        try (Running running = start()) {
            return running.await();
        }
    }

    /** Starts it; the test does something meanwhile. */
    Running start() {
        List<String> command = new ArrayList<>(namespace);
        command.addAll(
                List.of(
                        "sipp",
                        remoteAddress + ":" + target,
                        "-sf",
                        scenario.toString(),
                        "-i",
                        localAddress,
                        "-p",
                        Integer.toString(localPort),
                        "-m",
                        Integer.toString(calls),
                        "-nostdin",
                        "-skip_rlimit",
                        "-timeout",
                        limit.toSeconds() + "s",
                        "-timeout_error",
                        "-trace_err",
                        "-error_file",
                        folder.resolve("errors").toString()));
        if (traced) {
            command.addAll(
                    List.of("-trace_msg", "-message_file", folder.resolve("messages").toString()));
        }
        command.addAll(options);
        return new Running(ChildProcess.start("sipp", folder, command));
    }

    /** A run that goes on. */
    final class Running implements AutoCloseable {
        private final ChildProcess process;

        private Running(ChildProcess process) {
            this.process = process;
        }

        /** The messages sent and received up to now. */
        String messages() {
            return read("messages");
        }

        /** The first such message that it sent or received, up to now or from now on. */
        SipTrace.Message awaitMessage(Predicate<SipTrace.Message> such) {
            return Awaitility.await("a message of SIPp")
                    .atMost(limit)
                    .pollInterval(Duration.ofMillis(50))
                    .until(
                            () ->
                                    SipTrace.ofSipp(messages()).messages().stream()
                                            .filter(such)
                                            .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
        }

        /** Lets a call go on whose scenario waits for an INFO: one from outside, by its Call-ID. */
        void goOn(String callId) {
            try (SipPeer test = SipPeer.overUdp(localPort)) {
                test.send(
                        SipText.request("INFO", "go", localPort, "UDP", test.port(), callId)
                                .replaceFirst("z9hG4bK[^;]+", "z9hG4bK" + SipText.unique()));
            }
        }

        Result await() {
            int exit = process.awaitExit(limit.plusSeconds(10));
            return new Result(exit, read("messages"), read("errors"));
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /**
     * How it ended.
     *
     * @param exit 0: every call went as the scenario says
     * @param messages all SIP messages, as SIPp writes them
     * @param errors what it did not expect
     */
    record Result(int exit, String messages, String errors) {
        /** Fails with the messages unless every call went as the scenario says. */
        Result assertPassed() {
            if (exit != 0) {
                throw new AssertionError(
                        "SIPp ended with " + exit + ":\n" + errors + "\n" + messages);
            }
            return this;
        }
    }

    /** Where it runs and writes. */
    Path folder() {
        return folder;
    }

    private String read(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
