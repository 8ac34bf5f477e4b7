package dev.roomline.bridge.outbound;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.MediaPolicy;
import dev.roomline.bridge.call.Way;
import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.TrunkAddress;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.trunk.LiveTrunk;
import dev.roomline.bridge.trunk.UserPart;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** How an INVITE over one trunk is addressed. Owner: the signalling loop. */
final class TrunkWay {
    private static final String ANONYMOUS = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

    private final LiveTrunk trunk;
    private final Trunk settings;
    private final TrunkAddress address;
    private final NumberRules rules;
    private final List<String> usualCodecs;
    private final Supplier<Optional<CallEnd>> full;

    /**
     * @param full why it takes not one call more now
     */
    TrunkWay(
            LiveTrunk trunk,
            NumberRules rules,
            List<String> usualCodecs,
            Supplier<Optional<CallEnd>> full) {
        this.trunk = trunk;
        this.settings = trunk.trunk();
        this.address = trunk.address().orElseThrow();
        this.rules = rules;
        this.usualCodecs = usualCodecs;
        this.full = full;
    }

    /** A trunk's pace with its limit. */
    private record Limited(Turnstile pace, Supplier<Optional<CallEnd>> full) implements Turnstile {
        @Override
        public Later await(Runnable go) {
            return pace.await(go);
        }

        @Override
        public Optional<CallEnd> closed() {
            return full.get();
        }
    }

    /** Whether a host is the trunk's own, or below it. */
    static boolean isWithin(String host, LiveTrunk trunk) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        String name = bare.toLowerCase(Locale.ROOT);
        String own = trunk.address().map(TrunkAddress::host).orElse("");
        String domain = trunk.trunk().fromDomain().toLowerCase(Locale.ROOT);
        return isWithin(name, own) || isWithin(name, domain);
    }

    private static boolean isWithin(String name, String domain) {
        return !domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain));
    }

    /** A number, written as the trunk wants it. */
    Way to(String number, CallOrder order) {
        return toUser(UserPart.escaped(number), order);
    }

    /**
     * @param user escaped
     */
    Way toUser(String user, CallOrder order) {
        String caller = CallerId.choose(order.from(), settings).orElse("");
        String from = callerUser(caller);
        SipUri hop = LiveTrunk.hop(address);
        Envelope envelope =
                new Envelope(
                        "sip:" + user + "@" + address.hostPort(),
                        List.of(hop),
                        List.of(),
                        settings.callerIdPrivacy() ? ANONYMOUS : ours(from),
                        "<sip:" + user + "@" + address.uriHost() + ">",
                        UserPart.isPlain(from) ? from : null);
        return new Way(
                trunk.label(),
                trunk.id(),
                null,
                envelope,
                hop,
                headers(order, caller, from),
                trunk.identity(),
                caller,
                settings.mediaAllow().stream().map(Cidr::toString).toList(),
                settings.codecs().isEmpty() ? usualCodecs : settings.codecs(),
                MediaPolicy.of(settings.mediaEncryption(), address.transport().equals("tls")),
                new Limited(trunk.turnstile(), full),
                contact -> follow(contact, envelope));
    }

    /** Our number as the trunk wants numbers; without one our name there. */
    private String callerUser(String caller) {
        if (!caller.isEmpty()) {
            return DialledNumber.read(caller, settings)
                    .map(number -> number.on(settings))
                    .orElse(caller);
        }
        return settings.username().isEmpty() ? "roomline" : settings.username();
    }

    private String ours(String user) {
        return "<sip:" + UserPart.escaped(user) + "@" + trunk.domain() + ">";
    }

    /** RFC 3325 §9.1: who asks for privacy must still be known to its carrier. */
    private List<HeaderField> headers(CallOrder order, String caller, String from) {
        List<HeaderField> headers = new ArrayList<>();
        if (!caller.isEmpty()) {
            headers.add(new HeaderField("P-Asserted-Identity", ours(from)));
        }
        if (settings.callerIdPrivacy()) {
            headers.add(new HeaderField("Privacy", "id"));
        }
        order.headers().forEach((name, value) -> headers.add(new HeaderField(name, value)));
        return headers;
    }

    /** A carrier may send us elsewhere within its own house, and to no dearer number. */
    private Optional<Envelope> follow(ContactList.Entry contact, Envelope before) {
        SipUri uri = contact.nameAddr().uri();
        String user = uri.user();
        String text = contact.uriText();
        boolean within = uri.scheme().equals("sip") && isWithin(uri.host(), trunk);
        boolean forbidden =
                user != null
                        && DialledNumber.read(user, settings)
                                .flatMap(number -> rules.refusal(number, settings))
                                .isPresent();
        if (!within || forbidden || text.indexOf('?') >= 0 || text.indexOf(' ') >= 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Envelope(
                        text,
                        List.of(),
                        List.of(),
                        before.from(),
                        before.to(),
                        before.contactUser()));
    }
}
