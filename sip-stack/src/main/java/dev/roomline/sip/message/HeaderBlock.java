package dev.roomline.sip.message;

import dev.roomline.sip.message.Malformed.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The byte scan before any parser: start line and header lines, cut, unfolded and bounded, in one
 * pass. It goes on after a fault (keeping the first), so that a malformed request can still be
 * answered. RFC 3261 §7.3.1, §7.5, §25.1.
 */
final class HeaderBlock {
    static final int MAX_BLOCK_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 2 * 1024;
    static final int MAX_HEADERS = 64;

    /** Keys of names as they are usually spelt, so that few are put into lower case. */
    private static final Map<String, String> KEYS =
            Stream.of(
                            "Via",
                            "From",
                            "To",
                            "Call-ID",
                            "CSeq",
                            "Contact",
                            "Max-Forwards",
                            "Content-Length",
                            "Content-Type",
                            "User-Agent",
                            "Server",
                            "Allow",
                            "Supported",
                            "Require",
                            "Record-Route",
                            "Route",
                            "Authorization",
                            "Proxy-Authorization",
                            "P-Asserted-Identity",
                            "Accept",
                            "Date",
                            "Expires",
                            "Session-Expires",
                            "Min-SE",
                            "Diversion",
                            "Reason")
                    .collect(Collectors.toUnmodifiableMap(name -> name, HeaderBlock::longForm));

    private final byte[] bytes;
    private final List<HeaderLine> lines = new ArrayList<>(20);
    private Charset charset = StandardCharsets.ISO_8859_1;
    private String startLine = "";
    private int startOffset;
    private int bodyOffset;
    private @Nullable SyntaxFault fault;

    private HeaderBlock(byte[] bytes) {
        this.bytes = bytes;
    }

    static HeaderBlock scan(byte[] bytes) {
        HeaderBlock block = new HeaderBlock(bytes);
        block.scan();
        return block;
    }

    String startLine() {
        return startLine;
    }

    int startOffset() {
        return startOffset;
    }

    /** Of the first byte after the empty line, or the message's end if there is none. */
    int bodyOffset() {
        return bodyOffset;
    }

    List<HeaderLine> lines() {
        return lines;
    }

    /** How text was encoded: UTF-8, or Latin-1 from peers that do not know better. */
    Charset charset() {
        return charset;
    }

    @Nullable SyntaxFault fault() {
        return fault;
    }

    @Nullable HeaderLine first(String key) {
        for (HeaderLine line : lines) {
            if (line.key().equals(key)) {
                return line;
            }
        }
        return null;
    }

    List<HeaderLine> all(String key) {
        List<HeaderLine> found = new ArrayList<>(2);
        for (HeaderLine line : lines) {
            if (line.key().equals(key)) {
                found.add(line);
            }
        }
        return found;
    }

    private void note(Reason reason, int offset, String phrase) {
        if (fault == null) {
            fault = new SyntaxFault(reason, offset, phrase);
        }
    }

    private void scan() {
        int at = 0;
        // §7.5: empty lines before the start line are ignored
        while (at < bytes.length && (bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        startOffset = at;
        int limit = Math.min(bytes.length, at + MAX_BLOCK_BYTES);
        charset = charsetOf(at, limit);
        bodyOffset = bytes.length;
        boolean first = true;
        while (true) {
            int end = lineEnd(at, limit);
            if (end < 0) {
                noteUnfinished(at, limit);
                return;
            }
            int next = end + (bytes[end] == '\r' ? 2 : 1);
            if (end == at) {
                bodyOffset = next;
                return;
            }
            while (!first && next < limit && (bytes[next] == ' ' || bytes[next] == '\t')) {
                int folded = lineEnd(next, limit);
                if (folded < 0) {
                    noteUnfinished(next, limit);
                    return;
                }
                end = folded;
                next = folded + (bytes[folded] == '\r' ? 2 : 1);
            }
            if (first) {
                startLine = new String(bytes, at, end - at, charset);
                first = false;
            } else if (!addHeader(at, end)) {
                return;
            }
            at = next;
        }
    }

    private void noteUnfinished(int at, int limit) {
        if (limit - startOffset >= MAX_BLOCK_BYTES) {
            fault = tooLarge("header block above " + MAX_BLOCK_BYTES + " bytes");
        } else {
            note(Reason.BAD_START_LINE, at, "No empty line after the header block");
        }
    }

    private SyntaxFault tooLarge(String what) {
        return new SyntaxFault(Reason.TOO_LARGE, startOffset, 513, "Message Too Large: " + what);
    }

    private boolean addHeader(int at, int end) {
        if (end - at > MAX_HEADER_BYTES) {
            fault = tooLarge("a header above " + MAX_HEADER_BYTES + " bytes");
            return true;
        }
        if (lines.size() == MAX_HEADERS) {
            fault = tooLarge("more than " + MAX_HEADERS + " headers");
            return false;
        }
        int colon = at;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        // §7.3.1: white space before the colon belongs to neither name nor value
        int nameEnd = colon;
        while (nameEnd > at && (bytes[nameEnd - 1] == ' ' || bytes[nameEnd - 1] == '\t')) {
            nameEnd--;
        }
        String name = new String(bytes, at, nameEnd - at, StandardCharsets.ISO_8859_1);
        if (colon == end || !Grammar.isToken(name)) {
            note(Reason.BAD_HEADER, at, "A header line without a proper name");
            return true;
        }
        String value = unfold(new String(bytes, colon + 1, end - colon - 1, charset));
        lines.add(new HeaderLine(fullName(name), name, value, at));
        return true;
    }

    private static String unfold(String text) {
        if (text.indexOf('\n') < 0) {
            return text.strip();
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '\r' || c == '\n' ? ' ' : c);
        }
        return out.toString().strip();
    }

    /** Index of the CR (or lone LF) that ends the line at {@code at}; −1 if it does not end. */
    private int lineEnd(int at, int limit) {
        for (int i = at; i < limit; i++) {
            byte b = bytes[i];
            if (b >= ' ' && b != 0x7f) {
                continue;
            }
            if (b == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                return i + 1 < limit ? i : -1;
            }
            if (b == '\n') {
                note(Reason.ILLEGAL_BYTE, i, "A line that ends without CR");
                return i;
            }
            if (b >= 0 && b != '\t') {
                note(Reason.ILLEGAL_BYTE, i, "A control character in the header block");
            }
        }
        return -1;
    }

    /**
     * SIP is UTF-8 (§7), yet phones send Latin-1 display names. Either way From and To must be
     * echoed as they were.
     */
    private Charset charsetOf(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return isUtf8(from, to) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
            }
        }
        return StandardCharsets.ISO_8859_1;
    }

    private boolean isUtf8(int from, int to) {
        int end = to;
        for (int i = from; i + 3 < to; i++) {
            if (bytes[i] == '\r'
                    && bytes[i + 1] == '\n'
                    && bytes[i + 2] == '\r'
                    && bytes[i + 3] == '\n') {
                end = i;
                break;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** §7.3.3 and §20: compact forms are the same header. */
    static String fullName(String name) {
        String usual = KEYS.get(name);
        return usual == null ? longForm(name) : usual;
    }

    private static String longForm(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.length() > 1) {
            return lower;
        }
        return switch (lower) {
            case "a" -> "accept-contact";
            case "b" -> "referred-by";
            case "c" -> "content-type";
            case "d" -> "request-disposition";
            case "e" -> "content-encoding";
            case "f" -> "from";
            case "i" -> "call-id";
            case "j" -> "reject-contact";
            case "k" -> "supported";
            case "l" -> "content-length";
            case "m" -> "contact";
            case "n" -> "identity-info";
            case "o" -> "event";
            case "r" -> "refer-to";
            case "s" -> "subject";
            case "t" -> "to";
            case "u" -> "allow-events";
            case "v" -> "via";
            case "x" -> "session-expires";
            case "y" -> "identity";
            default -> lower;
        };
    }
}
