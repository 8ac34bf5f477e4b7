package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.MessageWriter;
import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.RequestHead;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.transaction.TimerQueue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of the endpoint share: settings, timers, the tables, and the way out. Owner: the
 * signalling loop.
 */
final class Core {
    private static final byte[] KEEP_ALIVE = {'\r', '\n', '\r', '\n'};

    final EndpointSettings settings;
    final RandomGenerator random;
    final TimerQueue timers = new TimerQueue();
    final ServerTransactions serverTransactions = new ServerTransactions();
    final Map<String, ClientRequest> clientTransactions = new HashMap<>();
    final Map<Long, OutboundRequest> resolving = new HashMap<>();
    final Map<RequestId, InboundRequest> awaiting = new HashMap<>();
    final Map<DialogId, LiveDialog> dialogs = new HashMap<>();
    final Map<String, LiveDialog> dialogsByLocalTag = new HashMap<>();
    final Map<Long, Ticket> tickets = new HashMap<>();

    /** How many living dialogs depend on each stream. */
    private final Map<Long, Integer> streams = new HashMap<>();

    /** Calls of ours that are not answered and have early dialogs, by their local tag. */
    final Map<String, OutboundCall> early = new HashMap<>();

    final Map<CallHandle, OutboundCall> outboundCalls = new HashMap<>();
    final Resolutions resolutions = new Resolutions(this);
    final TargetHealth targetHealth = new TargetHealth();
    final LargeRequests largeRequests = new LargeRequests();
    long requestsRepeated;
    long sentAgain;

    /** Which new calls are let in: see {@link SipEndpoint#admit}. */
    final AdmittedShare admitted;

    final LatelyAnswered lately;

    long acksAbsorbed;
    long commandsIgnored;

    private final HeaderField server;
    private final HeaderField userAgent;
    private final HeaderField allow;
    private final @Nullable HeaderField supported;
    private final HeaderField supportedByClient;
    private final @Nullable HeaderField supportedInDialog;
    private final SipHash statelessTags;
    private long lastId;
    private Outbox outbox = effect -> {};

    /** Whoever wants to know that a message could not be sent. */
    interface Ticket {
        void transportFailed(SipInput.TransportFailed failure, long nowNanos);
    }

    Core(EndpointSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.server = new HeaderField("Server", settings.product());
        this.userAgent = new HeaderField("User-Agent", settings.product());
        this.allow = new HeaderField("Allow", String.join(", ", settings.served()));
        this.supported =
                settings.supported().isEmpty()
                        ? null
                        : new HeaderField(
                                "Supported",
                                String.join(", ", settings.supported().stream().sorted().toList()));
        TreeSet<String> tags = new TreeSet<>(settings.supported());
        tags.remove("100rel");
        this.supportedInDialog =
                tags.isEmpty() ? null : new HeaderField("Supported", String.join(", ", tags));
        tags.add("100rel");
        this.supportedByClient = new HeaderField("Supported", String.join(", ", tags));
        this.statelessTags = SipHash.keyed(random);
        this.admitted = new AdmittedShare(random);
        this.lately = new LatelyAnswered(random);
    }

    void use(Outbox outbox) {
        this.outbox = outbox;
    }

    long nextId() {
        return ++lastId;
    }

    HeaderField allow() {
        return allow;
    }

    HeaderField userAgent() {
        return userAgent;
    }

    @Nullable HeaderField supported() {
        return supported;
    }

    /** Of an INVITE of ours: reliable provisional responses (RFC 3262), and what else we serve. */
    HeaderField supportedByClient() {
        return supportedByClient;
    }

    /** Of a re-INVITE or UPDATE of ours: no provisional answer to it need be reliable. */
    @Nullable HeaderField supportedInDialog() {
        return supportedInDialog;
    }

    /** 64 random bits (§19.3 asks for 32). */
    String newTag() {
        return Long.toHexString(random.nextLong());
    }

    String newBranch() {
        return "z9hG4bK" + Long.toHexString(random.nextLong()) + Long.toHexString(lastId);
    }

    /**
     * The same for each repetition of a request that is answered without state (§8.2.7). 32 bits
     * (§19.3) of the hash's 64 are told.
     */
    String statelessTag(RequestHead head) {
        String branch = head.topVia().branch();
        String text = head.callId() + ' ' + head.topVia().sentBy() + ' ' + branch;
        return "sl-" + HexFormat.of().toHexDigits((int) statelessTags.of(text));
    }

    void raise(SipEvent event) {
        outbox.add(new SipEffect.Raise(event));
    }

    void resolve(long query, dev.roomline.sip.message.SipUri uri) {
        outbox.add(new SipEffect.Resolve(query, uri));
    }

    void send(long ticket, Hop hop, byte[] bytes, String callId, @Nullable DialogId dialog) {
        outbox.add(new SipEffect.Send(ticket, hop, bytes));
        outbox.add(new SipEffect.MessageSeen(false, hop, callId, dialog, bytes));
    }

    /** An empty message (RFC 5626 §4.4.1): no ladder shows it. */
    void keepAlive(Flow flow) {
        outbox.add(new SipEffect.Send(0, NextHop.back(flow), KEEP_ALIVE.clone()));
    }

    void cameIn(Flow flow, byte[] bytes, String callId, @Nullable DialogId dialog) {
        outbox.add(new SipEffect.MessageSeen(true, NextHop.back(flow), callId, dialog, bytes));
    }

    void refused(Flow flow, String method, SipEvent.Refusal reason, String detail) {
        raise(new SipEvent.MessageRefused(flow, Methods.label(method), reason, detail));
    }

    /** Answers without keeping anything (§8.2.7): the repetition is answered alike. */
    void answerStateless(
            Flow flow, RequestHead head, int status, @Nullable String phrase, HeaderField... more) {
        byte[] bytes = stateless(flow, head, status, phrase, more);
        Hop hop = NextHop.ofAnswer(flow, head.topVia().port(), head.topVia().rport());
        send(0, hop, bytes, head.callId(), null);
    }

    /** The same, and no ladder shows it. */
    void answerUnseen(Flow flow, RequestHead head, int status, HeaderField... more) {
        byte[] bytes = stateless(flow, head, status, null, more);
        Hop hop = NextHop.ofAnswer(flow, head.topVia().port(), head.topVia().rport());
        outbox.add(new SipEffect.Send(0, hop, bytes));
    }

    private byte[] stateless(
            Flow flow, RequestHead head, int status, @Nullable String phrase, HeaderField[] more) {
        return MessageWriter.response(
                head,
                stampedVia(head, flow),
                status,
                phrase,
                statelessTag(head),
                false,
                with(List.of(more), false),
                null);
    }

    String stampedVia(RequestHead head, Flow flow) {
        InetAddress source = flow.remote().getAddress();
        InetAddress sentBy = Addresses.literal(head.topVia().host());
        return MessageWriter.stamped(
                head.topVia(),
                Addresses.text(source),
                flow.remote().getPort(),
                !source.equals(sentBy));
    }

    /** Adds Server, and Allow and Supported where asked for, unless they are there. */
    List<HeaderField> with(List<HeaderField> headers, boolean capabilities) {
        List<HeaderField> all = new ArrayList<>(headers.size() + 4);
        if (capabilities) {
            addMissing(all, headers, allow);
            if (supported != null) {
                addMissing(all, headers, supported);
            }
        }
        addMissing(all, headers, server);
        all.addAll(headers);
        return all;
    }

    static void addMissing(List<HeaderField> all, List<HeaderField> given, HeaderField field) {
        for (HeaderField other : given) {
            if (other.name().equalsIgnoreCase(field.name())) {
                return;
            }
        }
        all.add(field);
    }

    /** Our Contact in an answer: who came by sips is told sips (§12.1.1). */
    HeaderField contact(Flow flow, SipRequest request) {
        NameAddr theirs = request.contact();
        boolean secure =
                isSips(request.requestUriText())
                        || request.header("Record-Route")
                                .map(Core::isSips)
                                .orElse(theirs != null && theirs.uri().scheme().equals("sips"));
        return contact(flow, null, secure);
    }

    /**
     * Our Contact for what goes over this road: of a request to a sips URI, or over a first route
     * that is one, sips too (§8.1.1.8).
     */
    HeaderField contact(Flow flow, @Nullable String user, String requestUri, List<String> routes) {
        return contact(flow, user, isSips(routes.isEmpty() ? requestUri : routes.getFirst()));
    }

    private HeaderField contact(Flow flow, @Nullable String user, boolean secure) {
        String transport =
                switch (flow.transport()) {
                    case UDP -> "";
                    case TCP -> ";transport=tcp";
                    case TLS -> secure ? "" : ";transport=tls"; // RFC 5630 §3.1.4
                    case WS, WSS -> ";transport=ws";
                };
        // over UDP and TCP nobody could come back to us by it
        boolean served =
                flow.transport() == TransportKind.TLS || flow.transport() == TransportKind.WSS;
        String address = Addresses.hostPort(settings.localAddress().toldTo(flow));
        String who = user == null ? "" : user + '@';
        String scheme = secure && served ? "<sips:" : "<sip:";
        return new HeaderField("Contact", scheme + who + address + transport + ">");
    }

    /**
     * @param text a URI, or an address with one in angle brackets
     */
    private static boolean isSips(String text) {
        return text.regionMatches(true, text.indexOf('<') + 1, "sips:", 0, 5);
    }

    /**
     * Our Via. Over TLS it asks for the connection to be used in the other direction too (RFC 5923
     * §8.1).
     */
    static String via(TransportKind transport, InetSocketAddress sentBy, String branch) {
        String alias = transport == TransportKind.TLS ? ";alias" : "";
        return "SIP/2.0/"
                + transport
                + ' '
                + Addresses.hostPort(sentBy)
                + ";branch="
                + branch
                + ";rport"
                + alias;
    }

    void remember(LiveDialog dialog) {
        dialogs.put(dialog.id, dialog);
        dialogsByLocalTag.put(dialog.dialog.localTag(), dialog);
        uses(dialog.flow, 1);
    }

    /** Another fork of the same call may have ended: it has the same id and the same local tag. */
    void forget(LiveDialog dialog) {
        dialog.stopSession();
        if (dialogs.remove(dialog.id, dialog)) {
            dialogsByLocalTag.remove(dialog.dialog.localTag());
            uses(dialog.flow, -1);
        }
    }

    /** The dialog's road is another from here on. */
    void move(LiveDialog dialog, Flow flow) {
        boolean living = dialogs.containsKey(dialog.id);
        if (living) {
            uses(dialog.flow, -1);
            uses(flow, 1);
        }
        dialog.flow = flow;
    }

    /**
     * A request inside the dialog came. A peer whose connection broke comes back over another one,
     * the only one on which it may be reachable (RFC 5923 §1); over UDP only an accepted target
     * refresh moves the road, since anybody could forge its source.
     */
    void heardFrom(LiveDialog dialog, Flow flow) {
        Flow before = dialog.flow;
        if (flow.transport().reliable()
                && flow.transport() == before.transport()
                && flow.connection() != before.connection()
                && flow.remote().getAddress().equals(before.remote().getAddress())) {
            move(dialog, flow);
        }
    }

    private void uses(Flow flow, int more) {
        if (flow.connection() != 0) {
            streams.merge(
                    flow.connection(), more, (had, added) -> had + added == 0 ? null : had + added);
        }
    }

    /** Whether a living dialog depends on this stream. */
    boolean needs(long connection) {
        return streams.containsKey(connection);
    }

    /** The size of every table, by its name: all 0 when nothing lives. */
    Map<String, Integer> tables() {
        Map<String, Integer> sizes = new TreeMap<>(serverTransactions.tables());
        sizes.put("clientTransactions", clientTransactions.size());
        sizes.put("resolving", resolving.size());
        sizes.put("awaiting", awaiting.size());
        sizes.put("dialogs", dialogs.size());
        sizes.put("dialogsByLocalTag", dialogsByLocalTag.size());
        sizes.put("letIn", admitted.remembered());
        sizes.put("tickets", tickets.size());
        sizes.put("streams", streams.size());
        sizes.put("resolutions", resolutions.size());
        sizes.put("outboundCalls", outboundCalls.size());
        sizes.put("early", early.size());
        sizes.put("timers", timers.waiting());
        return sizes;
    }

    @Nullable LiveDialog find(
            String callId, @Nullable String localTag, @Nullable String remoteTag) {
        LiveDialog found = localTag == null ? null : dialogsByLocalTag.get(localTag);
        return found != null
                        && localTag != null
                        && found.dialog.matches(callId, localTag, remoteTag)
                ? found
                : null;
    }

    /** Of a call of ours that rings: an UPDATE may come in it, and nothing else. */
    @Nullable LiveDialog findEarly(String method, @Nullable String localTag, String remoteTag) {
        OutboundCall call =
                localTag != null && method.equals("UPDATE") ? early.get(localTag) : null;
        return call == null ? null : call.early(remoteTag);
    }

    /** For responses that carry a body or not. */
    byte[] response(
            InboundRequest to,
            int status,
            @Nullable String phrase,
            @Nullable String tag,
            boolean withRecordRoute,
            List<HeaderField> more,
            @Nullable Body body) {
        return MessageWriter.response(
                to.request().head(), to.via(), status, phrase, tag, withRecordRoute, more, body);
    }
}
