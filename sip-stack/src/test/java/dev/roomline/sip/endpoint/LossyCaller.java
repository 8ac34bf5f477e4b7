package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A caller that does what RFC 3261 asks of a user agent over UDP, with timers A, B, E and F and the
 * repetition of its own 2xx. What it wants is its {@link Plan}.
 */
final class LossyCaller {
    /** What a call is to become, on both sides. */
    enum Plan {
        CANCELS,
        CALLER_HANGS_UP,
        WE_HANG_UP,
        BUSY,
        CHALLENGED,
        CHALLENGED_LATE,
        CALLER_REINVITES,
        WE_REINVITE,
        BOTH_HANG_UP,
        LATE_OFFER
    }

    /** How it ended for the caller. */
    enum Outcome {
        OPEN,
        OVER,
        /** Nothing at all came for a request in 64·T1, which loss alone explains. */
        UNHEARD,
        /** A provisional came and no final: somebody forgot the call. */
        FORGOTTEN
    }

    private static final long T1 = 500;
    private static final long T2 = 4000;

    final Phone phone = new Phone();
    final Plan plan;
    Outcome outcome = Outcome.OPEN;
    private final LossyWire wire;
    private final Consumer<String> toUs;
    private final Map<String, Client> clients = new HashMap<>();
    private final Map<String, String> answers = new HashMap<>();
    private final Map<Long, Boolean> acknowledged = new HashMap<>();
    private String tag = "";
    private long cseq;
    private int branches;
    private boolean byeSent;

    LossyCaller(int number, LossyWire wire, Consumer<String> toUs) {
        this.plan = Plan.values()[number % Plan.values().length];
        this.wire = wire;
        this.toUs = toUs;
        phone.callId = "call-" + number;
        phone.fromTag = "f" + number;
        phone.body = plan == Plan.LATE_OFFER ? "" : phone.body;
    }

    /** A client transaction, repeated until something comes. */
    private final class Client {
        final String branch;
        final String text;
        final boolean invite;
        final Consumer<ParsedResponse> done;
        boolean heard;
        boolean over;

        Client(String branch, String text, Consumer<ParsedResponse> done) {
            this.branch = branch;
            this.text = text;
            this.invite = text.startsWith("INVITE");
            this.done = done;
            clients.put(branch + (text.startsWith("CANCEL") ? "C" : ""), this);
            repeat(T1);
            wire.in(64 * T1, this::giveUp);
        }

        private void repeat(long interval) {
            if (!over && !(invite && heard)) {
                toUs.accept(text);
                long next = invite ? 2 * interval : Math.min(T2, 2 * interval);
                wire.in(interval, () -> repeat(next));
            }
        }

        private void giveUp() {
            if (over) {
                return;
            }
            if (invite && heard) {
                wire.in(120_000, () -> end(Outcome.FORGOTTEN));
            } else {
                over = true;
                if (!text.startsWith("CANCEL")) {
                    end(Outcome.UNHEARD);
                }
            }
        }

        private void end(Outcome how) {
            if (!over || how == Outcome.UNHEARD) {
                over = true;
                outcome = outcome == Outcome.OPEN ? how : outcome;
            }
        }

        void response(ParsedResponse response) {
            heard = true;
            if (response.status() >= 200 && !over) {
                over = true;
                done.accept(response);
            }
        }
    }

    private String nextBranch() {
        return phone.callId + "-" + ++branches;
    }

    void start() {
        cseq++;
        phone.extra = plan == Plan.CHALLENGED_LATE ? "X-Credentials: old\r\n" : "";
        String branch = nextBranch();
        Client invite = new Client(branch, phone.invite(cseq, branch), this::invited);
        if (plan == Plan.CANCELS) {
            cancelOnceHeard(invite);
        }
    }

    /** §9.1: not before a provisional. */
    private void cancelOnceHeard(Client invite) {
        wire.in(
                1500,
                () -> {
                    if (!invite.over && invite.heard) {
                        new Client(
                                invite.branch, phone.cancel(cseq, invite.branch), response -> {});
                    } else if (!invite.over) {
                        cancelOnceHeard(invite);
                    }
                });
    }

    private void invited(ParsedResponse response) {
        switch (response.status()) {
            case 407 -> {
                cseq++;
                phone.extra = "X-Credentials: new\r\n";
                String branch = nextBranch();
                new Client(branch, phone.invite(cseq, branch), this::invited);
            }
            case 200 -> talk(response);
            default -> outcome = Outcome.OVER;
        }
    }

    private void talk(ParsedResponse response) {
        tag = String.valueOf(response.to().tag());
        // where each BYE of the other side was lost
        wire.in(200_000, this::hangUp);
        switch (plan) {
            case CALLER_HANGS_UP, CHALLENGED, CHALLENGED_LATE, LATE_OFFER ->
                    wire.in(3000, this::hangUp);
            case BOTH_HANG_UP -> wire.in(2000, this::hangUp);
            case CALLER_REINVITES -> wire.in(1000, () -> reinvite(3));
            case CANCELS, WE_HANG_UP, WE_REINVITE, BUSY -> {}
        }
    }

    private void reinvite(int more) {
        if (byeSent || outcome != Outcome.OPEN) {
            return;
        }
        cseq++;
        String branch = nextBranch();
        Consumer<ParsedResponse> then =
                more == 0
                        ? response -> wire.in(500, this::hangUp)
                        : response -> wire.in(700, () -> reinvite(more - 1));
        new Client(branch, phone.reinvite(cseq, branch, tag), then);
    }

    private void hangUp() {
        if (byeSent || outcome != Outcome.OPEN) {
            return;
        }
        byeSent = true;
        cseq++;
        String branch = nextBranch();
        String bye = phone.inDialog("BYE", cseq, branch, tag);
        new Client(branch, bye, response -> outcome = Outcome.OVER);
    }

    void receive(byte[] bytes) {
        switch (SipParser.parse(bytes, false)) {
            case ParsedResponse response -> response(response);
            case ParsedRequest request -> request(request, bytes);
            default -> throw new AssertionError("we sent a malformed message");
        }
    }

    private void response(ParsedResponse response) {
        String branch = String.valueOf(response.topVia().branch()).substring(7);
        Client client = clients.get(branch + (response.cseqMethod().equals("CANCEL") ? "C" : ""));
        if (client == null) {
            throw new AssertionError("an answer to nothing");
        }
        if (client.invite && response.status() >= 200) {
            String to = String.valueOf(response.to().tag());
            boolean success = response.status() < 300;
            String ack = success ? branch + "-ack" : branch;
            String body = success && plan == Plan.LATE_OFFER ? "v=0\r\n" : "";
            toUs.accept(phone.request("ACK", response.cseq(), ack, Phone.to(to), "", body));
        }
        client.response(response);
    }

    private void request(ParsedRequest request, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        switch (request.method()) {
            case "ACK" -> acknowledged.put(request.cseq(), true);
            case "INVITE" -> {
                String ok = Phone.answer(text, 200, "Contact: <sip:alice@192.0.2.9:5062>\r\n");
                if (answers.put(request.branch(), ok) == null) {
                    repeat(ok, request.cseq(), T1, 64 * T1);
                }
            }
            case "BYE" -> {
                answers.putIfAbsent(request.branch(), Phone.answer(text, 200, ""));
                toUs.accept(answers.getOrDefault(request.branch(), ""));
                outcome = outcome == Outcome.OPEN ? Outcome.OVER : outcome;
            }
            default -> toUs.accept(Phone.answer(text, 200, ""));
        }
    }

    /** §13.3.1.4: our own 2xx until its ACK. */
    private void repeat(String ok, long inviteCseq, long interval, long patience) {
        if (patience > 0 && !acknowledged.containsKey(inviteCseq)) {
            toUs.accept(ok);
            long next = Math.min(T2, 2 * interval);
            wire.in(interval, () -> repeat(ok, inviteCseq, next, patience - interval));
        }
    }
}
