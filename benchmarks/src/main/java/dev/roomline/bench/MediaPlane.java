package dev.roomline.bench;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A server that joins two phones' sound, PCMU on one side and Opus on the other. */
interface MediaPlane extends AutoCloseable {

    /** Where the PCMU phone and the Opus phone of one room send to. */
    record Pair(InetSocketAddress pcmu, InetSocketAddress opus) {}

    /** Joins two phones, which hear at these ports of {@link SipCaller#ADDRESS}. */
    Pair join(int room, int pcmuPort, int opusPort) throws InterruptedException;

    /** Ends all rooms. */
    void leave() throws InterruptedException;

    /** What must be done while one waits. */
    default void rest(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    long pid();

    String name();

    @Override
    void close();

    /** Roomline: a room with two calls. */
    final class Roomline implements MediaPlane {
        private final Server server;
        private final SipCaller sip;
        private final List<SipCaller.Call> calls = new ArrayList<>();

        Roomline(int rooms, String cores) throws InterruptedException {
            server = Server.start(Server.Setup.of(rooms).on(cores));
            sip = new SipCaller(server.sipPort);
        }

        @Override
        public Pair join(int room, int pcmuPort, int opusPort) {
            String code = Server.code(room);
            return new Pair(
                    call(code, pcmuPort, "0 PCMU/8000"), call(code, opusPort, "111 opus/48000/2"));
        }

        private InetSocketAddress call(String code, int rtpPort, String codec) {
            SipCaller.Call call = sip.call(code, rtpPort, codec);
            calls.add(call);
            return call.rtp();
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

        @Override
        public long pid() {
            return server.pid();
        }

        @Override
        public String name() {
            return "Roomline";
        }

        @Override
        public void close() {
            sip.close();
            server.close();
        }
    }
}
