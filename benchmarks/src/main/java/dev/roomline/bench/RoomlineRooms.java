package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Roomline: a call per phone. */
final class RoomlineRooms implements MediaPlane {
    /**
     * As a phone offers that takes no more than this: it is sent some 26 kb/s then, as by the
     * others.
     */
    private static final String OPUS_TERMS = "maxaveragebitrate=32000";

    private final String name;
    private final Server server;
    private final SipCaller sip;
    private final List<SipCaller.Call> calls = new ArrayList<>();

    /**
     * @param name as tables show it
     * @param setup with as many rooms as will be needed at once
     */
    RoomlineRooms(String name, Server.Setup setup) throws InterruptedException {
        this.name = name;
        server = Server.start(setup);
        sip = new SipCaller(server.sipPort);
    }

    Server server() {
        return server;
    }

    @Override
    public List<InetSocketAddress> join(int room, List<AudioCodec> phones, int port) {
        List<InetSocketAddress> places = new ArrayList<>();
        for (AudioCodec codec : phones) {
            SipCaller.Call call = call(Server.code(room), codec, port);
            calls.add(call);
            places.add(call.rtp());
        }
        return places;
    }

    private SipCaller.Call call(String code, AudioCodec codec, int port) {
        return codec == AudioCodec.OPUS
                ? sip.call(code, port, "111 opus/48000/2", OPUS_TERMS)
                : sip.call(code, port, "0 PCMU/8000");
    }

    @Override
    public void leave() {
        calls.forEach(sip::hangUp);
        calls.clear();
    }

    @Override
    public void rest(long millis) {
        sip.listen(millis);
    }

    /** Calls that it has ended by itself. */
    int endedByServer() {
        return sip.endedByServer();
    }

    @Override
    public boolean compiles() {
        return true;
    }

    @Override
    public long pid() {
        return server.pid();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        sip.close();
        server.close();
    }
}
