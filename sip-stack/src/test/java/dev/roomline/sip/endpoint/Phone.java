package dev.roomline.sip.endpoint;

import org.jspecify.annotations.Nullable;

/** Writes the messages of a phone that calls us. */
final class Phone {
    String callId = "a84b4c76e66710@phone.example.com";
    String fromTag = "1928301774";
    String contact = "<sip:alice@192.0.2.9:5062>";
    String via = "SIP/2.0/UDP 192.0.2.9:5062";
    String recordRoute = "";
    String body = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\n";
    String extra = "";

    String request(String method, long cseq, String branch, String to, String more, String body) {
        return method
                + " sip:abc-defg-hij@192.0.2.1 SIP/2.0\r\n"
                + "Via: "
                + via
                + ";branch=z9hG4bK"
                + branch
                + ";rport\r\nMax-Forwards: 70\r\n"
                + recordRoute
                + "From: Alice <sip:alice@example.com>;tag="
                + fromTag
                + "\r\nTo: "
                + to
                + "\r\nCall-ID: "
                + callId
                + "\r\nCSeq: "
                + cseq
                + " "
                + method
                + "\r\n"
                + more
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    String invite(long cseq, String branch) {
        return request(
                "INVITE", cseq, branch, to(null), "Contact: " + contact + "\r\n" + extra, body);
    }

    String inDialog(String method, long cseq, String branch, String tag) {
        return request(method, cseq, branch, to(tag), "", "");
    }

    String reinvite(long cseq, String branch, String tag) {
        return request(
                "INVITE", cseq, branch, to(tag), "Contact: " + contact + "\r\n" + extra, body);
    }

    String cancel(long cseq, String branch) {
        return request("CANCEL", cseq, branch, to(null), "", "");
    }

    static String to(@Nullable String tag) {
        return "<sip:abc-defg-hij@192.0.2.1>" + (tag == null ? "" : ";tag=" + tag);
    }

    /** The tag that we put into To. */
    static String tagOf(String response) {
        String to = Bench.header(response, "To");
        return to.substring(to.indexOf(";tag=") + 5);
    }

    /** An answer to a request of ours. */
    static String answer(String request, int status, String more) {
        return "SIP/2.0 "
                + status
                + " X\r\nVia: "
                + Bench.header(request, "Via")
                + "\r\nFrom: "
                + Bench.header(request, "From")
                + "\r\nTo: "
                + Bench.header(request, "To")
                + "\r\nCall-ID: "
                + Bench.header(request, "Call-ID")
                + "\r\nCSeq: "
                + Bench.header(request, "CSeq")
                + "\r\n"
                + more
                + "Content-Length: 0\r\n\r\n";
    }
}
