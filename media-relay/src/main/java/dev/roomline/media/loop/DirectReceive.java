package dev.roomline.media.loop;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.netty.channel.epoll.Epoll;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes what has come to the sockets of a loop that gathers, by Linux' {@code epoll_wait} and
 * {@code recvfrom} and nothing else: no buffer is taken, no pipeline passed, and nothing allocated
 * for it. The sockets stay registered with Netty, too, which reads them while the loop is quiet.
 * Owner: one media loop.
 */
final class DirectReceive {
    /** Is told what came; octets are in the array that was given. */
    interface Sink {
        void received(UdpSocket by, int length, InetSocketAddress source);

        /** The kernel says that nobody listens where the socket is connected to. */
        void refused(UdpSocket by);
    }

    private static final boolean LINUX = Epoll.isAvailable();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle STATE_ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final @Nullable MethodHandle CREATE = bind("epoll_create1", JAVA_INT);
    private static final @Nullable MethodHandle CONTROL =
            bind("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final @Nullable MethodHandle WAIT =
            bind("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final @Nullable MethodHandle RECEIVE =
            LINUX
                    ? link(
                            "recvfrom",
                            FunctionDescriptor.of(
                                    JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
                                    ADDRESS))
                    : null;
    private static final @Nullable MethodHandle CLOSE = bind("close", JAVA_INT);

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int MSG_DONTWAIT = 0x40;

    /** {@code struct epoll_event} is packed on x86 alone: events, then what we have said of it. */
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final int EVENT_OCTETS = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;

    /** Sockets that one look tells of; the others are told of by the next. */
    private static final int EVENTS = 64;

    private static final int ADDRESS_OCTETS = 28;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(STATE);
    private final MemorySegment events = arena.allocate((long) EVENTS * EVENT_OCTETS, 8);
    private final MemorySegment octets;
    private final MemorySegment address = arena.allocate(ADDRESS_OCTETS, 8);
    private final MemorySegment addressOctets = arena.allocate(JAVA_INT);
    private final byte[] received;
    private final SourceAddresses sources = new SourceAddresses();
    private final Sink sink;

    /** By descriptor. */
    private @Nullable UdpSocket[] sockets = new @Nullable UdpSocket[64];

    private int queue = -1;

    /** The kernel refused one: what comes to it would never be seen here. */
    private boolean blind = !LINUX;

    /**
     * @param received takes each datagram
     */
    DirectReceive(byte[] received, Sink sink) {
        this.received = received;
        this.sink = sink;
        octets = arena.allocate(received.length);
    }

    static boolean isAvailable() {
        return LINUX;
    }

    private static @Nullable MethodHandle bind(String name, MemoryLayout... arguments) {
        return LINUX ? link(name, FunctionDescriptor.of(JAVA_INT, arguments)) : null;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    /** Looks after a socket from here on. */
    void add(UdpSocket socket, int descriptor) {
        if (blind || descriptor < 0) {
            return;
        }
        if (queue < 0) {
            queue = create();
        }
        if (descriptor >= sockets.length) {
            sockets = Arrays.copyOf(sockets, Math.max(2 * sockets.length, descriptor + 1));
        }
        sockets[descriptor] = socket;
        events.set(JAVA_INT_UNALIGNED, 0, EPOLLIN);
        events.set(JAVA_INT_UNALIGNED, EVENT_DATA, descriptor);
        blind = control(EPOLL_CTL_ADD, descriptor) != 0;
    }

    /** Whether it looks after all sockets that it was given; else Netty must be asked. */
    boolean seesAll() {
        return !blind;
    }

    /** It is about to be closed, or goes to another loop. */
    void remove(int descriptor) {
        if (descriptor >= 0 && descriptor < sockets.length && sockets[descriptor] != null) {
            sockets[descriptor] = null;
            int _ = control(EPOLL_CTL_DEL, descriptor);
        }
    }

    /**
     * Takes a datagram of each socket that has one, without waiting.
     *
     * @return how many sockets had something
     */
    int take() {
        int ready = queue < 0 ? 0 : await();
        for (int i = 0; i < ready; i++) {
            int descriptor = events.get(JAVA_INT_UNALIGNED, (long) i * EVENT_OCTETS + EVENT_DATA);
            // what came before may have closed what comes after
            UdpSocket socket = sockets[descriptor];
            for (int reads = 0; socket != null && reads < socket.readsPerTurn(); reads++) {
                if (!receive(socket, descriptor)) {
                    break;
                }
                socket = sockets[descriptor];
            }
        }
        return Math.max(0, ready);
    }

    /** Whether there was anything. */
    private boolean receive(UdpSocket socket, int descriptor) {
        addressOctets.set(JAVA_INT, 0, ADDRESS_OCTETS);
        long length = call(descriptor);
        if (length >= 0) {
            MemorySegment.copy(octets, JAVA_BYTE, 0, received, 0, (int) length);
            sink.received(socket, (int) length, sources.of(address));
            return true;
        }
        int fault = (int) STATE_ERRNO.get(state, 0L);
        if (fault == DirectSend.REFUSED) {
            sink.refused(socket);
            return true;
        }
        return false;
    }

    private long call(int descriptor) {
        MethodHandle receive = required(RECEIVE);
        try {
            return (long)
                    receive.invokeExact(
                            state,
                            descriptor,
                            octets,
                            (long) received.length,
                            MSG_DONTWAIT,
                            address,
                            addressOctets);
        } catch (Throwable fault) {
            throw new IllegalStateException("recvfrom", fault);
        }
    }

    private int await() {
        MethodHandle wait = required(WAIT);
        try {
            return (int) wait.invokeExact(state, queue, events, EVENTS, 0);
        } catch (Throwable fault) {
            throw new IllegalStateException("epoll_wait", fault);
        }
    }

    private int control(int what, int descriptor) {
        MethodHandle control = required(CONTROL);
        try {
            return (int) control.invokeExact(state, queue, what, descriptor, events);
        } catch (Throwable fault) {
            throw new IllegalStateException("epoll_ctl", fault);
        }
    }

    private int create() {
        MethodHandle create = required(CREATE);
        try {
            return (int) create.invokeExact(state, EPOLL_CLOEXEC);
        } catch (Throwable fault) {
            throw new IllegalStateException("epoll_create1", fault);
        }
    }

    /** The loop ends. */
    void close() {
        if (queue < 0) {
            return;
        }
        MethodHandle close = required(CLOSE);
        try {
            int _ = (int) close.invokeExact(state, queue);
        } catch (Throwable fault) {
            throw new IllegalStateException("close", fault);
        }
        queue = -1;
    }

    private static MethodHandle required(@Nullable MethodHandle bound) {
        if (bound == null) {
            throw new IllegalStateException("there is no epoll here");
        }
        return bound;
    }
}
