package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.sdp.AgreedBrowser;
import java.util.Map;

/** A browser of a room in virtual time that hears voices in slots and says nothing. */
final class SlotBrowser {
    static final int OPUS = AgreedBrowser.OPUS;
    private static final int MID_EXTENSION = 4;

    final BrowserLeg leg;
    final OpenPath path;

    /**
     * @param codecs what it plays in each slot, beside Opus
     */
    SlotBrowser(int id, VirtualRoom at, Map<Integer, AudioCodec> codecs, String... mids) {
        leg = new BrowserLeg(id, at.bench, at.room, false, "name", at.nowNanos());
        path = new OpenPath(at);
        leg.attach(path);
        leg.agreed(
                AgreedBrowser.slots(
                        AgreedBrowser.withMid(AgreedBrowser.line(codecs, -1), MID_EXTENSION),
                        mids));
        at.room.add(leg);
    }
}
