package dev.roomline.system;

import java.nio.file.Path;
import java.util.List;

/**
 * A SIP proxy between callers over UDP and the server over TCP: Kamailio, which stays in each
 * dialog by two Record-Routes, one for either transport.
 */
final class Kamailio implements AutoCloseable {
    private static final int DIGITS_OF_PORT = 5;

    private final ChildProcess process;

    private Kamailio(ChildProcess process) {
        this.process = process;
    }

    /**
     * @param port its own, for UDP and TCP
     * @param serverPort where calls go that are for nobody behind it
     */
    static Kamailio inFrontOf(int serverPort, int port) {
        Path folder = Workspace.folder("kamailio");
        Path file = folder.resolve("kamailio.cfg");
        Workspace.write(file, configuration(port, serverPort));
        ChildProcess process =
                ChildProcess.start(
                        "kamailio",
                        folder,
                        List.of(
                                "kamailio",
                                "-DD",
                                "-E",
                                "-f",
                                file.toString(),
                                "-Y",
                                folder.toString(),
                                "-m",
                                "16",
                                "-M",
                                "4"));
        FreePorts.awaitListening(port);
        return new Kamailio(process);
    }

    /** The number of a phone behind it, at that port of UDP. */
    static String numberOf(int phonePort) {
        return "+15551%06d".formatted(phonePort);
    }

    private static String configuration(int port, int serverPort) {
        return """
        debug=1
        log_stderror=yes
        children=1
        tcp_children=1
        auto_aliases=no
        dns=no
        rev_dns=no
        listen=udp:127.0.0.1:%1$d
        listen=tcp:127.0.0.1:%1$d
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "siputils.so"
        modparam("rr", "enable_double_rr", 1)

        request_route {
            if (method == "CANCEL") {
                if (t_check_trans()) { t_relay(); }
                exit;
            }
            if (has_totag()) {
                if (loose_route()) {
                    if (!t_relay()) { sl_reply_error(); }
                } else if (method != "ACK") {
                    sl_send_reply("404", "No route");
                } else if (t_check_trans()) {
                    t_relay();
                }
                exit;
            }
            t_check_trans();
            record_route();
            if ($rU =~ "^\\+15551") {
                $du = "sip:127.0.0.1:" + $(rU{s.substr,-%3$d,0});
            } else {
                $du = "sip:127.0.0.1:%2$d;transport=tcp";
            }
            if (!t_relay()) { sl_reply_error(); }
        }
        """
                .formatted(port, serverPort, DIGITS_OF_PORT);
    }

    String log() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
