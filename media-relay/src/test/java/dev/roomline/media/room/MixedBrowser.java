package dev.roomline.media.room;

import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.sdp.AgreedBrowser;

/** A browser of a room in virtual time that hears the room's mix on its single line. */
final class MixedBrowser {
    final BrowserLeg leg;
    final OpenPath path;

    MixedBrowser(int id, VirtualRoom at) {
        leg = new BrowserLeg(id, at.bench, at.room, false, "name", at.nowNanos());
        path = new OpenPath(at);
        leg.attach(path);
        leg.agreed(AgreedBrowser.hearing(5, AgreedBrowser.opusLine(), true));
        at.room.add(leg);
    }
}
