package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To whom a request outside any dialog goes, from whom, and by which way. Making one with a control
 * character in it throws IllegalArgumentException: callers check what users gave before they come
 * here.
 *
 * @param requestUri as text
 * @param nextHops where it is sent: each is resolved and its targets are tried, in this order; a
 *     trunk's addresses. Empty: where the Request-URI leads
 * @param routes Route values ({@code <sip:…;lr>}) in order; usually none
 * @param from name-addr or addr-spec without a tag
 * @param to the same
 * @param contactUser the user part of our Contact: letters, digits and {@code -_.!~*'()&=+$}; null
 *     for none
 * @param over the one road by which it is sent, so that nothing is resolved: a registered phone's;
 *     null to go where the next hops lead
 * @param targets what the first next hop leads to, where that has been looked up; empty: it is
 *     looked up
 * @param others whoever sends it has further targets of its own, so that a silent one is not waited
 *     for longer than if they stood here
 */
public record Envelope(
        String requestUri,
        List<SipUri> nextHops,
        List<String> routes,
        String from,
        String to,
        @Nullable String contactUser,
        @Nullable Flow over,
        List<Target> targets,
        boolean others) {
    public Envelope(
            String requestUri,
            List<SipUri> nextHops,
            List<String> routes,
            String from,
            String to,
            @Nullable String contactUser) {
        this(requestUri, nextHops, routes, from, to, contactUser, null, List.of(), false);
    }

    public Envelope {
        nextHops = List.copyOf(nextHops);
        routes = List.copyOf(routes);
        targets = List.copyOf(targets);
        oneLine("Request-URI", requestUri);
        if (requestUri.isEmpty() || requestUri.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("Request-URI must be a URI");
        }
        oneLine("From", from);
        oneLine("To", to);
        routes.forEach(route -> oneLine("Route", route));
        if (contactUser != null && !contactUser.chars().allMatch(Envelope::isUserChar)) {
            throw new IllegalArgumentException("Contact user must need no escape (§25.1)");
        }
    }

    /** Straight to where the Request-URI leads. */
    public static Envelope to(String requestUri, String from) {
        return new Envelope(requestUri, List.of(), List.of(), from, '<' + requestUri + '>', null);
    }

    /** The same, to be sent by this road and no other. */
    public Envelope over(Flow road) {
        return new Envelope(
                requestUri, nextHops, routes, from, to, contactUser, road, targets, others);
    }

    /** The same, to be sent to these of its first next hop's targets. */
    public Envelope toward(List<Target> found, boolean further) {
        return new Envelope(
                requestUri, nextHops, routes, from, to, contactUser, over, found, further);
    }

    /** Where to send it, in order; empty if there is nothing that SIP can be sent to. */
    List<SipUri> ways() {
        return nextHops.isEmpty()
                ? ContactList.uri(requestUri).map(List::of).orElse(List.of())
                : nextHops;
    }

    private static boolean isUserChar(int c) {
        return (c < 0x80 && Character.isLetterOrDigit(c)) || "-_.!~*'()&=+$".indexOf(c) >= 0;
    }

    private static void oneLine(String what, String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(what + " must have no control character");
        }
    }
}
