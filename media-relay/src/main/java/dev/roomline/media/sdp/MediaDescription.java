package dev.roomline.media.sdp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code m=} section (RFC 8866 §5.14). Immutable. Typed readers skip attributes that do not
 * parse: an attribute that is not understood is ignored (§5.13).
 *
 * @param kind {@code audio}, {@code video}, {@code application}, …
 * @param port 0: rejected or disabled
 * @param protocol {@code RTP/AVP}, …
 * @param formats as written, in order of preference
 * @param connection its own {@code c=}, if any
 * @param attributes in order
 */
public record MediaDescription(
        String kind,
        int port,
        String protocol,
        List<String> formats,
        @Nullable Connection connection,
        List<Attribute> attributes) {

    public MediaDescription {
        formats = List.copyOf(formats);
        attributes = List.copyOf(attributes);
    }

    /** This section refused: port 0, everything else as offered (RFC 3264 §6). */
    public MediaDescription rejected() {
        List<Attribute> kept = new ArrayList<>();
        String mid = attribute("mid");
        if (mid != null) {
            kept.add(Attribute.of("mid", mid));
        }
        return new MediaDescription(kind, 0, protocol, formats, null, kept);
    }

    /** The same in another direction. */
    MediaDescription directed(Direction direction) {
        List<Attribute> changed = new ArrayList<>();
        for (Attribute a : attributes) {
            if (direction(List.of(a)) == null) {
                changed.add(a);
            }
        }
        changed.add(Attribute.flag(direction.attribute()));
        return new MediaDescription(kind, port, protocol, formats, connection, changed);
    }

    /** The first attribute of that name with a value. */
    public @Nullable String attribute(String name) {
        return firstValue(attributes, name);
    }

    /** Whether a flag of that name is set. */
    public boolean has(String flag) {
        return contains(attributes, flag);
    }

    /** Payload types that the formats list, in order; what is no number of 0 to 127 is skipped. */
    public List<Integer> payloadTypes() {
        List<Integer> out = new ArrayList<>();
        for (String format : formats) {
            int type = SdpText.number(format, 127);
            if (type >= 0 && !out.contains(type)) {
                out.add(type);
            }
        }
        return out;
    }

    /** Meaning of each listed payload type; static ones need no line (RFC 3551 §6). */
    public Map<Integer, RtpMap> rtpMaps() {
        Map<Integer, RtpMap> written = new LinkedHashMap<>();
        for (Attribute a : attributes) {
            if (a.name().equals("rtpmap") && a.value() != null) {
                RtpMap map = SdpText.rtpMap(a.value());
                if (map != null) {
                    written.putIfAbsent(map.payloadType(), map);
                }
            }
        }
        Map<Integer, RtpMap> out = new LinkedHashMap<>();
        for (int type : payloadTypes()) {
            RtpMap map = written.get(type);
            if (map == null) {
                map = staticType(type);
            }
            if (map != null) {
                out.put(type, map);
            }
        }
        return out;
    }

    private static @Nullable RtpMap staticType(int type) {
        return switch (type) {
            case 0 -> new RtpMap(0, "PCMU", 8000, 1);
            case 3 -> new RtpMap(3, "GSM", 8000, 1);
            case 8 -> new RtpMap(8, "PCMA", 8000, 1);
            case 9 -> new RtpMap(9, "G722", 8000, 1);
            case 13 -> new RtpMap(13, "CN", 8000, 1);
            case 18 -> new RtpMap(18, "G729", 8000, 1);
            default -> null;
        };
    }

    /** Format parameters of a payload type, empty if there are none. */
    public String fmtp(int payloadType) {
        String prefix = payloadType + " ";
        for (Attribute a : attributes) {
            if (a.name().equals("fmtp") && a.value() != null && a.value().startsWith(prefix)) {
                return a.value().substring(prefix.length()).strip();
            }
        }
        return "";
    }

    /** A small number in an attribute, −1 if absent or not within 0 to {@code max}. */
    public int number(String name, int max) {
        String value = attribute(name);
        return value == null ? -1 : SdpText.number(value.strip(), max);
    }

    /** Header extensions, the first of each URI. */
    public Map<String, ExtMap> extMaps() {
        Map<String, ExtMap> out = new LinkedHashMap<>();
        for (Attribute a : attributes) {
            if (a.name().equals("extmap") && a.value() != null) {
                ExtMap map = SdpText.extMap(a.value());
                if (map != null) {
                    out.putIfAbsent(map.uri(), map);
                }
            }
        }
        return out;
    }

    /**
     * Whether {@code a=rtcp-fb} names that feedback for that payload type or for all (RFC 4585).
     */
    public boolean offersFeedback(int payloadType, String feedback) {
        for (Attribute a : attributes) {
            if (a.name().equals("rtcp-fb") && a.value() != null) {
                String value = a.value().strip();
                if (value.equals(payloadType + " " + feedback) || value.equals("* " + feedback)) {
                    return true;
                }
            }
        }
        return false;
    }

    static @Nullable Direction direction(List<Attribute> attributes) {
        for (Attribute a : attributes) {
            if (a.value() == null) {
                for (Direction d : Direction.values()) {
                    if (a.name().equals(d.attribute())) {
                        return d;
                    }
                }
            }
        }
        return null;
    }

    static @Nullable String firstValue(List<Attribute> attributes, String name) {
        for (Attribute a : attributes) {
            if (a.name().equals(name) && a.value() != null) {
                return a.value();
            }
        }
        return null;
    }

    static boolean contains(List<Attribute> attributes, String flag) {
        for (Attribute a : attributes) {
            if (a.name().equals(flag)) {
                return true;
            }
        }
        return false;
    }
}
