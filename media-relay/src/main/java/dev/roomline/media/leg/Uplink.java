package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.rtp.AudioLevelExtension;
import dev.roomline.media.rtp.MidExtension;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.BrowserMedia;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a browser sends: which of its streams is its microphone, and that stream's numbers extended
 * so that they only grow, across a change of SSRC too. Owner: the loop.
 */
final class Uplink {
    /** Without the level extension whatever is longer than a DTX frame counts as speech. */
    private static final int ASSUMED_DBOV = -30;

    /** RFC 3550 §5.1: seven bits. */
    private static final int TYPES = 128;

    private static final int DTX_OCTETS = 2;
    private static final int SILENT_DBOV = -127;

    private final BrowserMedia.Uplink line;
    private final byte[] mid;

    private final StreamNumbers numbers = new StreamNumbers();

    /** By payload type. */
    private final @Nullable AudioCodec[] codecs = new @Nullable AudioCodec[TYPES];

    private final int[] eventRates = new int[TYPES];

    Uplink(BrowserMedia.Uplink line) {
        this.line = line;
        mid = line.mid().getBytes(StandardCharsets.US_ASCII);
        line.line().codecs().forEach((type, codec) -> codecs[type & TYPES - 1] = codec);
        line.line().telephoneEvents().forEach((rate, type) -> eventRates[type & TYPES - 1] = rate);
    }

    BrowserMedia.Uplink line() {
        return line;
    }

    /** The codec of a payload type; null if it is none of an audio codec. */
    @Nullable AudioCodec codecOf(int payloadType) {
        return codecs[payloadType];
    }

    /** The clock rate of a telephone-event payload type, 0 if it is none. */
    int telephoneEventRate(int payloadType) {
        return eventRates[payloadType];
    }

    /** Numbers a packet of a negotiated type; false if its stream is not the microphone's. */
    boolean accept(RtpPacket packet) {
        int midId = line.line().extensions().mid();
        if (numbers.isStarted()
                && !numbers.isOf(packet.ssrc())
                && midId > 0
                && MidExtension.isPresent(packet, midId)
                && !MidExtension.matches(packet, midId, mid)) {
            return false;
        }
        numbers.take(packet);
        return true;
    }

    /** Of the packet accepted last, extended. */
    long sequence() {
        return numbers.sequence();
    }

    /** Of the packet accepted last, extended, in ticks of its codec's clock. */
    long timestamp() {
        return numbers.timestamp();
    }

    /** The packet's level, −127 to 0: as the browser tells it (RFC 6464), or a guess. */
    int levelDbov(RtpPacket packet) {
        int told = AudioLevelExtension.read(packet, line.line().extensions().audioLevel());
        if (told != AudioLevelExtension.ABSENT) {
            return told;
        }
        return packet.payloadLength() > DTX_OCTETS ? ASSUMED_DBOV : SILENT_DBOV;
    }
}
