package dev.roomline.media.loop;

import dev.roomline.media.codec.Codecs;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.Workbench;
import java.security.SecureRandom;

/** A real loop outside any relay. */
final class TestLoop {
    private TestLoop() {}

    static MediaLoop counting(DropCounters drops) {
        return new MediaLoop(
                0,
                new Workbench(
                        Codecs.load(), 5, PassThroughPolicy.AUTO, drops, new SecureRandom(), 0),
                drops,
                new LossCounters());
    }
}
