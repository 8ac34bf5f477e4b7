package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.sdp.MediaEncryption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real relay on the loopback address, and phones on real sockets for its rooms. */
final class LoopbackRelay implements AutoCloseable {
    static final InetAddress HERE = InetAddress.getLoopbackAddress();

    final NettyMediaRelay media;
    private final Codecs codecs = Codecs.load();

    LoopbackRelay(int loops) {
        media = NettyMediaRelay.start(settings(List.of(HERE), loops));
    }

    static MediaSettings settings(List<InetAddress> bound, int loops) {
        return new MediaSettings(
                bound,
                List.of(),
                21_000,
                21_199,
                0,
                loops,
                List.of("opus", "g722", "pcmu", "pcma"),
                5,
                PassThroughPolicy.AUTO,
                EnhancementWishes.NONE,
                Duration.ofMinutes(5));
    }

    /** As a phone on the loopback address sends it. */
    static PhoneRequest request(String offer) {
        return request(offer, HERE, HERE);
    }

    static PhoneRequest request(String offer, InetAddress from, InetAddress reached) {
        return new PhoneRequest(
                offer.getBytes(StandardCharsets.UTF_8),
                new InetSocketAddress(from, 5_060),
                new InetSocketAddress(reached, 5_070),
                List.of(),
                List.of(),
                MediaEncryption.ALLOW);
    }

    TestPhone phone(AudioCodec codec, double hertz) throws IOException {
        return new TestPhone(codecs, codec, hertz);
    }

    /** What an offer that the room takes is answered with. */
    static byte[] answer(MediaRoom room, LegId leg, String offer) throws Exception {
        Outcome outcome = get(room.addPhone(leg, request(offer)));
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) outcome).sdp();
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    static void await(String what, BooleanSupplier reached) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadlineNanos);
            LockSupport.parkNanos(5_000_000L);
        }
    }

    @Override
    public void close() {
        media.close();
    }
}
