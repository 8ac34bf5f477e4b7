package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.BrowserMedia;
import dev.roomline.media.sdp.OpusParameters;
import java.util.List;
import java.util.Map;

/** A browser of a room in virtual time that speaks and hears nothing, by a path that is open. */
final class SpeakingBrowser {
    private static final int OPUS = 111;
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
        BrowserMedia.Line line =
                new BrowserMedia.Line(
                        Map.of(OPUS, AudioCodec.OPUS),
                        OPUS,
                        Map.of(48_000, EVENTS),
                        -1,
                        new BrowserMedia.HeaderExtensions(-1, -1, -1),
                        new OpusParameters(true, false, false, 48_000, 0, false));
        leg.agreed(
                new BrowserMedia(
                        new IceCredentials("ufrag", "a password of 24 letters"),
                        "other",
                        "another password of 24 le",
                        false,
                        List.of(),
                        true,
                        new BrowserMedia.Uplink("0", line),
                        List.of(),
                        false));
        at.room.add(leg);
    }

    /** Sends 20 ms of Opus. */
    void says(byte[] opus) {
        send(OPUS, opus);
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
