package dev.roomline.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets up and ends calls one after the other from the address that the server's trunk allows, so
 * without digest. Owner: one thread.
 */
@SuppressWarnings("AddressSelection") // literal addresses
final class SipCaller implements AutoCloseable {
    /** Our side: what the trunk of {@link Server} allows. */
    static final String ADDRESS = "127.0.0.2";

    private static final int TRIES = 8;
    private static final int MOST_PUT_OFF = 120;

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final Map<String, Call> calls = new HashMap<>();
    private int made;
    private int endedByServer;
    private int putOff;

    SipCaller(int serverPort) {
        try {
            socket = new DatagramSocket(0, InetAddress.getByName(ADDRESS));
            server = new InetSocketAddress("127.0.0.1", serverPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A call that was answered.
     *
     * @param rtp where the server hears it
     */
    record Call(String id, String code, String toTag, String target, InetSocketAddress rtp) {}

    /** Calls that the server has ended. */
    int endedByServer() {
        return endedByServer;
    }

    /**
     * Calls a room; the call is answered when this returns.
     *
     * @param rtpPort of the phone
     * @param codec {@code 0 PCMU/8000} or {@code 111 opus/48000/2}
     */
    Call call(String code, int rtpPort, String codec) {
        return call(code, rtpPort, codec, "");
    }

    /**
     * The same with terms of the codec.
     *
     * @param terms as in {@code a=fmtp} (RFC 7587 §6.1); empty: none are said
     */
    Call call(String code, int rtpPort, String codec, String terms) {
        String id = "bench-" + System.nanoTime() + "-" + made++;
        String type = codec.substring(0, codec.indexOf(' '));
        String sdp =
                """
                v=0
                o=bench 1 1 IN IP4 %1$s
                s=-
                c=IN IP4 %1$s
                t=0 0
                m=audio %2$d RTP/AVP %3$s 101
                a=rtpmap:%4$s
                %5$sa=rtpmap:101 telephone-event/%6$s
                a=ptime:20
                """
                        .formatted(
                                ADDRESS,
                                rtpPort,
                                type,
                                codec,
                                terms.isEmpty() ? "" : "a=fmtp:" + type + " " + terms + "\n",
                                codec.split("/")[1])
                        .replace("\n", "\r\n");
        String invite =
                head("INVITE", "sip:" + code + "@127.0.0.1:" + server.getPort(), id, code, "", 1)
                        + "Contact: <sip:bench@%s:%d>\r\n".formatted(ADDRESS, socket.getLocalPort())
                        + "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(sdp.length(), sdp);
        String answer = exchange(invite, id, "INVITE");
        if (answer.startsWith("SIP/2.0 503") && putOff < MOST_PUT_OFF) {
            // the machine is busy with something else, or the server is still cold: as a carrier
            // would, come back later
            putOff++;
            send(ack(invite, answer));
            listen(1_000);
            return call(code, rtpPort, codec, terms);
        }
        if (!answer.startsWith("SIP/2.0 200")) {
            throw new IllegalStateException("not answered:\n" + answer);
        }
        Call call =
                new Call(
                        id,
                        code,
                        found(answer, "(?m)^To:.*;tag=([^;\\s]+)"),
                        found(answer, "(?m)^Contact:\\s*<([^>]+)>"),
                        new InetSocketAddress(
                                found(answer, "(?m)^c=IN IP4 (\\S+)"),
                                Integer.parseInt(found(answer, "(?m)^m=audio (\\d+)"))));
        calls.put(id, call);
        send(
                head("ACK", call.target(), id, code, ";tag=" + call.toTag(), 1)
                        + "Content-Length: 0\r\n\r\n");
        return call;
    }

    /** Times that a call was answered with 503 and tried again. */
    int putOff() {
        return putOff;
    }

    /** The ACK of a refusal: same branch, the answer's To (RFC 3261 §17.1.1.3). */
    private static String ack(String invite, String answer) {
        return invite.substring(0, invite.indexOf("Contact:"))
                        .replaceFirst("^INVITE", "ACK")
                        .replaceFirst("CSeq: 1 INVITE", "CSeq: 1 ACK")
                        .replaceFirst(
                                "(?m)^To: .*$",
                                Matcher.quoteReplacement(found(answer, "(?m)^(To:.*)$").strip()))
                + "Content-Length: 0\r\n\r\n";
    }

    /** BYE, answered when this returns. */
    void hangUp(Call call) {
        calls.remove(call.id());
        String bye =
                head("BYE", call.target(), call.id(), call.code(), ";tag=" + call.toTag(), 2)
                        + "Content-Length: 0\r\n\r\n";
        exchange(bye, call.id(), "BYE");
    }

    private String head(
            String method, String target, String id, String code, String toTag, int cseq) {
        return """
        %1$s %2$s SIP/2.0
        Via: SIP/2.0/UDP %3$s:%4$d;branch=z9hG4bK%1$s%5$s;rport
        Max-Forwards: 70
        From: <sip:bench@%3$s>;tag=%5$s
        To: <sip:%6$s@127.0.0.1>%7$s
        Call-ID: %5$s
        CSeq: %8$d %1$s
        """
                .formatted(method, target, ADDRESS, socket.getLocalPort(), id, code, toTag, cseq)
                .replace("\n", "\r\n");
    }

    /** Sends until a final response to it has come. */
    private String exchange(String request, String id, String method) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            send(request);
            long until = System.nanoTime() + 500_000_000L;
            while (System.nanoTime() < until) {
                String message = receive(until);
                if (message.startsWith("SIP/2.0 ")
                        && !message.startsWith("SIP/2.0 1")
                        && message.contains(id)
                        && Pattern.compile("(?mi)^CSeq:.*" + method).matcher(message).find()) {
                    return message;
                }
            }
        }
        throw new IllegalStateException("no answer to " + method + " " + id);
    }

    /** Answers what the server asks meanwhile. */
    void listen(long millis) {
        long until = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < until) {
            receive(until);
        }
    }

    /** The next message, requests answered; empty if none came. */
    private String receive(long untilNanos) {
        try {
            socket.setSoTimeout((int) Math.max(1, (untilNanos - System.nanoTime()) / 1_000_000));
            DatagramPacket packet = new DatagramPacket(new byte[8_192], 8_192);
            socket.receive(packet);
            String message = new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
            if (!message.startsWith("SIP/2.0 ")) {
                answer(message);
            }
            return message;
        } catch (SocketTimeoutException nothing) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(String request) {
        if (request.startsWith("BYE ")
                && calls.remove(found(request, "(?m)^Call-ID:\\s*(\\S+)")) != null) {
            endedByServer++;
        }
        StringBuilder response = new StringBuilder("SIP/2.0 200 OK\r\n");
        request.lines()
                .filter(line -> line.matches("(?i)(Via|From|To|Call-ID|CSeq):.*"))
                .forEach(line -> response.append(line).append("\r\n"));
        send(response.append("Content-Length: 0\r\n\r\n").toString());
    }

    private void send(String message) {
        byte[] bytes = message.getBytes(ISO_8859_1);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + text);
        }
        return matcher.group(1);
    }

    @Override
    public void close() {
        socket.close();
    }
}
