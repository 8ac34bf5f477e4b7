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
    private final PhoneSecurity security;
    private final PhoneIceLines ice;

    PhoneLine(PhoneTerms terms) {
        this.terms = terms;
        security = new PhoneSecurity(terms.security());
        ice = new PhoneIceLines(terms);
    }

    /**
     * A line of an offer that can be served.
     *
     * @param index its place in the offer
     */
    record Candidate(int index, PhoneSecurity.Taken security) {}

    /** Which line is taken: the first protected one, else the first; null: none can be. */
    @Nullable Candidate choose(SessionDescription offer, @Nullable PhoneMedia before) {
        Candidate plain = null;
        for (int i = 0; i < offer.media().size(); i++) {
            MediaDescription section = offer.media().get(i);
            if (hasCodec(section)
                    && protection(offer, section, before) instanceof PhoneSecurity.Taken taken) {
                if (taken.isSecured()) {
                    return new Candidate(i, taken);
                }
                plain = plain == null ? new Candidate(i, taken) : plain;
            }
        }
        return plain;
    }

    /** Whether it is a live audio line with a codec of ours. */
    boolean hasCodec(MediaDescription section) {
        return section.kind().equals("audio")
                && section.port() != 0
                && choose(section.rtpMaps()) != null;
    }

    /** What would protect an offered line. */
    PhoneSecurity.Choice protection(
            SessionDescription offer, MediaDescription section, @Nullable PhoneMedia before) {
        return security.answer(offer, section, before == null ? null : before.protection());
    }

    /** The first of our order that the line has, and the first payload type of it. */
    private @Nullable RtpMap choose(Map<Integer, RtpMap> maps) {
        for (AudioCodec codec : terms.codecs()) {
            for (RtpMap map : maps.values()) {
                if (PhoneFormats.codecOf(map) == codec) {
                    return map;
                }
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
            PhoneSecurity.Taken taken,
            @Nullable PhoneMedia before,
            Direction ours) {
        RtpMap map = choose(audio.rtpMaps());
        AudioCodec codec = map == null ? null : PhoneFormats.codecOf(map);
        if (map == null || codec == null) {
            return new Bad(SdpRefusal.NO_COMMON_CODEC, "none of the offered codecs is served here");
        }
        IceOffer offered = IceOffer.of(offer, audio);
        IceAgreement found = ice.answer(offered, before);
        PeerPlace place = PeerPlace.of(offer, audio, terms.address(), found != null);
        if (place.rtp() == null) {
            return new Bad(SdpRefusal.UNSUPPORTED, place.fault());
        }
        RtpMap events = PhoneFormats.events(audio.rtpMaps(), codec);
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
                        PhoneFormats.comfortNoise(audio.rtpMaps(), codec),
                        found,
                        before,
                        ours);
        List<Attribute> byIce =
                found == null ? ice.declined(offered) : ice.section(found, media.rtcpMux());
        MediaDescription section = section(audio, map, codec, events, media, byIce);
        return new Good(
                protectedBy(taken.attributes(), section, section.protocol()),
                media.protectedBy(taken.protection()));
    }

    /** Our section of an answer. */
    private MediaDescription section(
            MediaDescription audio,
            RtpMap map,
            AudioCodec codec,
            @Nullable RtpMap events,
            PhoneMedia media,
            List<Attribute> byIce) {
        List<String> formats = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        PhoneFormats.describe(formats, attributes, map.payloadType(), codec, media.opus());
        if (media.comfortNoise() >= 0) {
            PhoneFormats.describeNoise(formats, attributes, media.comfortNoise());
        }
        if (events != null) {
            PhoneFormats.describeEvents(
                    formats, attributes, events.payloadType(), events.clockRate());
        }
        attributes.add(Attribute.of("ptime", Integer.toString(media.ptimeMillis())));
        attributes.add(Attribute.of("maxptime", Integer.toString(MAX_PTIME_MILLIS)));
        if (media.rtcpMux()) {
            attributes.add(Attribute.flag("rtcp-mux"));
        } else if (audio.attribute("rtcp") != null) {
            attributes.add(Attribute.of("rtcp", Integer.toString(terms.rtpPort() + 1)));
        }
        attributes.addAll(byIce);
        attributes.add(Attribute.flag(media.direction().attribute()));
        return new MediaDescription(
                "audio", terms.rtpPort(), audio.protocol(), formats, null, attributes);
    }

    private PhoneMedia media(
            SessionDescription theirs,
            MediaDescription audio,
            AudioCodec codec,
            Types types,
            PeerPlace place,
            @Nullable TelephoneEvent events,
            int comfortNoise,
            @Nullable IceAgreement found,
            @Nullable PhoneMedia before,
            Direction ours) {
        InetSocketAddress rtp = Objects.requireNonNull(place.rtp());
        Direction said = theirs.directionOf(audio);
        boolean held = holds(said, before);
        boolean yetToGather =
                found != null && IceOffer.isYetToGather(rtp.getAddress(), rtp.getPort());
        if (rtp.getAddress().isAnyLocalAddress() && !yetToGather) {
            // Hold in the old style: it cannot receive (RFC 3264 §8.4).
            said = said.and(Direction.SENDONLY);
            held = true;
        }
        OpusParameters opus =
                codec == AudioCodec.OPUS
                        ? OpusParameters.parse(audio.fmtp(types.sent()))
                        : OpusParameters.DEFAULT;
        PhoneMedia agreed =
                new PhoneMedia(
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
                        comfortNoise,
                        opus);
        return agreed.reachedBy(found);
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

    /**
     * Everything that we can, with the payload types that this dialog already uses (RFC 3264
     * §8.3.2).
     */
    MediaDescription offer(
            @Nullable MediaDescription before, @Nullable PhoneMedia held, Direction ours) {
        List<String> formats = new ArrayList<>();
        List<Attribute> attributes = new ArrayList<>();
        Map<Integer, RtpMap> used = before == null ? Map.of() : before.rtpMaps();
        boolean opus = terms.codecs().contains(AudioCodec.OPUS);
        int noise = PhoneFormats.comfortNoise(used, AudioCodec.PCMU);
        for (AudioCodec codec : terms.codecs()) {
            int type =
                    codec.staticPayloadType() >= 0
                            ? codec.staticPayloadType()
                            : PhoneFormats.usedOr(
                                    used,
                                    codec.encodingName(),
                                    codec.clockRate(),
                                    PhoneFormats.OPUS_TYPE);
            PhoneFormats.describe(formats, attributes, type, codec, OpusParameters.DEFAULT);
        }
        if (noise >= 0) {
            // what a phone asked for stays agreed; of our own accord nobody is asked to be silent
            PhoneFormats.describeNoise(formats, attributes, noise);
        }
        if (opus) {
            int type =
                    PhoneFormats.free(
                            formats, PhoneFormats.usedOr(used, "telephone-event", 48_000, 110));
            PhoneFormats.describeEvents(formats, attributes, type, 48_000);
        }
        int type =
                PhoneFormats.free(formats, PhoneFormats.usedOr(used, "telephone-event", 8000, 101));
        PhoneFormats.describeEvents(formats, attributes, type, 8000);
        attributes.add(Attribute.of("ptime", Integer.toString(terms.ptimeMillis())));
        attributes.add(Attribute.of("maxptime", Integer.toString(MAX_PTIME_MILLIS)));
        PhoneSecurity.Proposal wanted =
                security.propose(before, held == null ? null : held.protection());
        attributes.addAll(wanted.attributes());
        if (held != null) {
            attributes.addAll(ice.section(held.ice(), false));
        }
        attributes.add(Attribute.flag(ours.attribute()));
        return new MediaDescription(
                "audio", terms.rtpPort(), wanted.protocol(), formats, null, attributes);
    }

    /** What holds, in another direction. */
    MediaDescription proposal(MediaDescription before, PhoneMedia held, Direction ours) {
        MediaDescription directed = before.directed(ours);
        if (held.protection() instanceof MediaProtection.Plain) {
            return directed;
        }
        PhoneSecurity.Proposal same = security.propose(before, held.protection());
        return protectedBy(same.attributes(), directed, same.protocol());
    }

    /** The section with these attributes of protection instead of others. */
    private static MediaDescription protectedBy(
            List<Attribute> by, MediaDescription section, String protocol) {
        List<Attribute> attributes = new ArrayList<>();
        for (Attribute a : section.attributes()) {
            if (!PhoneSecurity.isOfSecurity(a)) {
                attributes.add(a);
            }
        }
        attributes.addAll(by);
        return new MediaDescription(
                section.kind(),
                section.port(),
                protocol,
                section.formats(),
                section.connection(),
                attributes);
    }

    /** What an offer of ours says may come in, codec by codec. */
    List<Incoming> incoming(MediaDescription ours) {
        List<Incoming> out = new ArrayList<>();
        for (RtpMap map : ours.rtpMaps().values()) {
            AudioCodec codec = PhoneFormats.codecOf(map);
            if (codec != null) {
                RtpMap events = PhoneFormats.events(ours.rtpMaps(), codec);
                TelephoneEvent event =
                        events == null
                                ? null
                                : new TelephoneEvent(
                                        events.payloadType(),
                                        events.payloadType(),
                                        events.clockRate());
                int noise = PhoneFormats.comfortNoise(ours.rtpMaps(), codec);
                out.add(new Incoming(codec, map.payloadType(), event, noise));
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
        MediaProtection holds = before == null ? null : before.protection();
        return switch (security.answered(answer, theirs, ours, holds)) {
            case PhoneSecurity.Declined(SdpRefusal reason, String why) -> new Bad(reason, why);
            case PhoneSecurity.Taken taken -> answered(answer, theirs, ours, taken, before, wanted);
        };
    }

    private Result answered(
            SessionDescription answer,
            MediaDescription theirs,
            MediaDescription ours,
            PhoneSecurity.Taken taken,
            @Nullable PhoneMedia before,
            Direction wanted) {
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
            AudioCodec codec = map == null ? null : PhoneFormats.codecOf(map);
            int received = codec == null ? -1 : PhoneFormats.typeOf(ourMaps, codec);
            if (codec != null && received >= 0) {
                Types types = new Types(type, received);
                IceAgreement found = ice.answered(IceOffer.of(answer, theirs), before);
                PeerPlace place = PeerPlace.of(answer, theirs, terms.address(), found != null);
                if (place.rtp() == null) {
                    return new Bad(SdpRefusal.UNSUPPORTED, place.fault());
                }
                TelephoneEvent events = PhoneFormats.events(maps, ours.rtpMaps(), codec);
                int noise = PhoneFormats.comfortNoise(maps, ours.rtpMaps(), codec);
                PhoneMedia media =
                        media(
                                answer, theirs, codec, types, place, events, noise, found, before,
                                wanted);
                return new Good(
                        protectedBy(taken.attributes(), ours, ours.protocol()),
                        media.protectedBy(taken.protection()));
            }
        }
        return new Bad(SdpRefusal.NO_COMMON_CODEC, "the answer has none of the codecs we offered");
    }
}
