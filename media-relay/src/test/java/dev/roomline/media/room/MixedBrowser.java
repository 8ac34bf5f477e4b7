package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.sdp.BrowserMedia;
import dev.roomline.media.sdp.OpusParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A browser of a room in virtual time that hears the room's mix on its single line. */
final class MixedBrowser {
    private static final int OPUS = 111;

    final BrowserLeg leg;
    final OpenPath path;

    MixedBrowser(int id, VirtualRoom at) {
        leg = new BrowserLeg(id, at.bench, at.room, false, "name", at.nowNanos());
        path = new OpenPath(at);
        leg.attach(path);
        leg.agreed(media(line(Map.of(OPUS, AudioCodec.OPUS), -1), true, "0"));
        at.room.add(leg);
    }

    /**
     * @param midId of the header extension, −1: none
     */
    static BrowserMedia.Line line(Map<Integer, AudioCodec> codecs, int midId) {
        return new BrowserMedia.Line(
                codecs,
                OPUS,
                Map.of(),
                -1,
                new BrowserMedia.HeaderExtensions(midId, -1, -1),
                new OpusParameters(true, false, false, 48_000, 0, false));
    }

    /** One that hears, on lines of these names. */
    static BrowserMedia media(BrowserMedia.Line line, boolean mix, String... mids) {
        List<BrowserMedia.Downlink> downlinks = new ArrayList<>();
        for (String mid : mids) {
            int ssrc = 5 + downlinks.size();
            downlinks.add(new BrowserMedia.Downlink(mid, ssrc, "name", false, line));
        }
        return new BrowserMedia(
                new IceCredentials("ufrag", "a password of 24 letters"),
                "other",
                "another password of 24 le",
                false,
                List.of(),
                true,
                null,
                downlinks,
                mix);
    }
}
