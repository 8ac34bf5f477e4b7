package dev.roomline.sip.message;

import dev.roomline.sip.message.Malformed.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to messages. First a byte scan with bounds ({@link HeaderBlock}), then our own rules for
 * start line, counts and numbers, and for the headers that a user agent acts on {@link PlainShapes}
 * where they are plain, else JAIN-SIP's parsers. Other headers stay text: a fault in one that
 * nobody needs does not refuse a call (§8.2.2). Stateless; any thread. Never throws on a peer's
 * bytes.
 */
public final class SipParser {
    private static final String VERSION = "SIP/2.0";
    private static final long MAX_CSEQ = 0x7fffffffL;
    private static final int MAX_BODY_BYTES = 65_535;
    private static final List<String> SINGLE =
            List.of(
                    "from",
                    "to",
                    "call-id",
                    "cseq",
                    "max-forwards",
                    "content-length",
                    "content-type");

    private SipParser() {}

    /**
     * @param bytes a datagram, or one message of a stream; kept by the result
     * @param stream whether Content-Length must be there and exact (§18.3, §20.14)
     */
    public static ParseOutcome parse(byte[] bytes, boolean stream) {
        HeaderBlock block = HeaderBlock.scan(bytes);
        boolean response = startsWithVersion(block.startLine());
        try {
            SyntaxFault early = block.fault();
            if (early != null) {
                throw early;
            }
            checkCounts(block);
            return response ? response(block, bytes, stream) : request(block, bytes, stream);
        } catch (SyntaxFault fault) {
            return new Malformed(
                    fault.reason,
                    fault.offset,
                    fault.status,
                    fault.phrase,
                    response ? null : salvage(block));
        }
    }

    /**
     * The head of a request that could not be cut out of its stream, if it has enough to be
     * answered.
     */
    public static @Nullable RequestHead head(byte[] bytes) {
        HeaderBlock block = HeaderBlock.scan(bytes);
        return startsWithVersion(block.startLine()) ? null : salvage(block);
    }

    /** The Call-ID of a message however broken; empty if there is none. */
    public static String callId(byte[] bytes) {
        HeaderLine line = HeaderBlock.scan(bytes).first("call-id");
        return line == null ? "" : line.value();
    }

    private static boolean startsWithVersion(String startLine) {
        return startLine.regionMatches(true, 0, "SIP/", 0, 4);
    }

    private static void checkCounts(HeaderBlock block) throws SyntaxFault {
        int seen = 0;
        for (HeaderLine line : block.lines()) {
            int single = SINGLE.indexOf(line.key());
            if (single >= 0 && (seen & 1 << single) != 0) {
                throw new SyntaxFault(
                        Reason.REPEATED_HEADER,
                        line.offset(),
                        "More than one " + SyntaxFault.title(line.key()) + " header");
            }
            seen |= single >= 0 ? 1 << single : 0;
        }
    }

    private static ParsedRequest request(HeaderBlock block, byte[] bytes, boolean stream)
            throws SyntaxFault {
        String line = block.startLine();
        int at = block.startOffset();
        int firstSpace = line.indexOf(' ');
        int lastSpace = line.lastIndexOf(' ');
        if (firstSpace <= 0 || lastSpace == firstSpace) {
            throw new SyntaxFault(Reason.BAD_START_LINE, at, "Bad request line");
        }
        String method = line.substring(0, firstSpace);
        String uriText = line.substring(firstSpace + 1, lastSpace);
        String version = line.substring(lastSpace + 1);
        if (!Grammar.isToken(method)) {
            throw new SyntaxFault(Reason.BAD_START_LINE, at, "The method is not a token");
        }
        checkVersion(version, at);
        SipUri uri = requestUri(uriText, at);
        RequestHead head = head(block, method);
        MessageFields fields = fields(block, bytes, stream);
        if (!fields.cseqMethod().equals(method)) {
            throw new SyntaxFault(
                    Reason.METHOD_MISMATCH,
                    need(block, "cseq").offset(),
                    "The method of CSeq is not that of the request");
        }
        checkRequest(block, method, head.topVia(), fields);
        return new ParsedRequest(block, head, uri, uriText, fields, bytes);
    }

    private static void checkVersion(String version, int at) throws SyntaxFault {
        if (version.equalsIgnoreCase(VERSION)) {
            return;
        }
        if (startsWithVersion(version) && version.length() <= 16) {
            throw new SyntaxFault(Reason.WRONG_VERSION, at, 505, "Version Not Supported");
        }
        throw new SyntaxFault(
                Reason.BAD_START_LINE, at, "The request line does not end in " + VERSION);
    }

    private static SipUri requestUri(String text, int at) throws SyntaxFault {
        if (text.startsWith("<")) {
            throw new SyntaxFault(
                    Reason.BAD_START_LINE, at, "Angle brackets around the Request-URI");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ' ' || text.charAt(i) == '\t') {
                throw new SyntaxFault(Reason.BAD_START_LINE, at, "White space in the request line");
            }
        }
        HeaderLine asLine = new HeaderLine("request-uri", "Request-URI", text, at);
        SipUri plain = PlainShapes.uri(text);
        SipUri uri = plain == null ? JainCodec.uri(asLine, text) : plain;
        // §19.1.1: headers are not allowed in a Request-URI; they would be injected ones
        if (!uri.scheme().equals("tel") && !uri.host().isEmpty() && JainCodec.hasHeaders(text)) {
            throw SyntaxFault.badHeader(asLine, "headers inside it");
        }
        return uri;
    }

    private static void checkRequest(
            HeaderBlock block, String method, Via via, MessageFields fields) throws SyntaxFault {
        HeaderLine viaLine = need(block, "via");
        String branch = via.branch();
        if (branch == null || !branch.startsWith(Via.COOKIE)) {
            throw new SyntaxFault(
                    Reason.OLD_PROTOCOL,
                    viaLine.offset(),
                    "RFC 2543 is not served: the Via branch lacks " + Via.COOKIE);
        }
        if (branch.length() == Via.COOKIE.length() || !Grammar.isToken(branch)) {
            throw SyntaxFault.badHeader(viaLine, "its branch identifies nothing");
        }
        if (fields.from().nameAddr().tag() == null) {
            throw new SyntaxFault(
                    Reason.OLD_PROTOCOL,
                    need(block, "from").offset(),
                    "RFC 2543 is not served: From lacks a tag");
        }
        HeaderLine forwards = block.first("max-forwards");
        if (forwards != null && Grammar.number(forwards.value(), 255) < 0) {
            throw SyntaxFault.badHeader(forwards, "not a number from 0 to 255");
        }
        if (method.equals("INVITE")) {
            // §8.1.1.8
            need(block, "contact");
        }
        if (method.equals("REGISTER") && fields.to().nameAddr().uri().host().isEmpty()) {
            // §10.2: the address of record is a SIP or SIPS URI
            throw SyntaxFault.badHeader(need(block, "to"), "not a SIP URI");
        }
    }

    private static ParsedResponse response(HeaderBlock block, byte[] bytes, boolean stream)
            throws SyntaxFault {
        String line = block.startLine();
        int at = block.startOffset();
        if (line.length() < VERSION.length() + 4
                || !line.substring(0, VERSION.length()).equalsIgnoreCase(VERSION)
                || line.charAt(VERSION.length()) != ' ') {
            throw new SyntaxFault(Reason.BAD_START_LINE, at, "Bad status line");
        }
        String code = line.substring(VERSION.length() + 1, VERSION.length() + 4);
        String rest = line.substring(VERSION.length() + 4);
        int status = (int) Grammar.number(code, 699);
        if (status < 100 || (!rest.isEmpty() && rest.charAt(0) != ' ')) {
            throw new SyntaxFault(Reason.BAD_START_LINE, at, "Bad status code");
        }
        Via via = topVia(need(block, "via"), false);
        String callId = need(block, "call-id").value();
        MessageFields fields = fields(block, bytes, stream);
        return new ParsedResponse(block, status, rest.strip(), via, callId, fields, bytes);
    }

    private static HeaderLine need(HeaderBlock block, String key) throws SyntaxFault {
        HeaderLine line = block.first(key);
        if (line == null) {
            throw new SyntaxFault(
                    Reason.MISSING_HEADER,
                    block.startOffset(),
                    "No " + SyntaxFault.title(key) + " header");
        }
        return line;
    }

    private static RequestHead head(HeaderBlock block, String method) throws SyntaxFault {
        HeaderLine viaLine = need(block, "via");
        Via via = topVia(viaLine, false);
        HeaderLine callId = need(block, "call-id");
        if (callId.value().isEmpty() || !isWord(callId.value())) {
            throw SyntaxFault.badHeader(callId, "not a word");
        }
        List<String> recordRoutes = new ArrayList<>(0);
        for (HeaderLine line : block.all("record-route")) {
            recordRoutes.add(line.value());
        }
        return new RequestHead(
                method,
                via,
                otherVias(block, viaLine),
                need(block, "from").value(),
                need(block, "to").value(),
                callId.value(),
                need(block, "cseq").value(),
                recordRoutes,
                block.charset());
    }

    private static List<String> otherVias(HeaderBlock block, HeaderLine top) {
        List<String> others = new ArrayList<>(0);
        List<String> onTopLine = Grammar.commaSeparated(top.value());
        others.addAll(onTopLine.subList(1, onTopLine.size()));
        for (HeaderLine line : block.lines()) {
            if (line.key().equals("via") && line.offset() != top.offset()) {
                others.add(line.value());
            }
        }
        others.replaceAll(SipParser::withoutControls);
        return others;
    }

    private static boolean isWord(String callId) {
        for (int i = 0; i < callId.length(); i++) {
            char c = callId.charAt(i);
            if (c <= ' ' || c == 0x7f || c == ',' || c == ';') {
                return false;
            }
        }
        return true;
    }

    private static MessageFields fields(HeaderBlock block, byte[] bytes, boolean stream)
            throws SyntaxFault {
        Address from = from(need(block, "from"));
        Address to = to(need(block, "to"));
        HeaderLine cseqLine = need(block, "cseq");
        String cseq = cseqLine.value();
        int blank = Grammar.blank(cseq);
        long number = Grammar.number(cseq.substring(0, blank), MAX_CSEQ);
        String method = cseq.substring(blank).strip();
        if (number < 0 || !Grammar.isToken(method)) {
            throw SyntaxFault.badHeader(cseqLine, "not a number below 2**31 and a method");
        }
        HeaderLine contactLine = block.first("contact");
        Address contact = contactLine == null ? null : contact(contactLine);
        List<Address> recordRoute = JainCodec.recordRoute(block.all("record-route"));
        return new MessageFields(
                from, to, number, method, contact, recordRoute, body(block, bytes, stream));
    }

    private static Via topVia(HeaderLine line, boolean anyVersion) throws SyntaxFault {
        Via plain = PlainShapes.via(line.value());
        return plain == null ? JainCodec.topVia(line, anyVersion) : plain;
    }

    private static Address from(HeaderLine line) throws SyntaxFault {
        Address plain = PlainShapes.address(line.value());
        return plain == null ? JainCodec.from(line) : plain;
    }

    private static Address to(HeaderLine line) throws SyntaxFault {
        Address plain = PlainShapes.address(line.value());
        return plain == null ? JainCodec.to(line) : plain;
    }

    private static @Nullable Address contact(HeaderLine line) throws SyntaxFault {
        Address plain = PlainShapes.address(line.value());
        return plain == null ? JainCodec.contact(line) : plain;
    }

    private static @Nullable Body body(HeaderBlock block, byte[] bytes, boolean stream)
            throws SyntaxFault {
        int available = bytes.length - block.bodyOffset();
        HeaderLine line = block.first("content-length");
        int length = available;
        if (line != null) {
            length = (int) Grammar.number(line.value(), MAX_BODY_BYTES);
            if (length < 0) {
                throw new SyntaxFault(
                        Reason.BAD_LENGTH,
                        line.offset(),
                        "Bad Content-Length: not a number from 0 to " + MAX_BODY_BYTES);
            }
        } else if (stream) {
            throw new SyntaxFault(
                    Reason.BAD_LENGTH,
                    block.startOffset(),
                    "No Content-Length header, which a stream needs");
        }
        if (length > available) {
            throw new SyntaxFault(
                    Reason.BAD_LENGTH,
                    block.bodyOffset(),
                    "The body is shorter than its Content-Length");
        }
        if (length == 0) {
            return null;
        }
        HeaderLine type = block.first("content-type");
        String mediaType = "application/octet-stream";
        if (type != null) {
            int end = type.value().indexOf(';');
            mediaType =
                    (end < 0 ? type.value() : type.value().substring(0, end))
                            .strip()
                            .toLowerCase(Locale.ROOT);
        }
        return new Body(
                mediaType,
                Arrays.copyOfRange(bytes, block.bodyOffset(), block.bodyOffset() + length));
    }

    /** What a 400 needs, from a request that is malformed elsewhere; null if it is not there. */
    private static @Nullable RequestHead salvage(HeaderBlock block) {
        int space = block.startLine().indexOf(' ');
        String method = space <= 0 ? "" : block.startLine().substring(0, space);
        if (!Grammar.isToken(method) || method.equals("ACK")) {
            return null;
        }
        HeaderLine viaLine = block.first("via");
        try {
            if (viaLine == null) {
                return null;
            }
            HeaderLine readable = readable(viaLine);
            return new RequestHead(
                    method,
                    topVia(readable, true),
                    otherVias(block, readable),
                    textOf(block, "from"),
                    textOf(block, "to"),
                    textOf(block, "call-id"),
                    textOf(block, "cseq"),
                    List.of(),
                    block.charset());
        } catch (SyntaxFault tooBroken) {
            return null;
        }
    }

    /** A Via whose parameters are what is broken is answered by its sent-by alone. */
    private static HeaderLine readable(HeaderLine via) {
        try {
            topVia(via, true);
            return via;
        } catch (SyntaxFault broken) {
            int end = 0;
            while (end < via.value().length() && ";,".indexOf(via.value().charAt(end)) < 0) {
                end++;
            }
            String sentBy = via.value().substring(0, end).strip();
            return new HeaderLine(via.key(), via.name(), sentBy, via.offset());
        }
    }

    /** For an answer: empty if it is missing, and without what the fault may be. */
    private static String textOf(HeaderBlock block, String key) {
        HeaderLine line = block.first(key);
        return line == null ? "" : withoutControls(line.value());
    }

    private static String withoutControls(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
        return out.toString();
    }
}
