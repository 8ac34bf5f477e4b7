package dev.roomline.media.room;

import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.AgreedBrowser;

/** A browser of a room in virtual time that speaks and hears nothing, by a path that is open. */
final class SpeakingBrowser {
    private static final int EVENTS = 110;
    private static final int EVENT_TICKS = 960;

    final BrowserLeg leg;
    private final VirtualRoom at;
    private int sequence = 65_000;
    private int timestamp = -50_000;

    SpeakingBrowser(int id, VirtualRoom at) {
        this.at = at;
        leg = new BrowserLeg(id, at.bench, at.room, true, "name", at.nowNanos());
        leg.attach(new OpenPath(at));
        leg.agreed(
                AgreedBrowser.speaking(AgreedBrowser.withKeys(AgreedBrowser.opusLine(), EVENTS)));
        at.room.add(leg);
    }

    /** Sends 20 ms of Opus. */
    void says(byte[] opus) {
        send(AgreedBrowser.OPUS, opus);
        timestamp += EVENT_TICKS;
    }

    /** Presses a key for so many packets of 20 ms, the last of which ends it. */
    void presses(int key, int packets) {
        for (int i = 1; i <= packets; i++) {
            int ticks = i * EVENT_TICKS;
            byte end = i == packets ? (byte) 0x80 : 0;
            send(EVENTS, new byte[] {(byte) key, end, (byte) (ticks >> 8), (byte) ticks});
        }
        timestamp += packets * EVENT_TICKS;
    }

    private void send(int type, byte[] payload) {
        byte[] datagram = new byte[payload.length + 40];
        int head = new RtpWriter().start(datagram, 0, false, type, sequence, timestamp, 99).end();
        System.arraycopy(payload, 0, datagram, head, payload.length);
        leg.onRtp(datagram, 0, head + payload.length, at.nowNanos());
        sequence = sequence + 1 & 0xFFFF;
    }
}
