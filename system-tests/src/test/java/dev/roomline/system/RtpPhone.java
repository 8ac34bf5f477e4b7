package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A phone of PCMU whose every packet is the test's own: it calls with digest, sends a tone, keeps
 * what it hears. For what no real phone would do; sound itself is measured with real ones.
 */
final class RtpPhone implements AutoCloseable {
    private static final Duration T1 = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(16);
    private static final int FRAME = 160;
    private static final int RTP_HEADER = 12;

    private final String transport;
    private SipPeer sip;
    private final DatagramSocket rtp;
    private final int serverPort;
    private String invite = "";
    private SipTrace.Message answer = new SipTrace.Message(true, "");
    private int mediaPort;
    private int cseq = 2;
    private int contactPort;
    private String replaces = "";

    RtpPhone(BridgeProcess bridge) {
        this(bridge, "UDP");
    }

    private RtpPhone(BridgeProcess bridge, String transport) {
        this.transport = transport;
        serverPort = bridge.sipPort();
        sip = transport.equals("TCP") ? SipPeer.overTcp(serverPort) : SipPeer.overUdp(serverPort);
        rtp = socket();
    }

    /** One that signals over a connection. */
    static RtpPhone overTcp(BridgeProcess bridge) {
        return new RtpPhone(bridge, "TCP");
    }

    /** Its connection breaks; audio is another matter. */
    void loseConnection() {
        sip.close();
    }

    /** A new connection, for requests of its own and for what it is asked from now on. */
    void reconnect() {
        sip = SipPeer.overTcp(serverPort);
    }

    /** Where the server can reach it by a connection of its own: its Contact. */
    int contactPort() {
        return contactPort == 0 ? sip.port() : contactPort;
    }

    /** Names another port in its Contact than the one that it calls from; before it calls. */
    void reachableAt(int port) {
        contactPort = port;
    }

    /** Takes the connection that the server has opened to its Contact. */
    void takeConnection(ServerSocket contact) {
        sip = SipPeer.onto(contact);
    }

    static DatagramSocket socket() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setReceiveBufferSize(1 << 20);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the place of another one's call; before it calls. */
    void replacing(RtpPhone other) {
        replaces = "Replaces: " + other.names() + "\r\n";
    }

    /** Its call as whoever is to take its place names it (RFC 3891 §6.1). */
    private String names() {
        return answer.header("Call-ID")
                + ";to-tag="
                + tag(answer.header("To"))
                + ";from-tag="
                + tag(answer.header("From"));
    }

    private static String tag(String header) {
        Matcher found = Pattern.compile(";tag=([^;\\s]+)").matcher(header);
        assertThat(found.find()).as(header).isTrue();
        return found.group(1);
    }

    /** Calls, up to the 200 but before the ACK. */
    void callUpToAnswer(String code) {
        callUpToAnswer(code, SipText.offer("127.0.0.1", rtp.getLocalPort()));
    }

    /** The same with an offer of one's own. */
    void callUpToAnswer(String code, String offer) {
        String first =
                SipText.withBody(
                        SipText.request(
                                        "INVITE",
                                        code,
                                        serverPort,
                                        transport,
                                        sip.port(),
                                        SipText.unique())
                                .replaceFirst("Max-Forwards", replaces + "Max-Forwards")
                                .replaceFirst(
                                        "(?m)^Contact: <sip:tester@127.0.0.1:\\d+",
                                        "Contact: <sip:tester@127.0.0.1:" + contactPort()),
                        offer);
        SipTrace.Message challenge = ask(first);
        assertThat(challenge.status()).isEqualTo(407);
        sip.send(SipText.ack(first, challenge));
        invite =
                SipText.answering(first, challenge, BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
        answer = ask(invite);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        mediaPort = SipText.mediaPort(answer.body());
    }

    /** As often as a phone repeats a request over UDP (RFC 3261 §17.1.1.2, timer A). */
    private SipTrace.Message ask(String request) {
        String asked = new SipTrace.Message(false, request).header("CSeq");
        for (Duration wait = T1; wait.compareTo(LIMIT) < 0; wait = wait.multipliedBy(2)) {
            sip.send(request);
            Optional<SipTrace.Message> got = sip.receiveFinal(wait);
            // what was repeated for an earlier request is passed over
            while (got.isPresent() && !got.get().header("CSeq").equals(asked)) {
                got = sip.receiveFinal(wait);
            }
            if (got.isPresent()) {
                return got.get();
            }
        }
        throw new AssertionError("no answer to\n" + request);
    }

    void acknowledge() {
        sip.send(SipText.inDialog("ACK", cseq, invite, answer));
    }

    /** Re-INVITEs with an offer of its own; the final answer, acknowledged. */
    SipTrace.Message reinvite(String offer) {
        SipTrace.Message got =
                ask(SipText.withBody(SipText.inDialog("INVITE", ++cseq, invite, answer), offer));
        acknowledgeReinvite(got, "");
        return got;
    }

    /** Re-INVITEs without an offer; the server's own is answered in the ACK. */
    SipTrace.Message reinviteWithoutOffer(String answerInAck) {
        SipTrace.Message got = ask(SipText.inDialog("INVITE", ++cseq, invite, answer));
        assertThat(got.status()).as(got.text()).isEqualTo(200);
        acknowledgeReinvite(got, answerInAck);
        return got;
    }

    private void acknowledgeReinvite(SipTrace.Message got, String body) {
        if (got.status() < 300) {
            String ack = SipText.inDialog("ACK", cseq, invite, answer);
            sip.send(body.isEmpty() ? ack : SipText.withBody(ack, body));
        }
    }

    /** Answers the server's re-INVITE with 200; its offer. */
    String answerReinvite(String answerSdp) {
        Optional<SipTrace.Message> request = sip.receive(LIMIT);
        while (request.isPresent() && !request.get().firstLine().startsWith("INVITE ")) {
            request = sip.receive(LIMIT);
        }
        SipTrace.Message reinvite = request.orElseThrow();
        sip.send(SipText.answer(reinvite, sip.port(), answerSdp));
        return reinvite.body();
    }

    void call(String code) {
        callUpToAnswer(code);
        acknowledge();
    }

    /** Waits for the server's BYE and answers it. */
    SipTrace.Message answerBye(Duration limit) {
        Optional<SipTrace.Message> request = sip.receive(limit);
        while (request.isPresent() && !request.get().firstLine().startsWith("BYE ")) {
            request = sip.receive(limit);
        }
        SipTrace.Message bye = request.orElseThrow();
        sip.send(SipText.answer(bye, sip.port(), ""));
        return bye;
    }

    /** Tells a key by INFO; the answer. */
    SipTrace.Message inform(String type, String body) {
        return ask(
                SipText.inDialog("INFO", ++cseq, invite, answer)
                                .replaceFirst(
                                        "Content-Length: 0",
                                        "Content-Type: "
                                                + type
                                                + "\r\nContent-Length: "
                                                + body.length())
                        + body);
    }

    /** Waits for an INFO of the server's and answers it. */
    SipTrace.Message answerInfo(int status) {
        Optional<SipTrace.Message> request = sip.receive(LIMIT);
        while (request.isPresent() && !request.get().firstLine().startsWith("INFO ")) {
            request = sip.receive(LIMIT);
        }
        SipTrace.Message info = request.orElseThrow();
        sip.send(
                SipText.answer(info, sip.port(), "")
                        .replaceFirst("200 OK", status + " Answered")
                        .replaceFirst("(?m)^Content-Type: .*\r\n", ""));
        return info;
    }

    /** Waits for a request of the server's, others passed over, and answers it. */
    SipTrace.Message answerRequest(String method, String status) {
        Optional<SipTrace.Message> request = sip.receive(LIMIT);
        while (request.isPresent() && !request.get().firstLine().startsWith(method + " ")) {
            request = sip.receive(LIMIT);
        }
        SipTrace.Message found =
                request.orElseThrow(() -> new AssertionError("no " + method + " came"));
        sip.send(
                SipText.answer(found, sip.port(), "")
                        .replaceFirst("200 OK", status)
                        .replaceFirst("(?m)^Content-Type: .*\r\n", ""));
        return found;
    }

    /**
     * Asks something in its call; the final answer.
     *
     * @param headers whole lines with their ends
     */
    SipTrace.Message request(String method, String headers, String body) {
        return ask(
                SipText.inDialog(method, ++cseq, invite, answer)
                                .replaceFirst(
                                        "Content-Length: 0",
                                        Matcher.quoteReplacement(
                                                headers + "Content-Length: " + body.length()))
                        + body);
    }

    /** The description in the server's answer to our first offer. */
    String described() {
        return answer.body();
    }

    /** Where the server wants our RTP. */
    int mediaPort() {
        return mediaPort;
    }

    DatagramSocket rtp() {
        return rtp;
    }

    /** By INFO, as some phones do; returns when the server has taken the key. */
    void press(char key) {
        String info =
                SipText.withBody(
                                SipText.inDialog("INFO", ++cseq, invite, answer),
                                "Signal=" + key + "\r\nDuration=100\r\n")
                        .replace("application/sdp", "application/dtmf-relay");
        SipTrace.Message taken = ask(info);
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
    }

    void hangUp() {
        assertThat(ask(SipText.inDialog("BYE", ++cseq, invite, answer)).status()).isEqualTo(200);
    }

    @Override
    public void close() {
        sip.close();
        rtp.close();
    }

    /** One frame of a tone at −10 dBFS as an RTP packet. */
    static byte[] frame(int ssrc, int sequence, double hertz) {
        ByteBuffer packet = ByteBuffer.allocate(RTP_HEADER + FRAME);
        packet.put((byte) 0x80).put((byte) 0).putShort((short) sequence);
        packet.putInt(sequence * FRAME).putInt(ssrc);
        for (int i = 0; i < FRAME; i++) {
            long n = (long) sequence * FRAME + i;
            packet.put(muLaw(10_000 * Math.sin(2 * Math.PI * hertz * n / 8000)));
        }
        return packet.array();
    }

    static void send(DatagramSocket from, byte[] packet, int port) {
        try {
            from.send(
                    new DatagramPacket(
                            packet, packet.length, InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that reaches a socket until the limit has passed. */
    static List<byte[]> receiveAll(DatagramSocket at, Duration limit) {
        List<byte[]> packets = new ArrayList<>();
        long until = System.nanoTime() + limit.toNanos();
        try {
            while (System.nanoTime() < until) {
                at.setSoTimeout((int) Math.max(1, (until - System.nanoTime()) / 1_000_000));
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                at.receive(packet);
                byte[] bytes = new byte[packet.getLength()];
                System.arraycopy(packet.getData(), 0, bytes, 0, bytes.length);
                packets.add(bytes);
            }
        } catch (SocketTimeoutException over) {
            return packets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packets;
    }

    /** The sound of PCMU packets in the order in which they came. */
    static Recording sound(List<byte[]> packets) {
        List<byte[]> audio =
                packets.stream()
                        .filter(p -> p.length == RTP_HEADER + FRAME && (p[1] & 0x7f) == 0)
                        .toList();
        double[] samples = new double[audio.size() * FRAME];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = linear(audio.get(i / FRAME)[RTP_HEADER + i % FRAME]) / 32_768;
        }
        return new Recording(8000, samples);
    }

    /** G.711 µ-law by its segments. */
    static byte muLaw(double sample) {
        int magnitude = (int) Math.min(32_635, Math.abs(sample)) + 132;
        int segment = 31 - Integer.numberOfLeadingZeros(magnitude) - 7;
        int code = (segment << 4) | ((magnitude >> (segment + 3)) & 0xf);
        return (byte) ~(sample < 0 ? code | 0x80 : code);
    }

    private static double linear(byte muLaw) {
        int code = ~muLaw;
        int magnitude = ((((code & 0xf) << 3) + 132) << ((code >> 4) & 7)) - 132;
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
