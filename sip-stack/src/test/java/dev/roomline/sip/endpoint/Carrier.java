package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipUri;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A trunk that we call over: places calls on a bench and writes what the far side says. */
final class Carrier {
    static final CallHandle CALL = new CallHandle(7);
    static final Body SDP = new Body("application/sdp", "v=0\r\n".getBytes(StandardCharsets.UTF_8));
    static final Target FIRST = target("192.0.2.9");
    static final Target SECOND = target("192.0.2.10");
    static final Target THIRD = target("192.0.2.11");

    final Bench bench = new Bench(EndpointSettings.of("Roomline/0.1.0", flow -> Bench.LOCAL));
    List<SipUri> ways = List.of(uri("carrier.example"));
    @Nullable Body offer = SDP;
    @Nullable ClientIdentity identity;

    static SipUri uri(String host) {
        return new SipUri("sip", null, host, -1, Map.of());
    }

    static Target target(String address) {
        return new Target(TransportKind.UDP, new InetSocketAddress(address, 5062));
    }

    Envelope envelope() {
        return new Envelope(
                "sip:+15551234567@carrier.example",
                ways,
                List.of(),
                "\"Support\" <sip:+15550100000@carrier.example>",
                "<sip:+15551234567@carrier.example>",
                null);
    }

    /** Places a call, and answers the look-up of its first way. */
    void place(Target... targets) {
        bench.command(new ClientCommand.Invite(CALL, envelope(), List.of(), offer, identity));
        resolved(targets);
    }

    void resolved(Target... targets) {
        long query = bench.resolves.getLast().query();
        bench.handle(new SipInput.Resolved(query, List.of(targets)));
    }

    void cancel() {
        bench.command(new ClientCommand.Cancel(CALL, List.of()));
    }

    /** From now on messages come from there. */
    void from(Target target) {
        bench.flow = new Flow(target.transport(), Bench.LOCAL, target.address(), 0);
    }

    String invite() {
        return bench.sent("INVITE");
    }

    /** An answer to a request of ours. */
    void answer(String request, int status, String tag, String more, String body) {
        String to = Bench.header(request, "To");
        bench.receive(
                "SIP/2.0 "
                        + status
                        + " X\r\nVia: "
                        + Bench.header(request, "Via")
                        + "\r\nFrom: "
                        + Bench.header(request, "From")
                        + "\r\nTo: "
                        + (tag.isEmpty() || to.contains(";tag=") ? to : to + ";tag=" + tag)
                        + "\r\nCall-ID: "
                        + Bench.header(request, "Call-ID")
                        + "\r\nCSeq: "
                        + Bench.header(request, "CSeq")
                        + "\r\n"
                        + more
                        + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
    }

    void answer(String request, int status, String tag) {
        answer(request, status, tag, status > 100 && status < 300 ? contact(tag) : "", "");
    }

    void ring(String tag) {
        answer(invite(), 180, tag);
    }

    void pickUp(String tag) {
        answer(invite(), 200, tag, contact(tag), "v=0\r\n");
    }

    /** A reliable provisional response. */
    void reliable(int status, String tag, long rseq, String body) {
        answer(
                invite(),
                status,
                tag,
                contact(tag) + "Require: 100rel\r\nRSeq: " + rseq + "\r\n",
                body);
    }

    static String contact(String tag) {
        return "Contact: <sip:" + (tag.isEmpty() ? "x" : tag) + "@192.0.2.9:5062>\r\n";
    }

    /** A request of the far side inside the call. */
    void request(String method, String tag, long cseq) {
        request(method, tag, cseq, "", "");
    }

    /**
     * @param more further headers, whole lines with their ends
     */
    void request(String method, String tag, long cseq, String more, String body) {
        String invite = invite();
        bench.receive(
                method
                        + " sip:192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP"
                        + " 192.0.2.9:5062;branch=z9hG4bKc"
                        + cseq
                        + ";rport\r\nMax-Forwards: 70\r\nFrom: "
                        + Bench.header(invite, "To")
                        + ";tag="
                        + tag
                        + "\r\nTo: "
                        + Bench.header(invite, "From")
                        + "\r\nCall-ID: "
                        + Bench.header(invite, "Call-ID")
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
                        + body);
    }

    void bye() {
        bench.command(
                new SipCommand.Bye(bench.last(ClientEvent.Answered.class).dialog(), List.of()));
    }

    List<InetSocketAddress> invited() {
        return bench.sent.stream()
                .filter(
                        send ->
                                new String(send.bytes(), StandardCharsets.UTF_8)
                                        .startsWith("INVITE "))
                .map(send -> send.hop().remote())
                .distinct()
                .toList();
    }

    List<String> allSent(String start) {
        List<String> found = new ArrayList<>();
        for (SipEffect.Send send : bench.sent) {
            String text = new String(send.bytes(), StandardCharsets.UTF_8);
            if (text.startsWith(start)) {
                found.add(text);
            }
        }
        return found;
    }

    /** For the ladder. */
    static String name(ClientEvent event) {
        return switch (event) {
            case ClientEvent.Placed placed -> "Placed";
            case ClientEvent.Progressed progress ->
                    "Progressed "
                            + progress.status()
                            + " "
                            + progress.tag()
                            + (progress.reliable() ? " reliable" : "")
                            + (progress.answerWanted() ? " answer wanted" : "");
            case ClientEvent.ForkEnded fork -> "ForkEnded " + fork.tag();
            case ClientEvent.Answered answered ->
                    "Answered "
                            + answered.tag()
                            + (answered.answerWanted() ? " answer wanted" : "")
                            + why(answered.tried());
            case ClientEvent.Refused refused ->
                    "Refused " + refused.response().status() + why(refused.tried());
            case ClientEvent.Redirected redirected ->
                    "Redirected "
                            + redirected.contacts().stream()
                                    .map(contact -> contact.uriText())
                                    .collect(Collectors.joining(" "));
            case ClientEvent.NotAuthorized refused ->
                    "NotAuthorized " + refused.why() + " " + refused.realm();
            case ClientEvent.Unreachable unreachable -> "Unreachable" + why(unreachable.tried());
            case ClientEvent.Cancelled cancelled -> "Cancelled " + cancelled.how();
            case ClientEvent.Concluded concluded ->
                    "Concluded "
                            + switch (concluded.outcome()) {
                                case ClientEvent.Outcome.Response response ->
                                        Integer.toString(response.response().status());
                                case ClientEvent.Outcome.NotAuthorized refused ->
                                        refused.why() + " " + refused.realm();
                                case ClientEvent.Outcome.Unreachable unreachable ->
                                        "unreachable" + why(unreachable.tried());
                            };
        };
    }

    private static String why(List<Tried> tried) {
        return tried.stream()
                .map(
                        one -> {
                            Target target = one.target();
                            String where =
                                    target == null
                                            ? one.host()
                                            : target.address().getAddress().getHostAddress();
                            return " (" + where + " " + one.why() + ")";
                        })
                .collect(Collectors.joining());
    }
}
