package dev.roomline.media.loop;

import dev.roomline.media.ice.DatagramKind;
import dev.roomline.media.ice.IceLiteAgent;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.sdp.LocalCandidate;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A loop's WebRTC port: one socket per bound address, shared by all its browsers. A datagram finds
 * its browser by the address that it comes from, once a check from there was authentic; a first
 * check finds it by the user name. Nothing that is unknown leaves any state. Owner: the loop.
 */
final class WebRtcPort {
    private static final int READS_PER_TURN = 64;

    /** A second of a hundred browsers. */
    private static final int RECEIVE_BUFFER_OCTETS = 4 * 1_024 * 1_024;

    private final MediaLoop loop;
    private final List<UdpSocket> sockets = new ArrayList<>();
    private final Map<String, BrowserSeat> byUser = new HashMap<>();
    private final Map<InetSocketAddress, Route> byAddress = new HashMap<>();

    /** The socket by which a check came that is being answered. */
    private @Nullable UdpSocket answering;

    /** Whose an address is, and by which of our sockets it is reached. */
    private record Route(BrowserSeat seat, UdpSocket socket) {}

    WebRtcPort(MediaLoop loop) {
        this.loop = loop;
    }

    /**
     * Binds at the start, before the loop has rooms.
     *
     * @param port 0: any, as tests want it
     * @return what could not be bound
     */
    List<InetSocketAddress> open(List<InetAddress> addresses, int port) {
        List<InetSocketAddress> failed = new ArrayList<>();
        for (InetAddress address : addresses) {
            Face face = new Face();
            UdpSocket socket = new UdpSocket(loop, face, READS_PER_TURN);
            face.socket = socket;
            InetSocketAddress local = new InetSocketAddress(address, port);
            var binding = Sockets.bind(loop.group(), local, socket, RECEIVE_BUFFER_OCTETS);
            if (binding.awaitUninterruptibly().isSuccess()) {
                socket.opened(binding.channel());
                sockets.add(socket);
            } else {
                failed.add(local);
            }
        }
        return failed;
    }

    boolean isOpen() {
        return !sockets.isEmpty();
    }

    /** What a browser is told, in the order of {@code addresses}. */
    List<LocalCandidate> candidates(List<InetAddress> addresses) {
        List<LocalCandidate> found = new ArrayList<>();
        for (InetAddress address : addresses) {
            for (UdpSocket socket : sockets) {
                InetSocketAddress bound = socket.localAddress();
                if (reaches(bound.getAddress(), address)) {
                    found.add(new LocalCandidate(new InetSocketAddress(address, bound.getPort())));
                    break;
                }
            }
        }
        return found;
    }

    /** A public address is none of this machine's: it leads to the family's first socket. */
    private boolean reaches(InetAddress bound, InetAddress told) {
        boolean sameFamily = bound instanceof Inet4Address == told instanceof Inet4Address;
        return bound.equals(told) || (sameFamily && (bound.isAnyLocalAddress() || !isBound(told)));
    }

    private boolean isBound(InetAddress address) {
        return sockets.stream().anyMatch(s -> s.localAddress().getAddress().equals(address));
    }

    void register(String user, BrowserSeat seat) {
        byUser.put(user, seat);
    }

    /** Forgets those names of a seat that an ICE restart has made void. */
    void forgetAllBut(List<String> users, BrowserSeat seat) {
        byUser.entrySet().removeIf(e -> e.getValue() == seat && !users.contains(e.getKey()));
    }

    void forget(BrowserSeat seat) {
        byUser.values().removeIf(each -> each == seat);
        byAddress.values().removeIf(each -> each.seat() == seat);
    }

    /**
     * Sends by the socket that the address is known by, else by that which was just heard from,
     * else (a goodbye to one who is forgotten already) by the family's first.
     */
    void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        Route route = byAddress.get(to);
        UdpSocket socket = route != null ? route.socket() : answering;
        if (socket == null) {
            socket = firstFor(to.getAddress());
        }
        if (socket != null) {
            socket.send(to, bytes, offset, length);
        }
    }

    private @Nullable UdpSocket firstFor(InetAddress peer) {
        for (int i = 0; i < sockets.size(); i++) {
            InetAddress bound = sockets.get(i).localAddress().getAddress();
            if (bound instanceof Inet4Address == peer instanceof Inet4Address) {
                return sockets.get(i);
            }
        }
        return null;
    }

    private void onDatagram(
            UdpSocket socket, byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
        DatagramKind kind = DatagramKind.of(bytes, 0, length);
        if (kind == DatagramKind.STUN) {
            onStun(socket, bytes, length, source, nowNanos);
            return;
        }
        if (kind == DatagramKind.OTHER) {
            loop.bench().drop(Drop.WEBRTC_GARBAGE);
            return;
        }
        Route route = byAddress.get(source);
        if (route == null) {
            loop.bench().drop(Drop.WEBRTC_STRANGER);
        } else if (!route.seat().isValid(source)) {
            // Its agent has given the address up for newer ones.
            byAddress.remove(source);
            loop.bench().drop(Drop.WEBRTC_STRANGER);
        } else {
            route.seat().onDatagram(kind, bytes, length, source, nowNanos);
        }
    }

    private void onStun(
            UdpSocket socket, byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
        String user = IceLiteAgent.localUfrag(bytes, 0, length);
        Route route = byAddress.get(source);
        BrowserSeat known = route == null ? null : route.seat();
        BrowserSeat seat = user == null ? known : byUser.get(user);
        if (seat == null) {
            loop.bench().drop(Drop.STUN_UNKNOWN_USER);
            return;
        }
        answering = socket;
        seat.onDatagram(DatagramKind.STUN, bytes, length, source, nowNanos);
        answering = null;
        if (known != seat && seat.isValid(source)) {
            byAddress.put(source, new Route(seat, socket));
        }
    }

    /** One of the sockets, as it hands on what it receives. */
    private final class Face implements UdpSocket.Sink {
        @Nullable UdpSocket socket;

        @Override
        public void onDatagram(byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
            UdpSocket own = socket;
            if (own != null) {
                WebRtcPort.this.onDatagram(own, bytes, length, source, nowNanos);
            }
        }

        @Override
        public void onPortUnreachable(long nowNanos) {
            // The socket is connected to nobody; consent says when a browser is gone.
        }
    }

    void close() {
        for (UdpSocket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
