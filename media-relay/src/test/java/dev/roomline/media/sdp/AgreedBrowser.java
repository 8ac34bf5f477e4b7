package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was agreed with a browser, for tests of what comes after it. */
public final class AgreedBrowser {
    /** The payload type of Opus. */
    public static final int OPUS = 111;

    private AgreedBrowser() {}

    /** An audio line whose first codec is Opus, without header extensions. */
    public static BrowserMedia.Line opusLine() {
        return line(Map.of(OPUS, AudioCodec.OPUS), -1);
    }

    /**
     * @param levelExtension the number of RFC 6464's; −1 for none
     */
    public static BrowserMedia.Line line(Map<Integer, AudioCodec> codecs, int levelExtension) {
        return new BrowserMedia.Line(
                codecs,
                OPUS,
                Map.of(),
                -1,
                new BrowserMedia.HeaderExtensions(-1, levelExtension, -1),
                new OpusParameters(true, false, false, 48_000, 0, false));
    }

    /** The line as it is, whose packets say by that header extension which line they are of. */
    public static BrowserMedia.Line withMid(BrowserMedia.Line line, int midExtension) {
        return new BrowserMedia.Line(
                line.codecs(),
                line.opusPayloadType(),
                line.telephoneEvents(),
                line.comfortNoise(),
                new BrowserMedia.HeaderExtensions(midExtension, line.extensions().audioLevel(), -1),
                line.opus());
    }

    /** The line as it is, with keys at Opus' clock. */
    public static BrowserMedia.Line withKeys(BrowserMedia.Line line, int payloadType) {
        return new BrowserMedia.Line(
                line.codecs(),
                line.opusPayloadType(),
                Map.of(48_000, payloadType),
                line.comfortNoise(),
                line.extensions(),
                line.opus());
    }

    /** A browser that speaks by that line and hears nothing. */
    public static BrowserMedia speaking(BrowserMedia.Line line) {
        return of(new BrowserMedia.Uplink("0", line), List.of(), false);
    }

    /** A browser that hears by that line alone: one slot, or the room's mix. */
    public static BrowserMedia hearing(int ssrc, BrowserMedia.Line line, boolean mixed) {
        return of(null, List.of(new BrowserMedia.Downlink("0", ssrc, "name", !mixed, line)), mixed);
    }

    /** A browser that hears voices in slots of these names, and does not ask for lost packets. */
    public static BrowserMedia slots(BrowserMedia.Line line, String... mids) {
        List<BrowserMedia.Downlink> slots = new ArrayList<>();
        for (String mid : mids) {
            slots.add(new BrowserMedia.Downlink(mid, 5 + slots.size(), "name", false, line));
        }
        return of(null, slots, false);
    }

    private static BrowserMedia of(
            BrowserMedia.@Nullable Uplink up, List<BrowserMedia.Downlink> down, boolean mixed) {
        return new BrowserMedia(
                new IceCredentials("ufrag", "a password of 24 letters"),
                "other",
                "another password of 24 le",
                false,
                List.of(),
                true,
                up,
                down,
                mixed);
    }
}
