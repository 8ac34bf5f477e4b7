package dev.roomline.media.loop;

import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.Workbench;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.IntSupplier;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One media loop: a thread that owns whole rooms with all their sockets, and one timer for all of
 * them. Others reach it by {@link #post}; everything else here is called on its own thread. No
 * exception ends it.
 */
final class MediaLoop {
    /** Largest datagram that is looked at; audio packets are far smaller. */
    static final int DATAGRAM_OCTETS = Workbench.PACKET_OCTETS;

    private static final Logger LOG = LoggerFactory.getLogger(MediaLoop.class);
    private static final long MAINTENANCE_NANOS = 100_000_000L;

    /** After so long a row of ticks the sockets have their turn. */
    private static final long TICKS_NANOS = 10_000_000L;

    /** Nothing that its channels are to be told of. */
    private static final int NOTHING_FOR_NETTY = 0;

    private final int index;
    private final EventLoopGroup group;
    private final EventExecutor executor;
    private final Workbench bench;
    private final DropCounters drops;
    private final LossCounters losses;
    private final TickWheel wheel = new TickWheel(Gathering.atOrBefore(System.nanoTime()));
    private final List<LoopRoom> rooms = new ArrayList<>();
    private final List<UdpSocket> unflushed = new ArrayList<>();
    private final WebRtcPort webRtcPort = new WebRtcPort(this);
    private final byte[] received = new byte[DATAGRAM_OCTETS];
    private final DirectSend directSend = new DirectSend();
    private final DirectReceive directReceive = new DirectReceive(received, new Arrived());
    private final Gathering gathering = new Gathering();

    /** Whether the last look at the sockets found anything. */
    private boolean found;

    private final Posts posts;
    private final LoopLoad load = new LoopLoad(System.nanoTime());

    /** Rooms that were given to this loop and legs that live on it; written here, read anywhere. */
    final AtomicInteger roomCount = new AtomicInteger();

    final AtomicInteger legCount = new AtomicInteger();

    private @Nullable Future<?> timer;
    private long timerNanos = Long.MAX_VALUE;
    private long maintenanceNanos;
    private volatile MediaRelay.Ticks ticks = MediaRelay.Ticks.NONE;
    private final CompletableFuture<Boolean> preferred = new CompletableFuture<>();

    MediaLoop(int index, Workbench bench, DropCounters drops, LossCounters losses) {
        this.index = index;
        this.bench = bench;
        this.drops = drops;
        this.losses = losses;
        group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("media-" + index, true),
                        Sockets.ioHandlerFactory(() -> this::rest));
        executor = group.next();
        posts = new Posts(executor, drops, this::run);
        executor.execute(() -> preferred.complete(NiceValue.set(NiceValue.SOUND)));
    }

    /** Whether the system lets sound go before other work; waits for the loop's first turn. */
    boolean isPreferred() {
        return preferred.join();
    }

    int index() {
        return index;
    }

    Workbench bench() {
        return bench;
    }

    EventLoopGroup group() {
        return group;
    }

    LossCounters lossCounters() {
        return losses;
    }

    WebRtcPort webRtcPort() {
        return webRtcPort;
    }

    TickWheel wheel() {
        return wheel;
    }

    /** The one clock; read by the loop at the start of whatever it does. */
    long now() {
        return System.nanoTime();
    }

    // ---- from other threads

    /** Runs {@code task} on the loop; false if its queue is full. */
    boolean post(Runnable task) {
        return posts.add(task);
    }

    /**
     * Runs what must not be refused: endings, since they free something, and who may be heard,
     * since a lost mute leaves somebody audible. Their number is bounded by that of the legs and
     * rooms that exist and by the rates that HTTP and signalling are held to.
     */
    boolean postEnding(Runnable task) {
        return posts.addEnding(task);
    }

    private void run(Runnable task) {
        beginTurn();
        step("posted_message", task);
    }

    MediaRelay.LoopReport report() {
        LoopLoad.Measure last = load.last();
        return new MediaRelay.LoopReport(
                last.utilisation(),
                roomCount.get(),
                legCount.get(),
                posts.waiting(),
                ticks,
                last.carried(bench.traffic()));
    }

    /** What a new room would find here: see {@link Placement}. */
    double expectedUtilisation() {
        LoopLoad.Measure last = load.last();
        return Placement.expected(last.utilisation(), last.weight(), weight());
    }

    private int weight() {
        return Math.max(legCount.get(), roomCount.get());
    }

    // ---- on the loop

    /** Hands a datagram on; an exception ends with it. */
    void received(DatagramPacket packet, UdpSocket.Sink sink) {
        ByteBuf content = packet.content();
        int length = Math.min(content.readableBytes(), DATAGRAM_OCTETS);
        content.readBytes(received, 0, length);
        received(sink, length, packet.sender());
    }

    /** What was taken without Netty. */
    private final class Arrived implements DirectReceive.Sink {
        @Override
        public void received(UdpSocket by, int length, InetSocketAddress source) {
            MediaLoop.this.received(by.sink(), length, source);
        }

        @Override
        public void refused(UdpSocket by) {
            by.sink().onPortUnreachable(now());
        }
    }

    private void received(UdpSocket.Sink sink, int length, InetSocketAddress source) {
        if (length >= DATAGRAM_OCTETS) {
            drops.count(Drop.OVERSIZE);
            return;
        }
        gathering.received();
        beginTurn();
        try {
            sink.onDatagram(received, length, source, now());
        } catch (RuntimeException bug) {
            fault("datagram", bug);
        }
    }

    /** What comes to this socket is taken by {@link DirectReceive} while the loop gathers. */
    void watch(UdpSocket socket, int descriptor) {
        if (executor.inEventLoop()) {
            directReceive.add(socket, descriptor);
        } else {
            executor.execute(() -> directReceive.add(socket, descriptor));
        }
    }

    /** It is closed, or goes to another loop. */
    void forget(int descriptor) {
        directReceive.remove(descriptor);
    }

    /** Does one thing of several: a bug in it does not keep the next from being done. */
    void step(String during, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            fault(during, bug);
        }
    }

    /** A bug ends what it struck, and never the loop. */
    void fault(String during, RuntimeException bug) {
        drops.count(Drop.LOOP_FAULT);
        LOG.error("event=media_loop_fault loop={} during={}", index, during, bug);
    }

    /** How its sockets send on Linux. */
    DirectSend directSend() {
        return directSend;
    }

    void sendFailed() {
        drops.count(Drop.SEND_FAILED);
    }

    void flushAfterTurn(UdpSocket socket) {
        unflushed.add(socket);
    }

    /** From here to {@link #endTurn} the loop counts as busy. */
    private void beginTurn() {
        if (!load.inTurn()) {
            load.beginTurn(now());
        }
    }

    /** Sends what the turn has written. */
    private void endTurn() {
        flush();
        if (load.inTurn()) {
            load.endTurn(now());
        }
    }

    /**
     * A turn is over: what it has written leaves. A quiet loop then sleeps until a packet or a
     * deadline; a busy one until it gathers what has come.
     *
     * @param look takes what has come, without waiting
     */
    private int rest(IntSupplier look, boolean hasTasks) throws Exception {
        long nowNanos = now();
        if (gathering.isOn() && isDue(nowNanos)) {
            turn(nowNanos);
        }
        endTurn();
        if (hasTasks) {
            return look.get();
        }
        if (!gathering.isOn()) {
            arm();
            return SelectStrategy.SELECT;
        }
        disarm();
        long waitNanos = found ? 0 : gathering.waitNanos(now());
        if (waitNanos > 0) {
            LockSupport.parkNanos(waitNanos);
        }
        // of a burst each look takes one packet: it looks until there are no more
        boolean direct = directReceive.seesAll();
        int ready = direct ? directReceive.take() : look.get();
        found = ready > 0;
        return direct ? NOTHING_FOR_NETTY : ready;
    }

    /** Sends what has been written up to now. */
    void flush() {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }

    void attach(LoopRoom room) {
        if (rooms.isEmpty()) {
            maintenanceNanos = now() + MAINTENANCE_NANOS;
        }
        rooms.add(room);
    }

    void detach(LoopRoom room) {
        rooms.remove(room);
        wheel.stop(room, room.phase());
        if (rooms.isEmpty()) {
            load.clear();
            gathering.stop();
        }
    }

    private long nextDeadlineNanos() {
        long next = wheel.nextDeadlineNanos();
        return rooms.isEmpty() ? next : Math.min(next, maintenanceNanos);
    }

    private boolean isDue(long nowNanos) {
        long next = nextDeadlineNanos();
        return next != Long.MAX_VALUE && nowNanos - next >= 0;
    }

    private void arm() {
        long next = nextDeadlineNanos();
        if (next == timerNanos) {
            return;
        }
        disarm();
        timerNanos = next;
        if (next != Long.MAX_VALUE) {
            timer =
                    executor.schedule(
                            this::onTimer, Math.max(0, next - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        timerNanos = Long.MAX_VALUE;
    }

    private void onTimer() {
        timer = null;
        timerNanos = Long.MAX_VALUE;
        turn(now());
    }

    /** Ticks, and what is looked after now and then. */
    private void turn(long nowNanos) {
        beginTurn();
        try {
            tick(nowNanos);
            if (nowNanos - maintenanceNanos >= 0) {
                maintain(nowNanos);
            }
        } catch (RuntimeException bug) {
            fault("turn", bug);
        }
    }

    /** Each tick has the time that it really begins at; what rounds have made leaves between. */
    private void tick(long beganNanos) {
        long nowNanos = beganNanos;
        while (nowNanos - beganNanos < TICKS_NANOS && wheel.tickNext(nowNanos)) {
            if (wheel.roundIsOver()) {
                flush();
            }
            nowNanos = now();
        }
    }

    private void maintain(long nowNanos) {
        maintenanceNanos = nowNanos + MAINTENANCE_NANOS;
        gathering.judge();
        for (int i = rooms.size() - 1; i >= 0; i--) {
            rooms.get(i).maintain(nowNanos);
        }
        ticks = wheel.lateness().report(nowNanos);
        load.maintain(nowNanos, rooms, weight());
    }

    /** Takes every room out, then ends the thread. */
    Future<?> shutdown() {
        postEnding(
                () -> {
                    for (LoopRoom room : List.copyOf(rooms)) {
                        room.close();
                    }
                    webRtcPort.close();
                    directReceive.close();
                });
        return group.shutdownGracefully(0, 1_500, TimeUnit.MILLISECONDS);
    }
}
