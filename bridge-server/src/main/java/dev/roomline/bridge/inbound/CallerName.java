package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.TelephoneNumber;
import dev.roomline.bridge.room.DisplayText;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.SipRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a caller says to be: the name that the room sees, the application's user id and the headers
 * kept as attributes.
 *
 * @param displayName never a number: masked where nothing better was sent
 * @param userId empty if none was sent
 * @param attributes {@code sip.h.<lower-case header name>} to value
 * @param from the caller's address user part as it was sent, for CDR and API; never for the room
 * @param basis which header or part the name came from, for the trace
 */
record CallerName(
        String displayName,
        String userId,
        Map<String, String> attributes,
        String from,
        String basis) {
    static final int MAX_ATTRIBUTES = 32;

    private static final List<String> DISPLAY_NAME =
            List.of("X-100ms-Display-Name", "X-Roomline-Display-Name");
    private static final List<String> DIVERSION = List.of("Diversion", "History-Info");
    private static final List<String> USER_ID = List.of("X-100ms-UserID", "X-Roomline-User-ID");

    CallerName {
        attributes = Map.copyOf(attributes);
    }

    /**
     * The same with who was called before (RFC 5806, RFC 7044), as attributes: only from a trunk,
     * since anybody can write these headers.
     */
    CallerName divertedBy(SipRequest invite) {
        Map<String, String> all = new LinkedHashMap<>(attributes);
        for (String header : DIVERSION) {
            List<String> lines = invite.headers(header);
            if (!lines.isEmpty() && all.size() < MAX_ATTRIBUTES) {
                String value = HeaderText.bounded(clean(String.join(", ", lines)).strip());
                all.put("sip.h." + header.toLowerCase(Locale.ROOT), value);
            }
        }
        return new CallerName(displayName, userId, all, from, basis);
    }

    /** The same under what an application calls it; empty texts leave it as it is. */
    CallerName butAs(String givenName, String givenUserId) {
        String shown = DisplayText.line(HeaderText.bounded(givenName.strip()));
        return new CallerName(
                shown.isEmpty() ? displayName : shown,
                givenUserId.isBlank() ? userId : HeaderText.bounded(givenUserId.strip()),
                attributes,
                from,
                shown.isEmpty() ? basis : "application");
    }

    /** Read, or refused with 400 and what was wrong. */
    sealed interface Reading {
        record Read(CallerName name) implements Reading {}

        record Malformed(String fault) implements Reading {}
    }

    /**
     * @param asserted the {@code P-Asserted-Identity} to believe: null unless a trunk vouches
     * @param secrets whose headers' values are kept nowhere
     */
    static Reading read(
            SipRequest invite,
            @Nullable NameAddr asserted,
            boolean hideNumbers,
            Redaction secrets) {
        Optional<String> fault = fault(invite);
        if (fault.isPresent()) {
            return new Reading.Malformed(fault.get());
        }
        Map<String, String> extensions = new LinkedHashMap<>();
        for (HeaderField header : invite.allHeaders()) {
            if (isExtension(header)) {
                String name = header.name().toLowerCase(Locale.ROOT);
                String value = HeaderText.decode(header.value().strip());
                extensions.putIfAbsent(
                        name,
                        secrets.hides(name) ? Redaction.HIDDEN : HeaderText.bounded(value.strip()));
            }
        }
        String headerName = take(extensions, DISPLAY_NAME);
        String userId = take(extensions, USER_ID);
        NameAddr identity = asserted != null ? asserted : invite.from();
        String user = identity.uri().user();
        Named named =
                headerName.isEmpty() && AskedPrivacy.of(invite)
                        ? new Named(NumberMask.ANONYMOUS, "Privacy")
                        : name(headerName, identity, user, asserted != null, hideNumbers);
        String shown = DisplayText.line(named.text());
        return new Reading.Read(
                new CallerName(
                        shown.isEmpty() ? NumberMask.ANONYMOUS : shown,
                        userId,
                        attributes(extensions),
                        user == null ? "" : user,
                        named.basis()));
    }

    /** What must not stand in a header that tells of the caller: to be refused with 400. */
    static Optional<String> fault(SipRequest invite) {
        for (HeaderField header : invite.allHeaders()) {
            if (isExtension(header)) {
                String value = HeaderText.decode(header.value().strip());
                Optional<Integer> control = HeaderText.controlCharacter(value);
                if (control.isPresent()) {
                    return Optional.of(
                            "Control character in "
                                    + header.name()
                                    + " at position "
                                    + control.get());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isExtension(HeaderField header) {
        return header.name().regionMatches(true, 0, "x-", 0, 2);
    }

    private record Named(String text, String basis) {}

    private static Named name(
            String headerName,
            NameAddr identity,
            @Nullable String user,
            boolean asserted,
            boolean hideNumbers) {
        if (!headerName.isEmpty()) {
            return new Named(headerName, "display name header");
        }
        String source = asserted ? "P-Asserted-Identity" : "From";
        String shown = identity.displayName() == null ? "" : identity.displayName().strip();
        if (!shown.isEmpty()
                && !TelephoneNumber.is(shown)
                && !NumberMask.isAnonymous(shown)
                && HeaderText.controlCharacter(shown).isEmpty()) {
            return new Named(HeaderText.bounded(shown), source + " display name");
        }
        if (!hideNumbers && user != null && TelephoneNumber.is(user)) {
            return new Named(user, source + " number, which the room shows");
        }
        return new Named(HeaderText.bounded(clean(NumberMask.mask(user))), source + " user part");
    }

    private static String clean(String text) {
        return text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Takes the first of the names that has a value; takes the others away too. */
    private static String take(Map<String, String> extensions, List<String> names) {
        String found = "";
        for (String name : names) {
            String value = extensions.remove(name.toLowerCase(Locale.ROOT));
            if (found.isEmpty() && value != null) {
                found = value;
            }
        }
        return found;
    }

    private static Map<String, String> attributes(Map<String, String> extensions) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> extension : extensions.entrySet()) {
            if (kept.size() == MAX_ATTRIBUTES) {
                break;
            }
            kept.put("sip.h." + extension.getKey(), extension.getValue());
        }
        return kept;
    }
}
