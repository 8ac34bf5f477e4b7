package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.sdp.BrowserMedia;
import dev.roomline.media.sdp.OpusParameters;
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
        BrowserMedia.Line line =
                new BrowserMedia.Line(
                        Map.of(OPUS, AudioCodec.OPUS),
                        OPUS,
                        Map.of(),
                        -1,
                        new BrowserMedia.HeaderExtensions(-1, -1, -1),
                        new OpusParameters(true, false, false, 48_000, 0, false));
        leg.attach(path);
        leg.agreed(
                new BrowserMedia(
                        new IceCredentials("ufrag", "a password of 24 letters"),
                        "other",
                        "another password of 24 le",
                        false,
                        List.of(),
                        true,
                        null,
                        List.of(new BrowserMedia.Downlink("0", 5, "name", false, line)),
                        true));
        at.room.add(leg);
    }
}
