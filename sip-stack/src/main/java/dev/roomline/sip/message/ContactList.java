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
     * @param expiresSeconds −1 if absent
     */
    public record Entry(NameAddr nameAddr, String uriText, int preference, long expiresSeconds) {}

    private ContactList() {}

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
                            expires(parameter(value, "expires")));
        } catch (SyntaxFault unreadable) {
            return null;
        }
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
