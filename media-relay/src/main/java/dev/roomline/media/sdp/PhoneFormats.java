package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Payload types of a SIP peer's audio line: what they mean, and how ours are written. */
final class PhoneFormats {
    /**
     * RFC 7587 §6.1, what we want and send: we play and take up 16 kHz, in mono, and use FEC. Each
     * side's are its own, whatever the other says (§7).
     */
    private static final String OPUS_WISHES =
            "useinbandfec=1;stereo=0;sprop-stereo=0;maxplaybackrate=16000;sprop-maxcapturerate=16000";

    static final int OPUS_TYPE = 111;

    private PhoneFormats() {}

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

    static void describe(
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

    static void describeEvents(
            List<String> formats, List<Attribute> attributes, int type, int clockRate) {
        formats.add(Integer.toString(type));
        attributes.add(new RtpMap(type, "telephone-event", clockRate, 1).attribute());
        attributes.add(Attribute.of("fmtp", type + " 0-15"));
    }

    /**
     * Telephone events at the codec's clock rate (RFC 4733 §2.1); else at 8000, which phones with
     * Opus offer and mean all the same.
     */
    static @Nullable RtpMap events(Map<Integer, RtpMap> maps, AudioCodec codec) {
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

    /**
     * Payload type of the comfort noise beside a codec (RFC 3389 §4); −1: none, or the codec is
     * Opus, which tells of silence itself.
     */
    static int comfortNoise(Map<Integer, RtpMap> maps, AudioCodec codec) {
        boolean itself = codec == AudioCodec.OPUS;
        for (RtpMap map : maps.values()) {
            if (!itself && isNoise(map) && map.clockRate() == codec.clockRate()) {
                return map.payloadType();
            }
        }
        return -1;
    }

    private static boolean isNoise(RtpMap map) {
        return map.encoding().equalsIgnoreCase("CN");
    }

    /** The same of one description and the other; −1: not in both. */
    static int comfortNoise(
            Map<Integer, RtpMap> theirs, Map<Integer, RtpMap> ours, AudioCodec codec) {
        int type = comfortNoise(theirs, codec);
        return type == comfortNoise(ours, codec) ? type : -1;
    }

    static void describeNoise(List<String> formats, List<Attribute> attributes, int type) {
        formats.add(Integer.toString(type));
        attributes.add(new RtpMap(type, "CN", 8000, 1).attribute());
    }

    static int usedOr(Map<Integer, RtpMap> used, String encoding, int clockRate, int otherwise) {
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

    static int free(List<String> formats, int wanted) {
        int type = wanted;
        while (formats.contains(Integer.toString(type))) {
            type--;
        }
        return type;
    }

    /** Telephone events by the peer's numbers and ours; null: not in both. */
    static @Nullable TelephoneEvent events(
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

    static int typeOf(Map<Integer, RtpMap> maps, AudioCodec codec) {
        for (RtpMap map : maps.values()) {
            if (codecOf(map) == codec) {
                return map.payloadType();
            }
        }
        return -1;
    }
}
