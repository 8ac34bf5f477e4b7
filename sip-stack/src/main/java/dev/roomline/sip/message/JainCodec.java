package dev.roomline.sip.message;

import gov.nist.core.CommonLogger;
import gov.nist.core.NameValue;
import gov.nist.core.NameValueList;
import gov.nist.javax.sip.address.AddressImpl;
import gov.nist.javax.sip.address.GenericURI;
import gov.nist.javax.sip.address.TelURLImpl;
import gov.nist.javax.sip.header.AddressParametersHeader;
import gov.nist.javax.sip.header.Contact;
import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.header.SIPHeaderList;
import gov.nist.javax.sip.parser.ContactParser;
import gov.nist.javax.sip.parser.FromParser;
import gov.nist.javax.sip.parser.RecordRouteParser;
import gov.nist.javax.sip.parser.ToParser;
import gov.nist.javax.sip.parser.URLParser;
import gov.nist.javax.sip.parser.ViaParser;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JAIN-SIP's header and URI parsers behind our own values, with the checks that they lack. They are
 * given one bounded header at a time. Whatever they throw becomes a {@link SyntaxFault}.
 */
final class JainCodec {
    static {
        CommonLogger.legacyLogger = new SilentLogger();
    }

    /** Values, parameters and the like of one header: what a parse may cost is bounded by it. */
    private static final int MAX_PARTS = 128;

    /** Far above any real path, and Max-Forwards is 70. */
    private static final int MAX_ROUTES = 32;

    private JainCodec() {}

    /** What a call into JAIN-SIP is. */
    private interface Parsing<T> {
        T run() throws ParseException, SyntaxFault;
    }

    private static <T> T guard(HeaderLine line, Parsing<T> parsing) throws SyntaxFault {
        int parts = 0;
        for (int i = 0; i < line.value().length(); i++) {
            char c = line.value().charAt(i);
            parts += c == ';' || c == ',' || c == ':' || c == '/' ? 1 : 0;
        }
        if (parts > MAX_PARTS) {
            throw SyntaxFault.badHeader(line, "more than " + MAX_PARTS + " parts");
        }
        try {
            return parsing.run();
        } catch (ParseException | RuntimeException e) {
            // its parsers throw many kinds of runtime exception on a peer's bytes
            throw SyntaxFault.badHeader(line, "it cannot be parsed");
        }
    }

    /**
     * @param anyVersion whether only to be answered: a 505 goes to who speaks SIP/7.0
     */
    static Via topVia(HeaderLine line, boolean anyVersion) throws SyntaxFault {
        String text = Grammar.commaSeparated(line.value()).getFirst();
        return guard(line, () -> via(line, text, anyVersion));
    }

    private static Via via(HeaderLine line, String text, boolean anyVersion)
            throws ParseException, SyntaxFault {
        SIPHeader parsed = new ViaParser("Via: " + text + "\n").parse();
        if (!(parsed instanceof SIPHeaderList<?> list)
                || !(list.getFirst() instanceof gov.nist.javax.sip.header.Via via)) {
            throw SyntaxFault.badHeader(line, "it cannot be parsed");
        }
        if (!via.getSentProtocol().getProtocolName().equalsIgnoreCase("SIP")
                || (!anyVersion && !via.getProtocolVersion().equals("2.0"))) {
            throw SyntaxFault.badHeader(line, "its protocol is not SIP/2.0");
        }
        return new Via(
                via.getTransport().toUpperCase(Locale.ROOT),
                unbracketed(via.getHost()),
                via.getPort() > 0 ? via.getPort() : -1,
                via.getBranch(),
                via.hasParameter("rport"),
                text);
    }

    static Address from(HeaderLine line) throws SyntaxFault {
        return guard(
                line,
                () ->
                        address(
                                line,
                                line.value(),
                                new FromParser("From: " + line.value() + "\n").parse()));
    }

    static Address to(HeaderLine line) throws SyntaxFault {
        return guard(
                line,
                () ->
                        address(
                                line,
                                line.value(),
                                new ToParser("To: " + line.value() + "\n").parse()));
    }

    /** The first Contact value, which is the one that counts in a dialog; null for {@code *}. */
    static @Nullable Address contact(HeaderLine line) throws SyntaxFault {
        if (line.value().equals("*")) {
            return null;
        }
        String first = Grammar.commaSeparated(line.value()).getFirst();
        return guard(
                line,
                () -> address(line, first, new ContactParser("Contact: " + first + "\n").parse()));
    }

    static List<Address> recordRoute(List<HeaderLine> lines) throws SyntaxFault {
        List<Address> routes = new ArrayList<>(lines.size());
        for (HeaderLine line : lines) {
            for (String value : Grammar.commaSeparated(line.value())) {
                if (routes.size() == MAX_ROUTES) {
                    throw SyntaxFault.badHeader(line, "more than " + MAX_ROUTES);
                }
                routes.add(
                        guard(
                                line,
                                () ->
                                        address(
                                                line,
                                                value,
                                                new RecordRouteParser(
                                                                "Record-Route: " + value + "\n")
                                                        .parse())));
            }
        }
        return routes;
    }

    static SipUri uri(HeaderLine line, String text) throws SyntaxFault {
        return guard(line, () -> uri(text));
    }

    private static SipUri uri(String text) throws ParseException {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "sip", "sips", "tel" -> uri(new URLParser(text).parse(), text);
            default -> foreign(scheme, text);
        };
    }

    /** Whether it carries headers: a question mark behind its host, wherever that is. */
    static boolean hasHeaders(String uriText) {
        int host = uriText.lastIndexOf('@');
        if (uriText.indexOf('?', host + 1) >= 0) {
            return true;
        }
        // an @ behind the headers would hide them; it is not allowed there, nor in a user part
        return uriText.indexOf('@') != host;
    }

    private static SipUri foreign(String scheme, String text) throws ParseException {
        boolean plausible = !scheme.isEmpty() && Character.isLetter(scheme.charAt(0));
        for (int i = 0; i < scheme.length(); i++) {
            char c = scheme.charAt(i);
            plausible &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0;
        }
        for (int i = 0; i < text.length(); i++) {
            plausible &= text.charAt(i) > ' ' && "<>\"".indexOf(text.charAt(i)) < 0;
        }
        if (!plausible) {
            throw new ParseException("not a URI", 0);
        }
        return new SipUri(scheme, null, "", -1, Map.of());
    }

    private static SipUri uri(GenericURI uri, String text) throws ParseException {
        if (uri instanceof gov.nist.javax.sip.address.SipUri sip) {
            String user = sip.getUser();
            if (text.indexOf('@') >= 0 && user == null) {
                throw new ParseException("empty user", 0);
            }
            if (isBareIpv6(text)) {
                throw new ParseException("IPv6 without brackets", 0);
            }
            return new SipUri(
                    sip.getScheme().toLowerCase(Locale.ROOT),
                    user == null ? null : Grammar.unescape(user),
                    unbracketed(sip.getHost()),
                    sip.getPort() > 0 ? sip.getPort() : -1,
                    parameters(sip.getParameters()));
        }
        if (uri instanceof TelURLImpl tel) {
            return new SipUri(
                    "tel",
                    (tel.isGlobal() ? "+" : "") + tel.getPhoneNumber().replace("+", ""),
                    "",
                    -1,
                    parameters(tel.getParameters()));
        }
        throw new ParseException("not a URI", 0);
    }

    /** Without brackets nobody knows where an address ends and a port begins (RFC 5118 §4.2). */
    private static boolean isBareIpv6(String text) {
        int start = Math.max(text.indexOf(':'), text.lastIndexOf('@')) + 1;
        int colons = 0;
        for (int i = start; i < text.length() && ";?".indexOf(text.charAt(i)) < 0; i++) {
            if (text.charAt(i) == '[') {
                return false;
            }
            colons += text.charAt(i) == ':' ? 1 : 0;
        }
        return colons > 1;
    }

    private static Map<String, String> parameters(@Nullable NameValueList list) {
        if (list == null || list.isEmpty()) {
            return Map.of();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (NameValue entry : list.values()) {
            String name = entry.getName();
            Object value = entry.getValueAsObject();
            if (name != null) {
                parameters.put(
                        name.toLowerCase(Locale.ROOT),
                        value == null ? "" : Grammar.unescape(value.toString()));
            }
        }
        return parameters;
    }

    private static String unbracketed(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]")
                ? lower.substring(1, lower.length() - 1)
                : lower;
    }

    private static Address address(HeaderLine line, String value, SIPHeader parsed)
            throws SyntaxFault, ParseException {
        Object single = parsed;
        if (parsed instanceof SIPHeaderList<?> list && list.size() == 1) {
            single = list.getFirst();
        }
        if (!(single instanceof AddressParametersHeader header)
                || !(header.getAddress() instanceof AddressImpl address)
                || (single instanceof Contact contact && contact.isWildCard())) {
            throw SyntaxFault.badHeader(line, "it cannot be parsed");
        }
        checkShape(line, value);
        String uriText = uriText(value);
        // what it parsed already, where that is what a parse of the text alone would give
        SipUri uri =
                address.getURI() instanceof gov.nist.javax.sip.address.SipUri sip
                        ? uri(sip, uriText)
                        : uri(uriText);
        String tag = header.getParameter("tag");
        if (tag != null && !Grammar.isToken(tag)) {
            throw SyntaxFault.badHeader(line, "its tag is not a token");
        }
        String name = address.getDisplayName();
        return new Address(
                new NameAddr(name == null || name.isBlank() ? null : unquoted(name), uri, tag),
                uriText);
    }

    /** The rules of §20.10 and §25.1 that JAIN-SIP lets through. */
    private static void checkShape(HeaderLine line, String value) throws SyntaxFault {
        int open = Grammar.next(value, 0, '<');
        if (open < 0) {
            int end = value.indexOf(';');
            String spec = end < 0 ? value : value.substring(0, end);
            if (spec.indexOf('?') >= 0 || spec.indexOf(',') >= 0) {
                throw SyntaxFault.badHeader(line, "a URI with ? or , needs angle brackets");
            }
            return;
        }
        int close = value.indexOf('>', open);
        if (close < 0 || close == open + 1) {
            throw SyntaxFault.badHeader(line, "an angle bracket is not closed");
        }
        for (int i = open; i < close; i++) {
            if (value.charAt(i) == ' ' || value.charAt(i) == '\t') {
                throw SyntaxFault.badHeader(line, "white space inside the URI");
            }
        }
        String name = value.substring(0, open).strip();
        if (!name.startsWith("\"")) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c != ' ' && c != '\t' && c < 0x80 && !Grammar.isTokenChar(c)) {
                    throw SyntaxFault.badHeader(line, "the display name needs quotes");
                }
            }
        }
    }

    private static String uriText(String value) {
        int open = Grammar.next(value, 0, '<');
        if (open >= 0) {
            return value.substring(open + 1, value.indexOf('>', open));
        }
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip();
    }

    private static String unquoted(String name) {
        String text = name.strip();
        if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }
}
