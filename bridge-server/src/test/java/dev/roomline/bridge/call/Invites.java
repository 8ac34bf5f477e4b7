package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Requests as they come off the wire. */
public final class Invites {
    private Invites() {}

    public static final String SDP = "v=0\r\n";

    /** An INVITE from Alice (+15550100123) to a room code. */
    public static SipRequest invite(String requestUri, String... headers) {
        return request("INVITE", requestUri, "\"Alice\" <sip:+15550100123@pbx.test>", SDP, headers);
    }

    public static SipRequest inviteFrom(String from, String... headers) {
        return request("INVITE", "sip:abc-defg-hij@host.test", from, SDP, headers);
    }

    public static SipRequest request(
            String method, String requestUri, String from, String body, String... headers) {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(requestUri).append(" SIP/2.0\r\n");
        text.append("Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1\r\n");
        text.append("Max-Forwards: 70\r\n");
        text.append("From: ").append(from).append(";tag=f\r\n");
        text.append("To: <").append(requestUri).append(">\r\n");
        text.append("Call-ID: call-1@test\r\nCSeq: 1 ").append(method).append("\r\n");
        text.append("Contact: <sip:alice@192.0.2.7>\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Type: application/sdp\r\n");
        }
        text.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        byte[] wire = text.toString().getBytes(StandardCharsets.UTF_8);
        return switch (SipParser.parse(wire, false)) {
            case ParsedRequest parsed -> parsed;
            case Object fault -> throw new IllegalArgumentException(fault + "\n" + text);
        };
    }

    public static Flow from(String address) {
        try {
            return new Flow(
                    TransportKind.UDP,
                    new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 5060),
                    new InetSocketAddress(InetAddress.getByName(address), 5060),
                    0);
        } catch (UnknownHostException fault) {
            throw new IllegalArgumentException(fault);
        }
    }
}
