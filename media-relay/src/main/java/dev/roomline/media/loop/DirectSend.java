package dev.roomline.media.loop;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.netty.channel.epoll.Epoll;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends a datagram by Linux' {@code sendto} and nothing else: no buffer is taken, no queue passed
 * and nothing allocated for it. Elsewhere Netty's channels send. Owner: one media loop.
 */
final class DirectSend {
    /** The kernel was told that nobody listens there. */
    static final int REFUSED = 111;

    private static final boolean LINUX = Epoll.isAvailable();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle STATE_ERRNO =
            STATE.varHandle(StructLayout.PathElement.groupElement("errno"));
    private static final @Nullable MethodHandle SEND_TO = LINUX ? bind() : null;

    /** A full queue drops: a packet of sound that waits is late. */
    private static final int MSG_DONTWAIT = 0x40;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(STATE);
    private final MemorySegment octets = arena.allocate(MediaLoop.DATAGRAM_OCTETS);
    private final TargetAddresses targets = new TargetAddresses();

    @SuppressWarnings("restricted")
    private static MethodHandle bind() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sendto"),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                ERRNO);
    }

    static boolean isAvailable() {
        return LINUX;
    }

    /**
     * Sends one.
     *
     * @param to null: where the socket is connected to
     * @return 0, or why not, as {@code errno} has it
     */
    int send(int socket, @Nullable InetSocketAddress to, byte[] bytes, int offset, int length) {
        MemorySegment.copy(bytes, offset, octets, JAVA_BYTE, 0, length);
        MemorySegment address = to == null ? MemorySegment.NULL : targets.of(to);
        long sent = call(socket, length, address, to == null ? 0 : TargetAddresses.octets(to));
        return sent >= 0 ? 0 : (int) STATE_ERRNO.get(state, 0L);
    }

    private long call(int socket, int length, MemorySegment to, int toOctets) {
        MethodHandle sendTo = SEND_TO;
        if (sendTo == null) {
            throw new IllegalStateException("there is no sendto here");
        }
        try {
            return (long)
                    sendTo.invokeExact(
                            state, socket, octets, (long) length, MSG_DONTWAIT, to, toOctets);
        } catch (Throwable fault) {
            throw new IllegalStateException("sendto", fault);
        }
    }
}
