package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsIdentity;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.Workbench;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leg that cannot be taken out cleanly: its ports are free again all the same. */
class LegRemovalTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final LegId CALLER = new LegId(1);

    /** Whoever frees a decoder runs into a bug. */
    private static final class Stuck extends Codecs {
        Stuck() {
            super(Codecs.load());
        }

        @Override
        public AudioDecoder openDecoder(AudioCodec codec) {
            AudioDecoder decoder = super.openDecoder(codec);
            return (AudioDecoder)
                    Proxy.newProxyInstance(
                            AudioDecoder.class.getClassLoader(),
                            new Class<?>[] {AudioDecoder.class},
                            (_, method, arguments) -> {
                                if (method.getName().equals("close")) {
                                    throw new IllegalStateException("a bug of ours");
                                }
                                return method.invoke(decoder, arguments);
                            });
        }
    }

    private final DropCounters drops = new DropCounters();
    private final MediaLoop loop =
            new MediaLoop(
                    0,
                    new Workbench(
                            new Stuck(), 5, PassThroughPolicy.AUTO, drops, new SecureRandom(), 0),
                    drops,
                    new LossCounters());
    private final DtlsIdentity identity = DtlsIdentity.generate();
    private final DtlsHandshakes handshakes =
            new DtlsHandshakes(identity, 1, Duration.ofSeconds(15));

    /** There is room for one phone. */
    private final MediaSettings settings =
            new MediaSettings(
                    List.of(HERE),
                    List.of(),
                    21_300,
                    21_301,
                    0,
                    1,
                    List.of("pcmu"),
                    5,
                    PassThroughPolicy.AUTO,
                    EnhancementWishes.NONE,
                    Duration.ofMinutes(5));

    private final RtpPorts ports = new RtpPorts(settings.rtpPortFirst(), settings.rtpPortLast());
    private final LoopShare share =
            new LoopShare(
                    settings,
                    new LocalAddresses(settings.bind(), settings.publicAddresses()),
                    ports,
                    identity,
                    handshakes,
                    "name");

    @AfterEach
    void close() {
        loop.shutdown().awaitUninterruptibly(5, TimeUnit.SECONDS);
        handshakes.close();
    }

    private MediaRoom room() {
        loop.roomCount.incrementAndGet();
        LoopRoom room = new LoopRoom(loop, share, "abc-defg-hij", new Deaf());
        loop.postEnding(room::attach);
        return new PostedRoom(loop, room);
    }

    private static void enter(MediaRoom room) throws Exception {
        try (TestPhone phone = new TestPhone(Codecs.load(), AudioCodec.PCMU, 440)) {
            LoopbackRelay.answer(room, CALLER, phone.offer());
        }
    }

    /** All that was asked before has been done. */
    private static void settle(MediaRoom room) throws Exception {
        assertThat(room.report(CALLER).toCompletableFuture().get(5, TimeUnit.SECONDS)).isEmpty();
    }

    private void assertNothingIsLeft() {
        assertThat(drops.of(Drop.LOOP_FAULT)).isEqualTo(1);
        assertThat(loop.report().legs()).isZero();
        long whenRested = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        assertThat(ports.take(whenRested)).isEqualTo(settings.rtpPortFirst());
    }

    @Test
    void a_leg_whose_removal_fails_halfway_leaves_no_port_behind() throws Exception {
        MediaRoom room = room();
        enter(room);
        room.remove(CALLER);
        settle(room);

        assertNothingIsLeft();
    }

    @Test
    void a_room_whose_leg_fails_to_leave_is_closed_all_the_same() throws Exception {
        MediaRoom room = room();
        enter(room);
        room.close();
        settle(room);

        assertNothingIsLeft();
        assertThat(loop.report().rooms()).isZero();
    }
}
