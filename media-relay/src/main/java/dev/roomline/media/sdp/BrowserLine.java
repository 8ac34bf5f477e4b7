package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.rtp.MidExtension;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One audio line of a browser's offer, and what we answer on it.
 *
 * @param section as offered
 * @param index place in the description
 * @param mid its MID, empty if it has none
 * @param offered the browser's direction
 */
record BrowserLine(MediaDescription section, int index, String mid, Direction offered) {

    private static final String AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    static BrowserLine of(SessionDescription offer, MediaDescription section, int index) {
        String mid = section.attribute("mid");
        return new BrowserLine(section, index, mid == null ? "" : mid, offer.directionOf(section));
    }

    /** Names the line over all offers of a session. */
    String key() {
        return mid.isEmpty() ? "#" + index : mid;
    }

    /** Whether we can serve it: live audio over DTLS-SRTP with Opus. */
    boolean isServed() {
        boolean live = section.port() != 0 || section.has("bundle-only");
        return section.kind().equals("audio")
                && live
                && isSecure(section.protocol())
                && opus() != null;
    }

    private static boolean isSecure(String protocol) {
        return switch (protocol) {
            case "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "RTP/SAVP" -> true;
            default -> false;
        };
    }

    private @Nullable RtpMap opus() {
        for (RtpMap map : section.rtpMaps().values()) {
            if (PhoneFormats.codecOf(map) == AudioCodec.OPUS) {
                return map;
            }
        }
        return null;
    }

    /**
     * The browser asks for resending of what is lost, where our answer says so. Those made of
     * libwebrtc do not offer it for audio but do it at this word in an answer; they are known by
     * their transport-wide feedback. It stands with the line's first payload type.
     */
    boolean takesNack() {
        RtpMap opus = opus();
        return opus != null
                && (section.offersFeedback(opus.payloadType(), "nack")
                        || section.offersFeedback(opus.payloadType(), "transport-cc"));
    }

    /** What its packets look like. */
    BrowserMedia.Line agreed() {
        Map<Integer, AudioCodec> codecs = new LinkedHashMap<>();
        Map<Integer, Integer> events = new LinkedHashMap<>();
        RtpMap opus = opus();
        int opusType = opus == null ? -1 : opus.payloadType();
        if (opus != null) {
            codecs.put(opusType, AudioCodec.OPUS);
        }
        for (RtpMap map : section.rtpMaps().values()) {
            AudioCodec codec = PhoneFormats.codecOf(map);
            if (codec != null && !codecs.containsValue(codec)) {
                codecs.put(map.payloadType(), codec);
            }
            if (map.encoding().equalsIgnoreCase("telephone-event")) {
                events.putIfAbsent(map.clockRate(), map.payloadType());
            }
        }
        OpusParameters wishes =
                opusType < 0
                        ? OpusParameters.DEFAULT
                        : OpusParameters.parse(section.fmtp(opusType));
        BrowserMedia.HeaderExtensions ids =
                new BrowserMedia.HeaderExtensions(id(MidExtension.URI), id(AUDIO_LEVEL), -1);
        return new BrowserMedia.Line(codecs, opusType, events, -1, ids, wishes);
    }

    /**
     * An extension's id. Ids beyond 14 need the two-byte form (RFC 8285 §4.3), which we do not
     * write, and so does a MID that no element of the other form holds: that line is known by its
     * SSRC, which the answer names.
     *
     * @return −1: it is not used on this line
     */
    private int id(String uri) {
        ExtMap map = section.extMaps().get(uri);
        boolean fits = !uri.equals(MidExtension.URI) || MidExtension.isBorne(mid);
        return map == null || map.id() > 14 || !fits ? -1 : map.id();
    }

    /**
     * Our section of the answer.
     *
     * @param tagged it is the first of the bundle: the one that carries the candidates (RFC 8843
     *     §7)
     */
    MediaDescription answer(
            BrowserTerms terms,
            IceCredentials ice,
            Direction direction,
            BrowserMedia.@Nullable Downlink downlink,
            boolean tagged) {
        BrowserMedia.Line line = agreed();
        List<String> formats = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        transport(attributes, terms, ice, tagged);
        attributes.add(Attribute.flag(direction.attribute()));
        extensions(attributes, direction);
        codecs(formats, attributes, line, terms.dtx());
        if (downlink != null) {
            attributes.add(
                    Attribute.of("msid", "roomline-" + downlink.mid() + " slot-" + downlink.mid()));
            String ssrc = Integer.toUnsignedString(downlink.ssrc());
            attributes.add(Attribute.of("ssrc", ssrc + " cname:" + downlink.cname()));
        }
        InetSocketAddress first =
                terms.candidates().isEmpty() ? null : terms.candidates().getFirst().address();
        Connection connection =
                first == null
                        ? new Connection(false, "0.0.0.0")
                        : Connection.of(first.getAddress());
        return new MediaDescription(
                "audio",
                first == null ? 9 : first.getPort(),
                section.protocol(),
                formats,
                connection,
                attributes);
    }

    private void transport(
            List<Attribute> out, BrowserTerms terms, IceCredentials ice, boolean tagged) {
        if (!mid.isEmpty()) {
            out.add(Attribute.of("mid", mid));
        }
        out.add(Attribute.of("ice-ufrag", ice.ufrag()));
        out.add(Attribute.of("ice-pwd", ice.password()));
        out.add(Attribute.of("fingerprint", terms.fingerprint().toString()));
        out.add(Attribute.of("setup", "passive"));
        out.add(Attribute.flag("rtcp-mux"));
        if (terms.oneWay()) {
            // RFC 9725 §4.4.1
            out.add(Attribute.flag("rtcp-mux-only"));
        }
        if (section.has("rtcp-rsize")) {
            out.add(Attribute.flag("rtcp-rsize"));
        }
        if (tagged) {
            for (int i = 0; i < terms.candidates().size(); i++) {
                out.add(terms.candidates().get(i).attribute(i, 1));
            }
            out.add(Attribute.flag("end-of-candidates"));
        }
    }

    private void extensions(List<Attribute> out, Direction ours) {
        Map<String, ExtMap> offeredMaps = section.extMaps();
        for (String uri : List.of(MidExtension.URI, AUDIO_LEVEL)) {
            ExtMap map = offeredMaps.get(uri);
            if (map != null && id(uri) > 0) {
                Direction direction = map.direction().mirrored();
                boolean whole = direction == Direction.SENDRECV || direction.and(ours) == ours;
                out.add(
                        new ExtMap(map.id(), whole ? Direction.SENDRECV : direction, uri)
                                .attribute());
            }
        }
    }

    private void codecs(
            List<String> formats, List<Attribute> out, BrowserMedia.Line line, boolean dtx) {
        for (Map.Entry<Integer, AudioCodec> entry : line.codecs().entrySet()) {
            int type = entry.getKey();
            AudioCodec codec = entry.getValue();
            formats.add(Integer.toString(type));
            out.add(
                    new RtpMap(type, codec.encodingName(), codec.clockRate(), codec.channels())
                            .attribute());
            if (codec == AudioCodec.OPUS) {
                out.add(
                        Attribute.of(
                                "fmtp",
                                type + " minptime=10;useinbandfec=1" + (dtx ? ";usedtx=1" : "")));
            }
        }
        if (takesNack()) {
            out.add(Attribute.of("rtcp-fb", line.opusPayloadType() + " nack"));
        }
        for (Map.Entry<Integer, Integer> entry : line.telephoneEvents().entrySet()) {
            formats.add(Integer.toString(entry.getValue()));
            out.add(new RtpMap(entry.getValue(), "telephone-event", entry.getKey(), 1).attribute());
        }
    }
}
