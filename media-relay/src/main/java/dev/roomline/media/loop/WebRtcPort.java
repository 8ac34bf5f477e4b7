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
import java.util.Optional;

/**
 * A loop's WebRTC port: one socket per bound address, shared by all its browsers. A datagram finds
 * its browser by the address that it comes from, once a check from there was authentic; a first
 * check finds it by the user name. Nothing that is unknown leaves any state. Owner: the loop.
 */
final class WebRtcPort implements UdpSocket.Sink {
    private static final int READS_PER_TURN = 64;

    /** A second of a hundred browsers. */
    private static final int RECEIVE_BUFFER_OCTETS = 4 * 1_024 * 1_024;

    private final MediaLoop loop;
    private final List<UdpSocket> sockets = new ArrayList<>();
    private final Map<String, BrowserSeat> byUser = new HashMap<>();
    private final Map<InetSocketAddress, BrowserSeat> byAddress = new HashMap<>();

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
            UdpSocket socket = new UdpSocket(loop, this);
            InetSocketAddress local = new InetSocketAddress(address, port);
            var binding =
                    Sockets.bind(
                            loop.group(), local, socket, READS_PER_TURN, RECEIVE_BUFFER_OCTETS);
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

    private Optional<UdpSocket> socketFor(InetAddress peer) {
        boolean v4 = peer instanceof Inet4Address;
        for (UdpSocket socket : sockets) {
            if (socket.localAddress().getAddress() instanceof Inet4Address == v4) {
                return Optional.of(socket);
            }
        }
        return Optional.empty();
    }

    /** What a browser is told, in the order of {@code addresses}. */
    List<LocalCandidate> candidates(List<InetAddress> addresses) {
        List<LocalCandidate> found = new ArrayList<>();
        for (InetAddress address : addresses) {
            socketFor(address)
                    .ifPresent(
                            socket ->
                                    found.add(
                                            new LocalCandidate(
                                                    new InetSocketAddress(
                                                            address,
                                                            socket.localAddress().getPort()))));
        }
        return found;
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
        byAddress.values().removeIf(each -> each == seat);
    }

    void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        socketFor(to.getAddress()).ifPresent(socket -> socket.send(to, bytes, offset, length));
    }

    @Override
    public void onDatagram(byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
        DatagramKind kind = DatagramKind.of(bytes, 0, length);
        if (kind == DatagramKind.STUN) {
            onStun(bytes, length, source, nowNanos);
            return;
        }
        if (kind == DatagramKind.OTHER) {
            loop.bench().drop(Drop.WEBRTC_GARBAGE);
            return;
        }
        BrowserSeat seat = byAddress.get(source);
        if (seat == null) {
            loop.bench().drop(Drop.WEBRTC_STRANGER);
        } else {
            seat.onDatagram(kind, bytes, length, source, nowNanos);
        }
    }

    private void onStun(byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
        String user = IceLiteAgent.localUfrag(bytes, 0, length);
        BrowserSeat seat = user == null ? byAddress.get(source) : byUser.get(user);
        if (seat == null) {
            loop.bench().drop(Drop.STUN_UNKNOWN_USER);
            return;
        }
        seat.onDatagram(DatagramKind.STUN, bytes, length, source, nowNanos);
        if (seat.isValid(source)) {
            byAddress.put(source, seat);
        }
    }

    @Override
    public void onPortUnreachable() {
        // The socket is connected to nobody; consent says when a browser is gone.
    }

    void close() {
        for (UdpSocket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
