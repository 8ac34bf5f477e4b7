package dev.roomline.media.sdp;

import dev.roomline.media.codec.OpusWishes;
import java.util.Locale;

/**
 * What a peer's {@code a=fmtp} says about the Opus it wants to receive (RFC 7587 §6.1).
 *
 * @param inbandFec whether it can make use of in-band FEC
 * @param dtx whether it likes discontinuous transmission
 * @param stereo whether it prefers to receive stereo
 * @param maxPlaybackRate Hz it can render: 8000 to 48000
 * @param maxAverageBitrate bit/s it wants at most, 0: not said
 * @param constantBitrate whether it wants every packet of the same length
 */
public record OpusParameters(
        boolean inbandFec,
        boolean dtx,
        boolean stereo,
        int maxPlaybackRate,
        int maxAverageBitrate,
        boolean constantBitrate) {

    /** What holds when nothing is said. */
    public static final OpusParameters DEFAULT =
            new OpusParameters(false, false, false, 48_000, 0, false);

    /** Reads {@code minptime=10;useinbandfec=1}; what it does not understand is the default. */
    static OpusParameters parse(String fmtp) {
        boolean fec = false;
        boolean dtx = false;
        boolean stereo = false;
        int rate = 48_000;
        int bitrate = 0;
        boolean constant = false;
        for (String part : fmtp.split(";", 64)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String value = part.substring(equals + 1).strip();
            switch (part.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                case "useinbandfec" -> fec = value.equals("1");
                case "usedtx" -> dtx = value.equals("1");
                case "stereo" -> stereo = value.equals("1");
                case "maxplaybackrate" -> rate = within(value, 8_000, 48_000, 48_000);
                case "maxaveragebitrate" -> bitrate = within(value, 6_000, 510_000, 0);
                case "cbr" -> constant = value.equals("1");
                default -> {}
            }
        }
        return new OpusParameters(fec, dtx, stereo, rate, bitrate, constant);
    }

    /** What of it an encoder of ours follows; stereo is answered by mono. */
    public OpusWishes wishes() {
        return OpusWishes.of(maxPlaybackRate, maxAverageBitrate, inbandFec, dtx, constantBitrate);
    }

    private static int within(String value, int least, int most, int otherwise) {
        int number = SdpText.number(value, 999_999_999);
        return number < 0 ? otherwise : Math.clamp(number, least, most);
    }
}
