package dev.roomline.media.sdp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses session descriptions (RFC 8866), bounded in every dimension, in linear time. Lenient in
 * what real phones get wrong (bare LF, missing {@code s=} and {@code t=}, order of lines), strict
 * in what we rely on.
 */
public final class SdpParser {

    /** Octets of a whole description. */
    public static final int MAX_OCTETS = 64 * 1024;

    /** Lines of a whole description. */
    public static final int MAX_LINES = 1000;

    /** Octets of a line; a browser's longest is under 1 KB. */
    public static final int MAX_LINE_OCTETS = 4096;

    /** Sections. */
    public static final int MAX_MEDIA = 64;

    /** Formats of one section. */
    public static final int MAX_FORMATS = 128;

    /** What came of it. */
    public sealed interface Result {}

    /** A description. */
    public record Parsed(SessionDescription description) implements Result {}

    /**
     * No description.
     *
     * @param reason what is wrong, without quoting the peer
     * @param line counted from 1; 0: the whole
     */
    public record Malformed(String reason, int line) implements Result {
        /** As one sentence. */
        public String sentence() {
            return line == 0
                    ? "the session description " + reason
                    : "line " + line + " of the session description " + reason;
        }
    }

    private @Nullable Origin origin;
    private String name = "-";
    private @Nullable Connection connection;
    private final List<Attribute> attributes = new ArrayList<>();
    private final List<MediaDescription> media = new ArrayList<>();
    private @Nullable Section section;

    private SdpParser() {}

    /** Parses. */
    public static Result parse(byte[] bytes) {
        if (bytes.length > MAX_OCTETS) {
            return new Malformed("is longer than " + MAX_OCTETS + " octets", 0);
        }
        return new SdpParser().lines(bytes);
    }

    private Result lines(byte[] bytes) {
        int number = 0;
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            int stop = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
            number++;
            String fault = fault(bytes, at, stop, number);
            if (fault != null) {
                return new Malformed(fault, number);
            }
            at = end + 1;
        }
        return finish();
    }

    private @Nullable String fault(byte[] bytes, int at, int stop, int number) {
        if (number > MAX_LINES) {
            return "is one more than the " + MAX_LINES + " allowed";
        }
        if (stop - at > MAX_LINE_OCTETS) {
            return "is longer than " + MAX_LINE_OCTETS + " octets";
        }
        for (int i = at; i < stop; i++) {
            // A bare CR would be a line end to some who read what we repeat of this in an answer.
            if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') {
                return "contains a control character";
            }
        }
        return line(new String(bytes, at, stop - at, StandardCharsets.UTF_8), number);
    }

    private Result finish() {
        if (origin == null) {
            return new Malformed("has no o= line", 0);
        }
        endSection();
        return new Parsed(new SessionDescription(origin, name, connection, attributes, media));
    }

    /** Takes one line; what is wrong with it, or null. */
    private @Nullable String line(String text, int number) {
        if (number == 1) {
            return text.strip().equals("v=0") ? null : "is not v=0";
        }
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() < 2 || text.charAt(1) != '=') {
            return "is not of the form x=";
        }
        String value = text.substring(2);
        return switch (text.charAt(0)) {
            case 'v' -> "is a second v=";
            case 'o' -> origin(value);
            case 's' -> {
                name = value.isEmpty() ? "-" : value;
                yield null;
            }
            case 'c' -> connection(value);
            case 'm' -> media(value);
            case 'a' -> attribute(value);
            default -> text.charAt(0) >= 'a' && text.charAt(0) <= 'z' ? null : "has no such type";
        };
    }

    private @Nullable String origin(String value) {
        List<String> words = SdpText.words(value);
        if (section != null || origin != null) {
            return "is an o= in the wrong place";
        }
        if (words.size() != 6
                || !SdpText.isDigits(words.get(1))
                || !SdpText.isDigits(words.get(2))) {
            return "is not an o= of six fields with numeric session id and version";
        }
        origin =
                new Origin(
                        words.get(0),
                        words.get(1),
                        words.get(2),
                        new Connection(words.get(4).equals("IP6"), words.get(5)));
        return null;
    }

    private @Nullable String connection(String value) {
        List<String> words = SdpText.words(value);
        if (words.size() != 3 || !words.get(0).equals("IN")) {
            return "is not c=IN, address type, address";
        }
        boolean ipv6 = words.get(1).equals("IP6");
        if (!ipv6 && !words.get(1).equals("IP4")) {
            return "has an address type other than IP4 and IP6";
        }
        String address = words.get(2);
        int slash = address.indexOf('/');
        Connection parsed = new Connection(ipv6, slash < 0 ? address : address.substring(0, slash));
        if (section == null) {
            connection = parsed;
        } else if (section.connection == null) {
            section.connection = parsed;
        }
        return null;
    }

    private @Nullable String media(String value) {
        endSection();
        if (media.size() >= MAX_MEDIA) {
            return "is one more than the " + MAX_MEDIA + " sections allowed";
        }
        List<String> words = SdpText.words(value);
        if (words.size() < 4) {
            return "is not m=, media, port, protocol, formats";
        }
        if (words.size() - 3 > MAX_FORMATS) {
            return "lists more than " + MAX_FORMATS + " formats";
        }
        String port = words.get(1);
        int slash = port.indexOf('/');
        int portNumber = SdpText.number(slash < 0 ? port : port.substring(0, slash), 65_535);
        if (portNumber < 0) {
            return "has no port of 0 to 65535";
        }
        section =
                new Section(words.get(0), portNumber, words.get(2), words.subList(3, words.size()));
        return null;
    }

    private @Nullable String attribute(String value) {
        int colon = value.indexOf(':');
        Attribute parsed =
                colon < 0
                        ? Attribute.flag(value.strip())
                        : Attribute.of(
                                value.substring(0, colon), value.substring(colon + 1).strip());
        if (parsed.name().isEmpty()) {
            return "is an attribute without name";
        }
        (section == null ? attributes : section.attributes).add(parsed);
        return null;
    }

    private void endSection() {
        if (section != null) {
            media.add(section.finish());
            section = null;
        }
    }

    /** A section that is still being read. */
    private static final class Section {
        private final String kind;
        private final int port;
        private final String protocol;
        private final List<String> formats;
        private @Nullable Connection connection;
        private final List<Attribute> attributes = new ArrayList<>();

        Section(String kind, int port, String protocol, List<String> formats) {
            this.kind = kind;
            this.port = port;
            this.protocol = protocol;
            this.formats = formats;
        }

        MediaDescription finish() {
            return new MediaDescription(kind, port, protocol, formats, connection, attributes);
        }
    }
}
