package dev.roomline.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One UDP socket for hundreds of phones, by Linux' {@code sendmmsg} and {@code recvmmsg}: many
 * datagrams a system call, and nothing allocated for any of them, so that the generator takes
 * little from what it measures. Which phone a datagram is for is told by the port that it comes
 * from. Owner: the {@link Crowd} that it was given to.
 */
final class PhoneWire implements AutoCloseable {
    /** Datagrams a system call. */
    static final int BATCH = 64;

    private static final int OCTETS = 1_500;
    private static final int RECEIVE_BUFFER_OCTETS = 8 * 1_024 * 1_024;

    /** {@code struct mmsghdr} on 64-bit Linux: a msghdr of 56 octets, a length of 4, padding. */
    private static final int HEADER = 64;

    private static final int NAME_OCTETS = 16;
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;

    private static final MethodHandle SOCKET = bind("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = bind("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = bind("connect", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle NAME = bind("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle OPTION =
            bind("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND =
            bind("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECEIVE =
            bind("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CLOSE = bind("close", JAVA_INT);

    private final Arena arena = Arena.ofShared();
    private final Vector out = new Vector(arena);
    private final Vector in = new Vector(arena);
    private final int socket;
    private final int port;
    private int waiting;

    /** {@link #BATCH} datagrams as the kernel wants them: headers, addresses, octets. */
    private static final class Vector {
        final MemorySegment headers;
        final MemorySegment names;
        final MemorySegment pieces;
        final MemorySegment octets;
        final ByteBuffer[] views = new ByteBuffer[BATCH];

        Vector(Arena arena) {
            headers = arena.allocate((long) BATCH * HEADER, 16);
            names = arena.allocate((long) BATCH * NAME_OCTETS, 16);
            pieces = arena.allocate(BATCH * 16L, 16);
            octets = arena.allocate((long) BATCH * OCTETS, 16);
            for (int i = 0; i < BATCH; i++) {
                MemorySegment piece = octets.asSlice((long) i * OCTETS, OCTETS);
                views[i] = piece.asByteBuffer();
                pieces.set(ADDRESS, i * 16L, piece);
                pieces.set(JAVA_LONG, i * 16L + 8, OCTETS);
                long at = (long) i * HEADER;
                headers.set(ADDRESS, at, names.asSlice((long) i * NAME_OCTETS, NAME_OCTETS));
                headers.set(JAVA_INT, at + 8, NAME_OCTETS);
                headers.set(ADDRESS, at + 16, pieces.asSlice(i * 16L, 16));
                headers.set(JAVA_LONG, at + 24, 1);
            }
        }

        int length(int index) {
            return headers.get(JAVA_INT, (long) index * HEADER + 56);
        }
    }

    /** Takes what has come, a datagram at a time. */
    interface Sink {
        /**
         * @param octets from 0 to its limit; valid during the call
         */
        void onDatagram(int fromPort, ByteBuffer octets);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle bind(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Binds to a free port of {@link SipCaller#ADDRESS}. */
    PhoneWire() {
        try (Arena brief = Arena.ofConfined()) {
            socket = (int) SOCKET.invokeExact(AF_INET, SOCK_DGRAM, 0);
            MemorySegment name = brief.allocate(NAME_OCTETS, 8);
            address(name, 0, new InetSocketAddress(SipCaller.ADDRESS, 0));
            require((int) BIND.invokeExact(socket, name, NAME_OCTETS), "bind");
            MemorySegment length = brief.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, NAME_OCTETS);
            require((int) NAME.invokeExact(socket, name, length), "getsockname");
            port = Short.toUnsignedInt(Short.reverseBytes(name.get(JAVA_SHORT, 2)));
            MemorySegment wanted = brief.allocate(JAVA_INT);
            wanted.set(JAVA_INT, 0, RECEIVE_BUFFER_OCTETS);
            // beyond the system's bound if we may, else up to it
            int forced = (int) OPTION.invokeExact(socket, SOL_SOCKET, SO_RCVBUFFORCE, wanted, 4);
            if (forced < 0) {
                require(
                        (int) OPTION.invokeExact(socket, SOL_SOCKET, SO_RCVBUF, wanted, 4),
                        "setsockopt");
            }
        } catch (Throwable fault) {
            throw new IllegalStateException("no socket for the phones", fault);
        }
    }

    private static void require(int result, String call) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed");
        }
    }

    private static void address(MemorySegment names, long at, InetSocketAddress to) {
        names.set(JAVA_SHORT, at, (short) AF_INET);
        names.set(JAVA_SHORT, at + 2, Short.reverseBytes((short) to.getPort()));
        MemorySegment.copy(to.getAddress().getAddress(), 0, names, JAVA_BYTE, at + 4, 4);
    }

    /** Where all its phones hear. */
    int port() {
        return port;
    }

    /** Its file descriptor. */
    int socket() {
        return socket;
    }

    /** Sends to one port alone from here on. */
    void connect(int toPort) {
        try (Arena brief = Arena.ofConfined()) {
            MemorySegment name = brief.allocate(NAME_OCTETS, 8);
            address(name, 0, new InetSocketAddress(SipCaller.ADDRESS, toPort));
            require((int) CONNECT.invokeExact(socket, name, NAME_OCTETS), "connect");
        } catch (Throwable fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** Room for the next datagram to send; {@link #put} takes it. */
    ByteBuffer next() {
        return out.views[waiting].clear().order(ByteOrder.BIG_ENDIAN);
    }

    /** Takes what was written to {@link #next}; sends when a batch is full. */
    void put(InetSocketAddress to) {
        address(out.names, (long) waiting * NAME_OCTETS, to);
        out.pieces.set(JAVA_LONG, waiting * 16L + 8, out.views[waiting].position());
        waiting++;
        if (waiting == BATCH) {
            flush();
        }
    }

    /** Sends what waits; what the kernel does not take is missed where it should have come. */
    void flush() {
        if (waiting == 0) {
            return;
        }
        try {
            int sent = (int) SEND.invokeExact(socket, out.headers, waiting, MSG_DONTWAIT);
            if (sent < waiting) {
                throw new IllegalStateException(sent + " of " + waiting + " datagrams were sent");
            }
        } catch (Throwable fault) {
            throw new IllegalStateException("phones cannot send", fault);
        }
        waiting = 0;
    }

    /** Takes all that has come. */
    void receive(Sink sink) {
        int got = BATCH;
        while (got == BATCH) {
            got = receiveBatch();
            for (int i = 0; i < got; i++) {
                ByteBuffer view = in.views[i].clear().order(ByteOrder.BIG_ENDIAN);
                view.limit(in.length(i));
                short from = in.names.get(JAVA_SHORT, (long) i * NAME_OCTETS + 2);
                sink.onDatagram(Short.toUnsignedInt(Short.reverseBytes(from)), view);
            }
        }
    }

    private int receiveBatch() {
        try {
            int got =
                    (int)
                            RECEIVE.invokeExact(
                                    socket, in.headers, BATCH, MSG_DONTWAIT, MemorySegment.NULL);
            return Math.max(0, got);
        } catch (Throwable fault) {
            throw new IllegalStateException("phones cannot hear", fault);
        }
    }

    @Override
    public void close() {
        try {
            require((int) CLOSE.invokeExact(socket), "close");
        } catch (Throwable fault) {
            throw new IllegalStateException(fault);
        }
        arena.close();
    }
}
