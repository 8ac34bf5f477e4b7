package dev.roomline.bridge.call;

import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.call.Way.Redirects;
import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.media.sdp.MediaEncryption;
import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.endpoint.Tried;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.SipResponse;
import dev.roomline.sip.message.SipUri;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A carrier of calls that we place, and what it does with the one of a {@link CallBench}. */
final class CarrierBench {
    static final Duration RING = Duration.ofSeconds(30);
    static final Road ROAD = road("192.0.2.9");
    private static final SipUri HOP = new SipUri("sip", null, "carrier.test", -1, Map.of());

    final CallBench bench = new CallBench();
    final List<Way> ways = new ArrayList<>(List.of(way("one")));
    Roads roads = (_, found) -> found.accept(ROAD);
    Turnstile turnstile = Turnstile.OPEN;
    Redirects redirects = Redirects.NONE;
    private long dialogs;

    /** Over UDP, by sockets of both families. */
    static Road road(String... addresses) {
        return (Road) found(_ -> true, addresses);
    }

    /** Over UDP; ours is 192.0.2.1 or 2001:db8::1. */
    static Roads.Found found(Predicate<InetAddress> serves, String... addresses) {
        return Road.among(
                Arrays.stream(addresses)
                        .map(InetAddress::ofLiteral)
                        .map(there -> new InetSocketAddress(there, 5060))
                        .map(there -> new Target(TransportKind.UDP, there))
                        .toList(),
                serves,
                there ->
                        InetAddress.ofLiteral(
                                there instanceof Inet6Address ? "2001:db8::1" : "192.0.2.1"));
    }

    Way way(String trunk) {
        return way(trunk, go -> turnstile.await(go));
    }

    Way way(String trunk, Turnstile pace) {
        return new Way(
                "trunk " + trunk,
                trunk,
                null,
                Envelope.to("sip:+15551234567@carrier.test", "<sip:+15550100000@carrier.test>"),
                HOP,
                List.of(),
                null,
                "+15550100000",
                List.of(),
                List.of("pcmu"),
                MediaEncryption.ALLOW,
                pace,
                contact -> redirects.follow(contact));
    }

    DialPlan plan = order -> new Plan.Go(order.to(), "Grace", ways, List.of());

    Placing place() {
        bench.switchboard.connect(
                order -> plan.plan(order), (uri, found) -> roads.find(uri, found), _ -> {});
        Placing placing =
                bench.switchboard
                        .live()
                        .place(
                                new CallOrder(
                                        "+15551234567",
                                        FakeRooms.room(
                                                CallBench.ROOM, 10, FakeRooms.code("abc-defg-hij")),
                                        "guest",
                                        "",
                                        "",
                                        "Grace",
                                        "u7",
                                        Map.of(),
                                        RING,
                                        Duration.ZERO,
                                        "",
                                        false));
        bench.signal.run();
        return placing;
    }

    /** The INVITE that left last. */
    CallHandle dialled() {
        return invite().call();
    }

    ClientCommand.Invite invite() {
        return bench.sent.stream()
                .filter(ClientCommand.Invite.class::isInstance)
                .map(ClientCommand.Invite.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow(() -> new AssertionError("no INVITE in " + bench.words()));
    }

    /** None of the addresses that it was sent to says anything. */
    void saysNothing() {
        ClientCommand.Invite invite = invite();
        bench.raise(
                new ClientEvent.Unreachable(
                        invite.call(),
                        invite.envelope().targets().stream()
                                .map(one -> new Tried("carrier.test", one, Tried.Why.NO_ANSWER))
                                .toList()));
    }

    DialogId named() {
        DialogId dialog = new DialogId(100 + ++dialogs);
        bench.raise(new ClientEvent.Placed(dialled(), dialog, "call-id-" + dialogs));
        return dialog;
    }

    void rings() {
        bench.raise(progress(180, "a", ""));
    }

    ClientEvent.Progressed progress(int status, String tag, String sdp) {
        return new ClientEvent.Progressed(
                dialled(),
                status,
                tag,
                response(status, "Ringing", tag, sdp),
                Invites.from("192.0.2.9"),
                false,
                false);
    }

    /** An UPDATE of the branch {@code f}, before the answer or after it. */
    void updates(long id, DialogId dialog, String sdp) {
        bench.raise(
                new SipEvent.ReinviteReceived(
                        new RequestId(id),
                        dialog,
                        Invites.request("UPDATE", "sip:192.0.2.1", "<sip:them@test>", sdp),
                        Invites.from("192.0.2.20")));
    }

    void answers(DialogId dialog, String tag, String sdp) {
        bench.raise(
                new ClientEvent.Answered(
                        dialled(),
                        dialog,
                        tag,
                        response(200, "OK", tag, sdp),
                        Invites.from("192.0.2.9"),
                        false,
                        List.of()));
    }

    void followsRedirections() {
        redirects =
                contact ->
                        Optional.of(
                                Envelope.to(contact.uriText(), "<sip:+15550100000@carrier.test>"));
    }

    void redirects(String uri) {
        SipResponse response = response(302, "Moved", "a", "", "Contact: <" + uri + ">\r\n");
        bench.raise(new ClientEvent.Redirected(dialled(), response, ContactList.of(response)));
    }

    void refuses(int status, String phrase) {
        bench.raise(
                new ClientEvent.Refused(dialled(), response(status, phrase, "a", ""), List.of()));
    }

    static SipResponse response(int status, String phrase, String tag, String sdp) {
        return response(status, phrase, tag, sdp, "");
    }

    static SipResponse response(int status, String phrase, String tag, String sdp, String headers) {
        String text =
                "SIP/2.0 %d %s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                                .formatted(status, phrase)
                        + "From: <sip:us@test>;tag=f\r\nTo: <sip:them@test>;tag="
                        + tag
                        + "\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
                        + headers
                        + (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                        + "Content-Length: "
                        + sdp.length()
                        + "\r\n\r\n"
                        + sdp;
        return switch (SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false)) {
            case ParsedResponse parsed -> parsed;
            case Object fault -> throw new IllegalArgumentException(fault + "\n" + text);
        };
    }

    DialogId talking() {
        place();
        DialogId dialog = named();
        rings();
        answers(dialog, "a", "v=0 answer");
        return dialog;
    }

    CallRow lastRow() {
        return bench.stored.getLast();
    }
}
