package dev.roomline.bridge.call;

import dev.roomline.media.sdp.Attribute;
import dev.roomline.media.sdp.Connection;
import dev.roomline.media.sdp.MediaDescription;
import dev.roomline.media.sdp.RtpMap;
import dev.roomline.media.sdp.SdpParser;
import dev.roomline.media.sdp.SessionDescription;
import dev.roomline.media.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an offer held and what became of it, in words for a trace. Reads descriptions only to tell
 * of them: what is agreed is the media relay's affair.
 */
final class OfferWords {
    private static final int SHOWN = 16;

    private OfferWords() {}

    /**
     * {@code the phone offered audio by RTP/AVP: opus/48000, PCMU/8000 at 192.0.2.7:4000, sendrecv,
     * ptime 20}; one sentence for each line of media.
     */
    static List<String> of(String who, SdpParser.Result sdp) {
        return switch (sdp) {
            case SdpParser.Malformed malformed ->
                    List.of(who + " what cannot be read: " + malformed.sentence());
            case SdpParser.Parsed parsed -> {
                SessionDescription description = parsed.description();
                List<String> lines = new ArrayList<>();
                for (MediaDescription section : description.media()) {
                    lines.add(who + " " + section(description, section));
                }
                yield lines.isEmpty() ? List.of(who + " no line of media") : lines;
            }
        };
    }

    private static String section(SessionDescription description, MediaDescription section) {
        if (section.port() == 0) {
            return "no " + section.kind() + " (port 0)";
        }
        Connection connection = description.connectionOf(section);
        StringBuilder text = new StringBuilder(section.kind());
        text.append(" by ").append(section.protocol());
        String keys = keys(description, section);
        text.append(keys.isEmpty() ? "" : " with " + keys).append(": ");
        text.append(codecs(section));
        text.append(" at ").append(connection == null ? "no address" : connection.address());
        text.append(':').append(section.port());
        text.append(", ").append(description.directionOf(section).attribute());
        int ptime = section.number("ptime", 1000);
        if (ptime > 0) {
            text.append(", ptime ").append(ptime);
        }
        return text.toString();
    }

    /** By what a line could be, or is, encrypted; never a key. */
    private static String keys(SessionDescription description, MediaDescription section) {
        List<String> names = new ArrayList<>();
        for (Attribute a : section.attributes()) {
            if (a.name().equals("crypto") && a.value() != null && names.size() < SHOWN) {
                String[] words = a.value().strip().split("\\s+", 3);
                SrtpProfile known = words.length < 2 ? null : SrtpProfile.ofSuite(words[1]);
                names.add("SDES " + (known == null ? "of another suite" : known.suite()));
            }
        }
        if (!description.fingerprintsOf(section).isEmpty()) {
            names.add("DTLS");
        }
        return String.join(", ", names);
    }

    private static String codecs(MediaDescription section) {
        List<String> names = new ArrayList<>();
        Map<Integer, RtpMap> maps = section.rtpMaps();
        for (int type : section.payloadTypes()) {
            RtpMap map = maps.get(type);
            names.add(map == null ? "payload type " + type : name(map));
        }
        int more = names.size() - SHOWN;
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static String name(RtpMap map) {
        return map.encoding() + "/" + map.clockRate();
    }

    /**
     * Which codec was chosen, why the others were not, and where we listen.
     *
     * @param offer null where the offer was ours
     * @param order names in our order of preference
     */
    static String chosen(
            SdpParser.@Nullable Result offer, SdpParser.Result answer, List<String> order) {
        SessionDescription description = description(answer);
        MediaDescription ours = audio(description);
        if (description == null || ours == null) {
            return "answered without a live audio line";
        }
        StringBuilder text = new StringBuilder();
        RtpMap taken = first(ours);
        if (offer == null) {
            text.append("we offer ").append(codecs(ours));
        } else {
            text.append("chosen ").append(taken == null ? "nothing" : name(taken));
            MediaDescription theirs = audio(description(offer));
            if (theirs != null && taken != null) {
                text.append(others(theirs, taken, order));
            }
        }
        String keys = keys(description, ours);
        text.append(keys.isEmpty() ? "; not encrypted" : "; encrypted by " + keys);
        Connection connection = description.connectionOf(ours);
        text.append("; we listen on ")
                .append(connection == null ? "no address" : connection.address())
                .append(':')
                .append(ours.port());
        text.append(", ").append(description.directionOf(ours).attribute());
        return text.toString();
    }

    private static String others(MediaDescription theirs, RtpMap taken, List<String> order) {
        List<String> unserved = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (RtpMap map : theirs.rtpMaps().values()) {
            String encoding = map.encoding().toLowerCase(Locale.ROOT);
            if (encoding.equals("telephone-event")
                    || encoding.equals("cn")
                    || encoding.equals(taken.encoding().toLowerCase(Locale.ROOT))) {
                continue;
            }
            (order.contains(encoding) ? later : unserved).add(name(map));
        }
        StringBuilder text = new StringBuilder();
        if (!later.isEmpty()) {
            text.append(", before ").append(String.join(", ", later)).append(" by our order");
        }
        if (!unserved.isEmpty()) {
            text.append(", not served: ").append(String.join(", ", unserved));
        }
        return text.toString();
    }

    /** The first codec that carries sound. */
    private static @Nullable RtpMap first(MediaDescription section) {
        Map<Integer, RtpMap> maps = section.rtpMaps();
        for (int type : section.payloadTypes()) {
            RtpMap map = maps.get(type);
            if (map != null
                    && !map.encoding().equalsIgnoreCase("telephone-event")
                    && !map.encoding().equalsIgnoreCase("CN")) {
                return map;
            }
        }
        return null;
    }

    private static @Nullable MediaDescription audio(@Nullable SessionDescription description) {
        if (description == null) {
            return null;
        }
        for (MediaDescription section : description.media()) {
            if (section.kind().equals("audio") && section.port() != 0) {
                return section;
            }
        }
        return null;
    }

    private static @Nullable SessionDescription description(SdpParser.@Nullable Result sdp) {
        return sdp instanceof SdpParser.Parsed(SessionDescription read) ? read : null;
    }
}
