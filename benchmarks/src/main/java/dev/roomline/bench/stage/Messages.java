package dev.roomline.bench.stage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages as they come. */
final class Messages {
    private Messages() {}

    /** A binding request with the attributes of a browser's check, its signature empty. */
    static byte[] bindingRequest() {
        ByteBuffer message = ByteBuffer.allocate(108);
        byte[] name = "abcd:efghijkl12".getBytes(StandardCharsets.US_ASCII);
        message.putShort((short) 0x0001).putShort((short) (message.capacity() - 20));
        message.putInt(0x2112A442).putLong(1).putInt(2);
        message.putShort((short) 0x0006).putShort((short) name.length).put(name).put((byte) 0);
        message.putShort((short) 0x0024).putShort((short) 4).putInt(1_845_501_695);
        message.putShort((short) 0x802A).putShort((short) 8).putLong(5);
        message.putShort((short) 0x0025).putShort((short) 0);
        message.putShort((short) 0x8022).putShort((short) 0);
        message.putShort((short) 0x0008).putShort((short) 20).put(new byte[20]);
        message.putShort((short) 0x8028).putShort((short) 4).putInt(0);
        return message.array();
    }

    /** As a carrier sends it. */
    static String invite() {
        String offer =
                """
                v=0
                o=- 20518 1 IN IP4 203.0.113.7
                s=-
                c=IN IP4 203.0.113.7
                t=0 0
                m=audio 30000 RTP/AVP 8 0 101
                a=rtpmap:8 PCMA/8000
                a=rtpmap:0 PCMU/8000
                a=rtpmap:101 telephone-event/8000
                a=fmtp:101 0-15
                a=ptime:20
                a=sendrecv
                """
                        .replace("\n", "\r\n");
        return """
        INVITE sip:+4930123456@bridge.example:5060;transport=udp SIP/2.0
        Via: SIP/2.0/UDP 203.0.113.5:5060;branch=z9hG4bK-524287-1---7f2b;rport
        Via: SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK-1-1---7f2b;received=203.0.113.7
        Record-Route: <sip:203.0.113.5;lr>
        Max-Forwards: 69
        From: "Alice" <sip:+4915112345678@carrier.example>;tag=9fxced76sl
        To: <sip:+4930123456@bridge.example>
        Call-ID: 3848276298220188511@203.0.113.7
        CSeq: 314159 INVITE
        Contact: <sip:+4915112345678@203.0.113.7:5060>
        P-Asserted-Identity: <sip:+4915112345678@carrier.example>
        Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK
        Supported: timer, 100rel
        Session-Expires: 1800
        User-Agent: Carrier-SBC/7.4
        Content-Type: application/sdp
        Content-Length: %d

        """
                        .formatted(offer.length())
                        .replace("\n", "\r\n")
                + offer;
    }
}
