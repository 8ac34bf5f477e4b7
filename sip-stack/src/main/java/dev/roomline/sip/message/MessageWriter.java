package dev.roomline.sip.message;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds what we send, as text: an answer copies its request's Via, From, To, Call-ID and CSeq as
 * they were sent (RFC 3261 §8.2.6.2), which no parse and encode would keep to the byte. Stateless.
 */
public final class MessageWriter {
    private static final byte[] NOTHING = {};

    private MessageWriter() {}

    /**
     * A response.
     *
     * @param topVia the request's topmost Via with what {@link #stamped} adds
     * @param phrase null for the usual one
     * @param toTag added to To unless that has one; null for none
     * @param withRecordRoute whether the request's Record-Route is copied (§12.1.1)
     */
    public static byte[] response(
            RequestHead head,
            String topVia,
            int status,
            @Nullable String phrase,
            @Nullable String toTag,
            boolean withRecordRoute,
            List<HeaderField> more,
            @Nullable Body body) {
        StringBuilder out = new StringBuilder(512);
        out.append("SIP/2.0 ").append(status).append(' ');
        out.append(oneLine(phrase == null ? StatusPhrase.of(status) : phrase)).append("\r\n");
        line(out, "Via", topVia);
        for (String via : head.otherVias()) {
            line(out, "Via", via);
        }
        if (withRecordRoute) {
            for (String route : head.recordRoutes()) {
                line(out, "Record-Route", route);
            }
        }
        lineIfAny(out, "From", head.from());
        lineIfAny(out, "To", toTag == null ? head.to() : tagged(head.to(), toTag));
        lineIfAny(out, "Call-ID", head.callId());
        lineIfAny(out, "CSeq", head.cseq());
        return finish(out, more, body, head.charset());
    }

    /** A request; its Via value, From, To and Route values are given whole. */
    public static byte[] request(
            String method,
            String uri,
            String via,
            List<String> routes,
            String from,
            String to,
            String callId,
            long cseq,
            List<HeaderField> more,
            @Nullable Body body) {
        StringBuilder out = new StringBuilder(512);
        out.append(method).append(' ').append(uri).append(" SIP/2.0\r\n");
        line(out, "Via", via);
        line(out, "Max-Forwards", "70");
        for (String route : routes) {
            line(out, "Route", route);
        }
        line(out, "From", from);
        line(out, "To", to);
        line(out, "Call-ID", callId);
        line(out, "CSeq", cseq + " " + method);
        return finish(out, more, body, StandardCharsets.UTF_8);
    }

    /**
     * The top Via of an answer: {@code received} where the source differs from sent-by or rport is
     * asked for (RFC 3261 §18.2.1, RFC 3581 §4), {@code rport} filled in.
     *
     * @param address the source's address as text
     * @param differs whether sent-by names another host than that
     */
    public static String stamped(Via via, String address, int port, boolean differs) {
        if (!differs && !via.rport() && via.text().indexOf("received") < 0) {
            return via.text();
        }
        StringBuilder out = new StringBuilder(via.text().length() + 48);
        int start = 0;
        String text = via.text();
        while (start <= text.length()) {
            int semicolon = Grammar.next(text, start, ';');
            int end = semicolon < 0 ? text.length() : semicolon;
            String part = text.substring(start, end).strip();
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            if (start == 0) {
                out.append(part);
            } else if (!name.equalsIgnoreCase("rport") && !name.equalsIgnoreCase("received")) {
                // a received that the peer wrote itself is none
                out.append(';').append(part);
            }
            start = end + 1;
        }
        if (via.rport()) {
            out.append(";rport=").append(port);
        }
        if (differs || via.rport()) {
            out.append(";received=").append(address);
        }
        return out.toString();
    }

    private static String tagged(String to, String tag) {
        if (to.isEmpty()) {
            return to;
        }
        int open = Grammar.next(to, 0, '<');
        int from = open < 0 ? 0 : to.indexOf('>', open);
        int semicolon = to.indexOf(';', from);
        while (semicolon >= 0) {
            int name = semicolon + 1;
            while (name < to.length() && (to.charAt(name) == ' ' || to.charAt(name) == '\t')) {
                name++;
            }
            if (to.regionMatches(true, name, "tag", 0, 3)
                    && to.substring(name + 3).strip().startsWith("=")) {
                return to;
            }
            semicolon = to.indexOf(';', name);
        }
        return to + ";tag=" + tag;
    }

    private static byte[] finish(
            StringBuilder out, List<HeaderField> more, @Nullable Body body, Charset charset) {
        for (HeaderField field : more) {
            line(out, field.name(), field.value());
        }
        byte[] content = body == null ? NOTHING : body.bytes();
        if (body != null) {
            line(out, "Content-Type", oneLine(body.contentType()));
        }
        out.append("Content-Length: ").append(content.length).append("\r\n\r\n");
        byte[] head = out.toString().getBytes(charset);
        if (content.length == 0) {
            return head;
        }
        byte[] whole = new byte[head.length + content.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(content, 0, whole, head.length, content.length);
        return whole;
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(name).append(": ").append(value).append("\r\n");
    }

    private static void lineIfAny(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            line(out, name, value);
        }
    }

    private static String oneLine(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
        return out.toString();
    }
}
