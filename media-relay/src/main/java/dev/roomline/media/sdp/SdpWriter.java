package dev.roomline.media.sdp;

import java.nio.charset.StandardCharsets;

/** Writes session descriptions (RFC 8866), lines in the order that §5 prescribes. */
public final class SdpWriter {

    private SdpWriter() {}

    /** The octets, with CRLF. */
    public static byte[] write(SessionDescription description) {
        return text(description).getBytes(StandardCharsets.UTF_8);
    }

    static String text(SessionDescription description) {
        StringBuilder out = new StringBuilder(1024);
        line(out, 'v', "0");
        line(out, 'o', description.origin().toString());
        line(out, 's', description.name());
        Connection connection = description.connection();
        if (connection != null) {
            line(out, 'c', connection.toString());
        }
        line(out, 't', "0 0");
        for (Attribute a : description.attributes()) {
            line(out, 'a', a.toString());
        }
        for (MediaDescription m : description.media()) {
            section(out, m);
        }
        return out.toString();
    }

    private static void section(StringBuilder out, MediaDescription m) {
        line(
                out,
                'm',
                m.kind()
                        + " "
                        + m.port()
                        + " "
                        + m.protocol()
                        + " "
                        + String.join(" ", m.formats()));
        Connection connection = m.connection();
        if (connection != null) {
            line(out, 'c', connection.toString());
        }
        for (Attribute a : m.attributes()) {
            line(out, 'a', a.toString());
        }
    }

    private static void line(StringBuilder out, char type, String value) {
        out.append(type).append('=').append(value).append("\r\n");
    }
}
