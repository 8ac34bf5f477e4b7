package dev.roomline.sip.registrar;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.Set;

/** When two registered contacts are the same phone (RFC 3261 §19.1.4, RFC 5626 §6). */
final class Contacts {
    /** Parameters that make a difference even where only one of the two has them. */
    private static final Set<String> TELLING =
            Set.of("transport", "user", "ttl", "method", "maddr");

    private Contacts() {}

    /**
     * A phone that names itself ({@code +sip.instance} with {@code reg-id}) is the same wherever it
     * is; others are known by their URI. A private address is no name by itself: in another network
     * another phone may have it.
     */
    static boolean same(ContactList.Entry a, Flow from, ContactList.Entry b, Flow otherFrom) {
        if (!a.outboundKey().isEmpty() || !b.outboundKey().isEmpty()) {
            return a.outboundKey().equals(b.outboundKey());
        }
        return equivalent(a.nameAddr().uri(), b.nameAddr().uri())
                && (!from.isRewritten(a.nameAddr().uri())
                        || from.remote().getAddress().equals(otherFrom.remote().getAddress()));
    }

    static boolean equivalent(SipUri a, SipUri b) {
        if (!a.scheme().equals(b.scheme())
                || !String.valueOf(a.user()).equals(String.valueOf(b.user()))
                || !a.host().equals(b.host())
                || a.port() != b.port()) {
            return false;
        }
        for (String name : List.copyOf(a.parameters().keySet())) {
            String other = b.parameters().get(name);
            if (other == null
                    ? TELLING.contains(name)
                    : !other.equalsIgnoreCase(a.parameters().get(name))) {
                return false;
            }
        }
        return b.parameters().keySet().stream()
                .noneMatch(name -> TELLING.contains(name) && !a.parameters().containsKey(name));
    }

    static boolean isServed(SipUri uri) {
        return (uri.scheme().equals("sip") || uri.scheme().equals("sips")) && !uri.host().isEmpty();
    }
}
