package dev.roomline.sip.message;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every Contact value of an answer: where a redirect leads, what a registrar has bound. */
public final class ContactList {
    private static final int MOST = 32;

    /**
     * One Contact value.
     *
     * @param uriText as it was sent
     * @param preference q in thousandths; 1000 if absent (RFC 3261 §20.10)
     * @param expiresSeconds −1 if absent or not to be read
     * @param outboundKey what a phone names itself and this registration of it by: its {@code
     *     +sip.instance} and {@code reg-id} (RFC 5626 §4.2); empty unless both are there
     */
    public record Entry(
            NameAddr nameAddr,
            String uriText,
            int preference,
            long expiresSeconds,
            String outboundKey) {}

    /** What a REGISTER says of its Contacts. */
    public sealed interface Reading {
        /** {@code *}: all of them, which must be the only value. */
        record All() implements Reading {}

        /** In the order in which they came; none: it only asks. */
        record Entries(List<Entry> entries) implements Reading {
            public Entries {
                entries = List.copyOf(entries);
            }
        }

        /**
         * @param fault as a reason phrase
         */
        record Unreadable(String fault) implements Reading {}
    }

    private ContactList() {}

    /** The Contacts of a REGISTER (RFC 3261 §10.2.1): every one must be readable. */
    public static Reading of(SipRequest register) {
        List<Entry> entries = new ArrayList<>();
        boolean all = false;
        for (String line : register.headers("Contact")) {
            for (String value : Grammar.commaSeparated(line)) {
                Entry entry = value.equals("*") ? null : entry(value);
                if (entry == null && !value.equals("*")) {
                    return new Reading.Unreadable("Bad Contact: it cannot be read");
                }
                all |= entry == null;
                if (entry != null) {
                    entries.add(entry);
                }
                if (entries.size() > MOST) {
                    return new Reading.Unreadable("Bad Contact: more than " + MOST);
                }
            }
        }
        if (all && !entries.isEmpty()) {
            return new Reading.Unreadable("Bad Contact: * beside others");
        }
        return all ? new Reading.All() : new Reading.Entries(entries);
    }

    /** The most preferred first, equal ones as they came; what cannot be read is left out. */
    public static List<Entry> of(SipResponse response) {
        List<Entry> entries = new ArrayList<>();
        for (String line : response.headers("Contact")) {
            for (String value : Grammar.commaSeparated(line)) {
                Entry entry = entries.size() < MOST ? entry(value) : null;
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        entries.sort(Comparator.comparingInt(Entry::preference).reversed());
        return List.copyOf(entries);
    }

    /** Takes a URI apart; empty if it is none. */
    public static Optional<SipUri> uri(String text) {
        try {
            return Optional.of(JainCodec.uri(new HeaderLine("contact", "Contact", text, 0), text));
        } catch (SyntaxFault notOne) {
            return Optional.empty();
        }
    }

    private static @Nullable Entry entry(String value) {
        try {
            Address address = JainCodec.contact(new HeaderLine("contact", "Contact", value, 0));
            return address == null
                    ? null
                    : new Entry(
                            address.nameAddr(),
                            address.uriText(),
                            preference(parameter(value, "q")),
                            expires(parameter(value, "expires")),
                            outboundKey(value));
        } catch (SyntaxFault unreadable) {
            return null;
        }
    }

    private static String outboundKey(String value) {
        String instance = parameter(value, "+sip.instance");
        String registration = parameter(value, "reg-id");
        return instance == null || registration == null ? "" : instance + ' ' + registration;
    }

    private static @Nullable String parameter(String value, String wanted) {
        int open = Grammar.next(value, 0, '<');
        int from = open < 0 ? 0 : value.indexOf('>', open);
        for (int at = Grammar.next(value, Math.max(from + 1, 0), ';'); at >= 0; ) {
            int next = Grammar.next(value, at + 1, ';');
            String part = value.substring(at + 1, next < 0 ? value.length() : next).strip();
            int equals = part.indexOf('=');
            if (equals > 0
                    && part.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals(wanted)) {
                return part.substring(equals + 1).strip();
            }
            at = next;
        }
        return null;
    }

    private static int preference(@Nullable String q) {
        if (q == null || q.isEmpty() || q.charAt(0) == '1') {
            return 1000;
        }
        String digits = q.startsWith("0.") ? (q.substring(2) + "000").substring(0, 3) : "000";
        long thousandths = Grammar.number(digits, 999);
        return thousandths < 0 ? 0 : (int) thousandths;
    }

    private static long expires(@Nullable String seconds) {
        return seconds == null ? -1 : Grammar.number(seconds, 0xffffffffL);
    }
}
