package dev.roomline.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests as text, to be sent as they are or damaged by a test. */
final class SipText {
    private static final Pattern MEDIA = Pattern.compile("m=audio (\\d+) ");
    private static final AtomicLong NEXT = new AtomicLong(System.nanoTime() & 0xffffff);

    private SipText() {}

    /** A word that no other request of this run has: Call-ID, branch, tag. */
    static String unique() {
        return "rl" + Long.toHexString(NEXT.incrementAndGet());
    }

    /**
     * A complete request without body, outside a dialog.
     *
     * @param transport {@code UDP} or {@code TCP}
     */
    static String request(
            String method, String user, int serverPort, String transport, int port, String id) {
        return """
        %1$s sip:%2$s@127.0.0.1:%3$d SIP/2.0
        Via: SIP/2.0/%4$s 127.0.0.1:%5$d;branch=z9hG4bK%6$s;rport
        Max-Forwards: 70
        From: <sip:tester@127.0.0.1>;tag=%6$s
        To: <sip:%2$s@127.0.0.1>
        Call-ID: %6$s
        CSeq: 1 %1$s
        Contact: <sip:tester@127.0.0.1:%5$d%7$s>
        Content-Length: 0

        """
                .formatted(
                        method,
                        user,
                        serverPort,
                        transport,
                        port,
                        id,
                        transport.equals("TCP") ? ";transport=tcp" : "")
                .replace("\n", "\r\n");
    }

    /** An offer of PCMU and telephone events. */
    static String offer(String address, int rtpPort) {
        return """
        v=0
        o=tester 1 1 IN IP4 %1$s
        s=-
        c=IN IP4 %1$s
        t=0 0
        m=audio %2$d RTP/AVP 0 101
        a=rtpmap:0 PCMU/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        """
                .formatted(address, rtpPort)
                .replace("\n", "\r\n");
    }

    /** Where a description has its audio. */
    static int mediaPort(String sdp) {
        Matcher media = MEDIA.matcher(sdp);
        if (!media.find()) {
            throw new AssertionError("no audio line in " + sdp);
        }
        return Integer.parseInt(media.group(1));
    }

    /** The request with a body, its Content-Length set right. */
    static String withBody(String request, String body) {
        return request.replace(
                        "Content-Length: 0",
                        "Content-Type: application/sdp\r\nContent-Length: " + body.length())
                + body;
    }

    /** The same request with credentials for the challenge, as a new transaction. */
    static String answering(
            String request, SipTrace.Message challenge, String username, String password) {
        return answering(request, challenge, username, password, 1);
    }

    /** The same with a nonce that is used for the {@code count}th time. */
    static String answering(
            String request,
            SipTrace.Message challenge,
            String username,
            String password,
            int count) {
        String nc = "%08x".formatted(count);
        boolean registrar = challenge.status() == 401;
        String value = challenge.header(registrar ? "WWW-Authenticate" : "Proxy-Authenticate");
        String method = request.substring(0, request.indexOf(' '));
        String uri = request.split(" ", 3)[1];
        String nonce = parameter(value, "nonce");
        String realm = parameter(value, "realm");
        String ha1 = md5(username + ":" + realm + ":" + password);
        String response =
                md5(ha1 + ":" + nonce + ":" + nc + ":c0ffee:auth:" + md5(method + ":" + uri));
        String authorization =
                ((registrar ? "" : "Proxy-")
                                + "Authorization: Digest username=\"%s\", realm=\"%s\","
                                + " nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=MD5, qop=auth,"
                                + " nc=%s, cnonce=\"c0ffee\"\r\n")
                        .formatted(username, realm, nonce, uri, response, nc);
        return request.replaceFirst("branch=z9hG4bK[^;\r]*", "branch=z9hG4bK" + unique())
                .replaceFirst("CSeq: 1 ", "CSeq: 2 ")
                .replaceFirst(
                        "Max-Forwards", Matcher.quoteReplacement(authorization + "Max-Forwards"));
    }

    /** The ACK of a final response other than 2xx: same branch, the response's To. */
    static String ack(String invite, SipTrace.Message response) {
        return invite.split("\r\n\r\n", 2)[0]
                        .replaceFirst("^INVITE ", "ACK ")
                        .replaceFirst("(?m)^CSeq: (\\d+) INVITE", "CSeq: $1 ACK")
                        .replaceFirst(
                                "(?m)^To: .*$",
                                Matcher.quoteReplacement("To: " + response.header("To")))
                        .replaceFirst("(?m)^Content-Type: .*\r\n", "")
                        .replaceFirst("(?m)^Proxy-Authorization: .*\r\n", "")
                        .replaceFirst("(?m)^Content-Length: .*$", "Content-Length: 0")
                + "\r\n\r\n";
    }

    /** The CANCEL of an INVITE: its branch, its CSeq, no body (RFC 3261 §9.1). */
    static String cancel(String invite) {
        return invite.split("\r\n\r\n", 2)[0]
                        .replaceFirst("^INVITE ", "CANCEL ")
                        .replaceFirst("(?m)^CSeq: (\\d+) INVITE", "CSeq: $1 CANCEL")
                        .replaceFirst("(?m)^Content-Type: .*\r\n", "")
                        .replaceFirst("(?m)^Proxy-Authorization: .*\r\n", "")
                        .replaceFirst("(?m)^Content-Length: .*$", "Content-Length: 0")
                + "\r\n\r\n";
    }

    /** A request inside the dialog that the 2xx made, as ACK or BYE. */
    static String inDialog(String method, int cseq, String invite, SipTrace.Message answer) {
        Matcher contact = Pattern.compile("<([^>]*)>").matcher(answer.header("Contact"));
        if (!contact.find()) {
            throw new AssertionError("no URI in Contact: " + answer.header("Contact"));
        }
        return ack(invite, answer)
                .replaceFirst(
                        "^ACK \\S+", Matcher.quoteReplacement(method + " " + contact.group(1)))
                .replaceFirst("CSeq: \\d+ ACK", "CSeq: " + cseq + " " + method)
                .replaceFirst("branch=z9hG4bK[^;\r]*", "branch=z9hG4bK" + unique());
    }

    /** 200 to a request of the server's, with a description. */
    static String answer(SipTrace.Message request, int port, String sdp) {
        StringBuilder text = new StringBuilder("SIP/2.0 200 OK\r\n");
        for (String name : new String[] {"Via", "From", "To", "Call-ID", "CSeq"}) {
            for (String value : request.headers(name)) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        }
        return text.append("Contact: <sip:tester@127.0.0.1:")
                .append(port)
                .append(">\r\nContent-Type: application/sdp\r\nContent-Length: ")
                .append(sdp.length())
                .append("\r\n\r\n")
                .append(sdp)
                .toString();
    }

    private static String parameter(String challenge, String name) {
        Matcher found = Pattern.compile(name + "=\"([^\"]*)\"").matcher(challenge);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + challenge);
        }
        return found.group(1);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
