package dev.roomline.media.loop;

import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dtls.DtlsHandshakes;
import dev.roomline.media.dtls.DtlsIdentity;
import dev.roomline.media.enhance.Enhancement;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.Workbench;
import dev.roomline.media.srtp.SrtpSession;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relay on Netty: a media loop per core, whole rooms on each. Thread-safe. */
public final class NettyMediaRelay implements MediaRelay {
    private static final Logger LOG = LoggerFactory.getLogger(NettyMediaRelay.class);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(15);
    private static final int CNAME_OCTETS = 12;

    private final LoopShare share;
    private final DropCounters drops;
    private final LossCounters losses;
    private final List<MediaLoop> loops;

    private NettyMediaRelay(
            LoopShare share, DropCounters drops, LossCounters losses, List<MediaLoop> loops) {
        this.share = share;
        this.drops = drops;
        this.losses = losses;
        this.loops = loops;
    }

    /**
     * Starts the loops and binds their WebRTC ports.
     *
     * @throws UncheckedIOException if a WebRTC port cannot be bound on any address
     */
    public static NettyMediaRelay start(MediaSettings settings) {
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[CNAME_OCTETS];
        random.nextBytes(name);
        DtlsIdentity identity = DtlsIdentity.generate();
        LoopShare share =
                new LoopShare(
                        settings,
                        new LocalAddresses(settings.bind(), settings.publicAddresses()),
                        new RtpPorts(settings.rtpPortFirst(), settings.rtpPortLast()),
                        identity,
                        new DtlsHandshakes(
                                identity,
                                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                                HANDSHAKE_LIMIT),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(name));
        Codecs codecs = Codecs.load();
        Enhancement enhancement = Enhancement.load(settings.enhancement());
        DropCounters drops = new DropCounters();
        LossCounters losses = new LossCounters();
        Instant wall = Instant.now();
        long wallMinusClockNanos =
                wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - System.nanoTime();
        int count =
                settings.loops() > 0
                        ? settings.loops()
                        : Runtime.getRuntime().availableProcessors();
        List<MediaLoop> loops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Workbench bench =
                    new Workbench(
                            codecs,
                            settings.opusComplexity(),
                            settings.passThrough(),
                            enhancement,
                            drops,
                            random,
                            wallMinusClockNanos);
            loops.add(new MediaLoop(i, bench, drops, losses));
        }
        bindWebRtc(loops, settings);
        LOG.info(
                "media loops={} transport={} opus={} enhancement=\"{}\" srtp={} rtp_ports={}-{}",
                count,
                Sockets.transport(),
                codecs.opusVersion(),
                enhancement.done(),
                SrtpSession.chooseCipher(),
                settings.rtpPortFirst(),
                settings.rtpPortLast());
        rank(loops);
        return new NettyMediaRelay(share, drops, losses, List.copyOf(loops));
    }

    private static void rank(List<MediaLoop> loops) {
        int compilers = NiceValue.lowerCompilers();
        if (loops.stream().allMatch(MediaLoop::isPreferred)) {
            LOG.info(
                    "media loops run at nice {}, {} compiler threads at {}",
                    NiceValue.SOUND,
                    compilers,
                    NiceValue.COMPILERS);
        } else {
            LOG.info(
                    "media loops run at the nice value of all threads ({} compiler threads behind them): on a machine"
                            + " with other work ticks may come late; allow CAP_SYS_NICE or LimitNICE={}",
                    compilers,
                    NiceValue.SOUND);
        }
    }

    private static void bindWebRtc(List<MediaLoop> loops, MediaSettings settings) {
        for (MediaLoop loop : loops) {
            int port = settings.webrtcPort() == 0 ? 0 : settings.webrtcPort() + loop.index();
            List<InetSocketAddress> failed = loop.webRtcPort().open(settings.bind(), port);
            for (InetSocketAddress local : failed) {
                LOG.warn("media loop={} cannot bind {} for WebRTC", loop.index(), local);
            }
            // a host without IPv6 is no fault, a taken port is
            boolean taken =
                    failed.stream().anyMatch(f -> !(f.getAddress() instanceof Inet6Address));
            if (taken || !loop.webRtcPort().isOpen()) {
                for (MediaLoop each : loops) {
                    each.shutdown().awaitUninterruptibly(CLOSE_NANOS, TimeUnit.NANOSECONDS);
                }
                throw new UncheckedIOException(
                        new BindException(
                                "The WebRTC UDP port "
                                        + port
                                        + " cannot be opened; is it in use?"));
            }
        }
    }

    @Override
    public MediaRoom openRoom(String label, MediaListener listener) {
        MediaLoop loop = leastLoaded();
        loop.roomCount.incrementAndGet();
        LoopRoom room = new LoopRoom(loop, share, label, listener);
        loop.postEnding(room::attach);
        return new PostedRoom(loop, room);
    }

    private MediaLoop leastLoaded() {
        MediaLoop least = loops.getFirst();
        double expected = Double.MAX_VALUE;
        for (MediaLoop loop : loops) {
            double here = loop.expectedUtilisation();
            if (here < expected) {
                least = loop;
                expected = here;
            }
        }
        return least;
    }

    @Override
    public List<LoopReport> loops() {
        return loops.stream().map(MediaLoop::report).toList();
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> totals = new TreeMap<>();
        drops.addTo(totals);
        return totals;
    }

    @Override
    public long bufferBytes() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
    }

    @Override
    public Map<String, Long> losses() {
        return losses.totals();
    }

    @Override
    public void close() {
        List<Future<?>> ends = new ArrayList<>();
        for (MediaLoop loop : loops) {
            ends.add(loop.shutdown());
        }
        share.handshakes().close();
        long deadlineNanos = System.nanoTime() + CLOSE_NANOS;
        for (Future<?> end : ends) {
            end.awaitUninterruptibly(
                    Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }
}
