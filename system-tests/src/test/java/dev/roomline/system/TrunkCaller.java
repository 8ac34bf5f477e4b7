package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A carrier's call over UDP, known by a header, that is answered and held until it hangs up. */
final class TrunkCaller implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SipPeer sip;
    private final String invite;
    private SipTrace.Message answer = new SipTrace.Message(true, "");

    /**
     * @param header what the trunk is known by
     */
    TrunkCaller(BridgeProcess bridge, String user, String header) {
        this(bridge, user, header, SipText.offer("127.0.0.1", 9));
    }

    /** The same with an offer of its own. */
    TrunkCaller(BridgeProcess bridge, String user, String header, String offer) {
        sip = SipPeer.overUdp(bridge.sipPort());
        invite =
                SipText.withBody(
                                SipText.request(
                                        "INVITE",
                                        user,
                                        bridge.sipPort(),
                                        "UDP",
                                        sip.port(),
                                        SipText.unique()),
                                offer)
                        .replace("Max-Forwards", header + "\r\nMax-Forwards");
    }

    /** The final response; acknowledged. */
    SipTrace.Message call() {
        sip.send(invite);
        answer = sip.receiveFinal(LIMIT).orElseThrow();
        sip.send(
                answer.status() < 300
                        ? SipText.inDialog("ACK", 1, invite, answer)
                        : SipText.ack(invite, answer));
        return answer;
    }

    String callId() {
        return new SipTrace.Message(false, invite).header("Call-ID");
    }

    /** The server's BYE, answered. */
    SipTrace.Message awaitBye() {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < until) {
            SipTrace.Message message = sip.receive(LIMIT).orElseThrow();
            if (message.is("BYE")) {
                sip.send(SipText.answer(message, sip.port(), ""));
                return message;
            }
        }
        throw new AssertionError("no BYE came");
    }

    void hangUp() {
        sip.send(SipText.inDialog("BYE", 2, invite, answer));
        assertThat(sip.receiveFinal(LIMIT).orElseThrow().status()).isEqualTo(200);
    }

    /**
     * Gives up a moment after it called.
     *
     * @return whether that was before the answer; a call that was answered is hung up
     */
    boolean cancelAfter(Duration wait) {
        sip.send(invite);
        LockSupport.parkNanos(wait.toNanos());
        sip.send(SipText.cancel(invite));
        SipTrace.Message one = sip.receiveFinal(LIMIT).orElseThrow();
        SipTrace.Message two = sip.receiveFinal(LIMIT).orElseThrow();
        answer = one.header("CSeq").endsWith("INVITE") ? one : two;
        if (answer.status() == 487) {
            sip.send(SipText.ack(invite, answer));
            return true;
        }
        sip.send(SipText.inDialog("ACK", 1, invite, answer));
        hangUp();
        return false;
    }

    @Override
    public void close() {
        sip.close();
    }
}
