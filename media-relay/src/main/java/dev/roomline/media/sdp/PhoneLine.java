package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The audio line of a SIP peer: which codec, which numbers, which addresses (RFC 3264 §6). */
final class PhoneLine {

    /**
     * RFC 7587 §6.1, what we want and send: we play and take up 16 kHz, in mono, and use FEC. Each
     * side's are its own, whatever the other says (§7).
     */
    private static final String OPUS_WISHES =
            "useinbandfec=1;stereo=0;sprop-stereo=0;maxplaybackrate=16000;sprop-maxcapturerate=16000";

    private static final int OPUS_TYPE = 111;
    private static final int MAX_PTIME_MILLIS = 60;

    /** What came of a line. */
    sealed interface Result {}

    /** Our section in answer, or as it stands after the peer's answer, and what was agreed. */
    record Good(MediaDescription section, PhoneMedia media) implements Result {}

    /** It cannot be served. */
    record Bad(SdpRefusal reason, String detail) implements Result {}

    /** Payload types of the codec on what we send and on what comes in. */
    private record Types(int sent, int received) {}

    private final PhoneTerms terms;

    PhoneLine(PhoneTerms terms) {
        this.terms = terms;
    }

    static boolean isPlain(String protocol) {
        return protocol.equalsIgnoreCase("RTP/AVP") || protocol.equalsIgnoreCase("RTP/AVPF");
    }

    /** Whether it is a live, plain audio line with a codec of ours. */
    boolean isServed(MediaDescription section) {
        return section.kind().equals("audio")
                && section.port() != 0
                && isPlain(section.protocol())
                && choose(section.rtpMaps()) != null;
    }

    /** The first of our order that the line has, and the first payload type of it. */
    private @Nullable RtpMap choose(Map<Integer, RtpMap> maps) {
        for (AudioCodec codec : terms.codecs()) {
            for (RtpMap map : maps.values()) {
                if (codecOf(map) == codec) {
                    return map;
                }
            }
        }
        return null;
    }

    /** Which codec of ours a payload type means; its channels do not matter (some omit /2). */
    static @Nullable AudioCodec codecOf(RtpMap map) {
        for (AudioCodec codec : AudioCodec.values()) {
            if (codec.encodingName().equalsIgnoreCase(map.encoding())
                    && codec.clockRate() == map.clockRate()
                    && map.channels() <= codec.channels()) {
                return codec;
            }
        }
        return null;
    }

    /**
     * @param before what holds; null at first
     * @param ours the direction that we allow
     */
    Result answer(
            SessionDescription offer,
            MediaDescription audio,
            @Nullable PhoneMedia before,
            Direction ours) {
        RtpMap map = choose(audio.rtpMaps());
        AudioCodec codec = map == null ? null : codecOf(map);
        if (map == null || codec == null) {
            return new Bad(SdpRefusal.NO_COMMON_CODEC, "none of the offered codecs is served here");
        }
        PeerPlace place = PeerPlace.of(offer, audio, terms.address());
        if (place.rtp() == null) {
            return new Bad(SdpRefusal.UNSUPPORTED, place.fault());
        }
        RtpMap events = events(audio.rtpMaps(), codec);
        int type = map.payloadType();
        PhoneMedia media =
                media(
                        offer,
                        audio,
                        codec,
                        new Types(type, type),
                        place,
                        events == null
                                ? null
                                : new TelephoneEvent(
                                        events.payloadType(),
                                        events.payloadType(),
                                        events.clockRate()),
                        before,
                        ours);
        return new Good(section(audio, map, codec, events, media), media);
    }

    /** Our section of an answer. */
    private MediaDescription section(
            MediaDescription audio,
            RtpMap map,
            AudioCodec codec,
            @Nullable RtpMap events,
            PhoneMedia media) {
        List<String> formats = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        describe(formats, attributes, map.payloadType(), codec, media.opus());
        if (events != null) {
            describeEvents(formats, attributes, events.payloadType(), events.clockRate());
        }
        attributes.add(Attribute.of("ptime", Integer.toString(media.ptimeMillis())));
        attributes.add(Attribute.of("maxptime", Integer.toString(MAX_PTIME_MILLIS)));
        if (media.rtcpMux()) {
            attributes.add(Attribute.flag("rtcp-mux"));
        } else if (audio.attribute("rtcp") != null) {
            attributes.add(Attribute.of("rtcp", Integer.toString(terms.rtpPort() + 1)));
        }
        attributes.add(Attribute.flag(media.direction().attribute()));
        return new MediaDescription(
                "audio", terms.rtpPort(), audio.protocol(), formats, null, attributes);
    }

    private static void describe(
            List<String> formats,
            List<Attribute> attributes,
            int type,
            AudioCodec codec,
            OpusParameters theirs) {
        formats.add(Integer.toString(type));
        attributes.add(
                new RtpMap(type, codec.encodingName(), codec.clockRate(), codec.channels())
                        .attribute());
        if (codec == AudioCodec.OPUS) {
            String dtx = theirs.dtx() ? ";usedtx=1" : "";
            attributes.add(Attribute.of("fmtp", type + " " + OPUS_WISHES + dtx));
        }
    }

    private static void describeEvents(
            List<String> formats, List<Attribute> attributes, int type, int clockRate) {
        formats.add(Integer.toString(type));
        attributes.add(new RtpMap(type, "telephone-event", clockRate, 1).attribute());
        attributes.add(Attribute.of("fmtp", type + " 0-15"));
    }

    /**
     * Telephone events at the codec's clock rate (RFC 4733 §2.1); else at 8000, which phones with
     * Opus offer and mean all the same.
     */
    private static @Nullable RtpMap events(Map<Integer, RtpMap> maps, AudioCodec codec) {
        RtpMap other = null;
        for (RtpMap map : maps.values()) {
            if (map.encoding().equalsIgnoreCase("telephone-event")) {
                if (map.clockRate() == codec.clockRate()) {
                    return map;
                }
                if (map.clockRate() == 8000) {
                    other = map;
                }
            }
        }
        return other;
    }

    private PhoneMedia media(
            SessionDescription theirs,
            MediaDescription audio,
            AudioCodec codec,
            Types types,
            PeerPlace place,
            @Nullable TelephoneEvent events,
            @Nullable PhoneMedia before,
            Direction ours) {
        InetSocketAddress rtp = Objects.requireNonNull(place.rtp());
        Direction said = theirs.directionOf(audio);
        boolean held = holds(said, before);
        if (rtp.getAddress().isAnyLocalAddress()) {
            // Hold in the old style: it cannot receive (RFC 3264 §8.4).
            said = said.and(Direction.SENDONLY);
            held = true;
        }
        OpusParameters opus =
                codec == AudioCodec.OPUS
                        ? OpusParameters.parse(audio.fmtp(types.sent()))
                        : OpusParameters.DEFAULT;
        return new PhoneMedia(
                codec,
                types.sent(),
                types.received(),
                ptime(audio),
                rtp,
                Objects.requireNonNull(place.rtcp()),
                audio.has("rtcp-mux"),
                said.mirrored().and(ours),
                held,
                events,
                comfortNoise(audio.rtpMaps(), codec),
                opus);
    }

    /**
     * Whether the peer puts us on hold: it does not want to receive. One that only sends from its
     * first description on is a source without ears, not a phone on hold.
     */
    private static boolean holds(Direction said, @Nullable PhoneMedia before) {
        boolean onlySends = said == Direction.SENDONLY;
        boolean neverHeard = before == null || (before.onlySends() && !before.heldByPeer());
        return !said.receives() && !(onlySends && neverHeard);
    }

    private int ptime(MediaDescription audio) {
        int asked = audio.number("ptime", 1000);
        int most = audio.number("maxptime", 1000);
        int millis = asked <= 0 ? terms.ptimeMillis() : asked;
        if (most > 0) {
            millis = Math.min(millis, most);
        }
        int tens = millis / 10;
        return 10 * Math.clamp(tens, 1, MAX_PTIME_MILLIS / 10);
    }

    private static int comfortNoise(Map<Integer, RtpMap> maps, AudioCodec codec) {
        for (RtpMap map : maps.values()) {
            if (map.encoding().equalsIgnoreCase("CN") && map.clockRate() == codec.clockRate()) {
                return map.payloadType();
            }
        }
        return -1;
    }

    /**
     * Everything that we can, with the payload types that this dialog already uses (RFC 3264
     * §8.3.2).
     */
    MediaDescription offer(@Nullable MediaDescription before, Direction ours) {
        List<String> formats = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        Map<Integer, RtpMap> used = before == null ? Map.of() : before.rtpMaps();
        boolean opus = terms.codecs().contains(AudioCodec.OPUS);
        for (AudioCodec codec : terms.codecs()) {
            int type =
                    codec.staticPayloadType() >= 0
                            ? codec.staticPayloadType()
                            : usedOr(used, codec.encodingName(), codec.clockRate(), OPUS_TYPE);
            describe(formats, attributes, type, codec, OpusParameters.DEFAULT);
        }
        if (opus) {
            int type = free(formats, usedOr(used, "telephone-event", 48_000, 110));
            describeEvents(formats, attributes, type, 48_000);
        }
        int type = free(formats, usedOr(used, "telephone-event", 8000, 101));
        describeEvents(formats, attributes, type, 8000);
        attributes.add(Attribute.of("ptime", Integer.toString(terms.ptimeMillis())));
        attributes.add(Attribute.of("maxptime", Integer.toString(MAX_PTIME_MILLIS)));
        attributes.add(Attribute.flag(ours.attribute()));
        String protocol = before == null ? "RTP/AVP" : before.protocol();
        return new MediaDescription("audio", terms.rtpPort(), protocol, formats, null, attributes);
    }

    private static int usedOr(
            Map<Integer, RtpMap> used, String encoding, int clockRate, int otherwise) {
        for (RtpMap map : used.values()) {
            if (map.encoding().equalsIgnoreCase(encoding) && map.clockRate() == clockRate) {
                return map.payloadType();
            }
        }
        int type = otherwise;
        while (used.containsKey(type)) {
            type--;
        }
        return type;
    }

    private static int free(List<String> formats, int wanted) {
        int type = wanted;
        while (formats.contains(Integer.toString(type))) {
            type--;
        }
        return type;
    }

    /** What an offer of ours says may come in, codec by codec. */
    List<Incoming> incoming(MediaDescription ours) {
        List<Incoming> out = new ArrayList<>();
        for (RtpMap map : ours.rtpMaps().values()) {
            AudioCodec codec = codecOf(map);
            if (codec != null) {
                RtpMap events = events(ours.rtpMaps(), codec);
                TelephoneEvent event =
                        events == null
                                ? null
                                : new TelephoneEvent(
                                        events.payloadType(),
                                        events.payloadType(),
                                        events.clockRate());
                out.add(new Incoming(codec, map.payloadType(), event, -1));
            }
        }
        return out;
    }

    /** The peer's answer to {@code ours}. */
    Result answered(
            SessionDescription answer,
            MediaDescription theirs,
            MediaDescription ours,
            @Nullable PhoneMedia before,
            Direction wanted) {
        if (theirs.port() == 0 || !theirs.kind().equals("audio")) {
            return new Bad(SdpRefusal.NO_AUDIO_LINE, "the answer declines our audio line");
        }
        if (!isPlain(theirs.protocol())) {
            return new Bad(
                    SdpRefusal.ENCRYPTION_REQUIRED, "the answer changes the line's transport");
        }
        Map<Integer, RtpMap> ourMaps = ours.rtpMaps();
        Map<Integer, RtpMap> maps = new LinkedHashMap<>(theirs.rtpMaps());
        for (int type : theirs.payloadTypes()) {
            RtpMap known = ourMaps.get(type);
            if (known != null) {
                // An answer may leave out the rtpmap of a number that we defined.
                maps.putIfAbsent(type, known);
            }
        }
        for (int type : theirs.payloadTypes()) {
            RtpMap map = maps.get(type);
            AudioCodec codec = map == null ? null : codecOf(map);
            int received = codec == null ? -1 : typeOf(ourMaps, codec);
            if (codec != null && received >= 0) {
                Types types = new Types(type, received);
                PeerPlace place = PeerPlace.of(answer, theirs, terms.address());
                if (place.rtp() == null) {
                    return new Bad(SdpRefusal.UNSUPPORTED, place.fault());
                }
                TelephoneEvent events = events(maps, ours.rtpMaps(), codec);
                return new Good(
                        ours, media(answer, theirs, codec, types, place, events, before, wanted));
            }
        }
        return new Bad(SdpRefusal.NO_COMMON_CODEC, "the answer has none of the codecs we offered");
    }

    /** Telephone events by the peer's numbers and ours; null: not in both. */
    private static @Nullable TelephoneEvent events(
            Map<Integer, RtpMap> theirs, Map<Integer, RtpMap> ours, AudioCodec codec) {
        RtpMap events = events(theirs, codec);
        if (events == null) {
            return null;
        }
        for (RtpMap map : ours.values()) {
            if (map.encoding().equalsIgnoreCase("telephone-event")
                    && map.clockRate() == events.clockRate()) {
                return new TelephoneEvent(
                        events.payloadType(), map.payloadType(), events.clockRate());
            }
        }
        return null;
    }

    private static int typeOf(Map<Integer, RtpMap> maps, AudioCodec codec) {
        for (RtpMap map : maps.values()) {
            if (codecOf(map) == codec) {
                return map.payloadType();
            }
        }
        return -1;
    }
}
