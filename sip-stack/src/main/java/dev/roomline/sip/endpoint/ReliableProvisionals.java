package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Unacknowledged;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.OptionTags;
import dev.roomline.sip.message.ParsedRequest;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our provisional responses to one INVITE that must not get lost (RFC 3262 §3): all of them where
 * the caller requires it, those with a description where it supports it. One at a time; the next,
 * and a 2xx where the one before has a description, waits for the PRACK. Owner: the signalling
 * loop.
 *
 * <pre>
 *  18x, RSeq n ──▶ again after T1, 2·T1, 4·T1 …
 *        PRACK, RAck n ──▶ 200, then what waits: 18x with RSeq n + 1, or the 2xx
 *        nothing for 64·T1 ──▶ 504
 * </pre>
 */
final class ReliableProvisionals {
    private static final int MOST_WAITING = 8;
    private static final HeaderField REQUIRE = new HeaderField("Require", "100rel");

    private final Core core;
    private final UserAgentServer server;
    private final InboundRequest invite;
    private final boolean required;
    private final boolean inviteOffers;
    private final ArrayDeque<SipCommand.Respond> waiting = new ArrayDeque<>(1);
    private long rseq;
    private @Nullable Unacknowledged unacknowledged;

    /** The one that is unacknowledged has a description: no 2xx before its PRACK. */
    private boolean describes;

    /** Our offer left in a provisional response, and its PRACK has brought no answer yet. */
    private boolean offered;

    private ReliableProvisionals(
            Core core, UserAgentServer server, InboundRequest invite, boolean required) {
        this.core = core;
        this.server = server;
        this.invite = invite;
        this.required = required;
        this.inviteOffers = invite.request().body() != null;
        // §3: from 1 to 2**31 - 1, so that it never wraps
        this.rseq = 1L + core.random.nextInt(1 << 30);
    }

    /** Null where the caller knows no PRACK, or the dialog is confirmed already. */
    static @Nullable ReliableProvisionals of(
            Core core, UserAgentServer server, InboundRequest invite) {
        ParsedRequest request = invite.request();
        LiveDialog live = invite.dialog;
        boolean required = OptionTags.names(request.headers("Require"), "100rel");
        boolean known = required || OptionTags.names(request.headers("Supported"), "100rel");
        return known && live != null && !live.confirmed()
                ? new ReliableProvisionals(core, server, invite, required)
                : null;
    }

    /**
     * Takes a provisional response if it must be reliable.
     *
     * @return false: it goes out as any other
     */
    boolean takes(SipCommand.Respond answer, long nowNanos) {
        boolean described = answer.body() != null;
        if (!required && !described) {
            return false;
        }
        if (!inviteOffers && !described) {
            // §5: without an offer in the INVITE our first reliable message would have to bring it
            core.commandsIgnored++;
        } else if (unacknowledged == null) {
            send(answer, nowNanos);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(answer);
        } else {
            core.commandsIgnored++;
        }
        return true;
    }

    private void send(SipCommand.Respond answer, long nowNanos) {
        long number = rseq++;
        List<HeaderField> more = List.of(REQUIRE, new HeaderField("RSeq", Long.toString(number)));
        byte[] bytes = server.provisional(invite, answer, more, nowNanos);
        describes = answer.body() != null;
        offered |= describes && !inviteOffers;
        Unacknowledged sent =
                Unacknowledged.provisional(
                        number,
                        core.timers,
                        core.settings.timers(),
                        new Unacknowledged.Listener() {
                            @Override
                            public void sendAgain(long now) {
                                core.sentAgain++;
                                invite.transaction.respond(answer.status(), bytes, now);
                            }

                            @Override
                            public void notAcknowledged(long now) {
                                server.neverAcknowledged(invite, now);
                            }
                        });
        unacknowledged = sent;
        sent.start(nowNanos);
    }

    /** A 2xx would overtake a description that the caller may not have (§3). */
    boolean holds2xx() {
        return unacknowledged != null && describes;
    }

    /** What the {@code RAck} names of the one that waits for it; null: none does. */
    @Nullable String outstanding() {
        Unacknowledged sent = unacknowledged;
        return sent == null ? null : sent.number() + " " + invite.cseq() + " INVITE";
    }

    /** Whether a PRACK is for that one. */
    static boolean acknowledges(ParsedRequest prack, @Nullable String outstanding) {
        String rack = prack.header("RAck").orElse("").strip().replaceAll("[ \\t]+", " ");
        return rack.equalsIgnoreCase(outstanding);
    }

    /** What a PRACK brings. */
    enum Brings {
        NOTHING,
        /** The answer to our offer. */
        ANSWER,
        /** An offer that we did not ask for. */
        OFFER
    }

    /**
     * A PRACK came.
     *
     * @return null: it acknowledges nothing that waits for it
     */
    @Nullable Brings acknowledged(ParsedRequest prack) {
        Unacknowledged sent = unacknowledged;
        if (sent == null || !acknowledges(prack, outstanding())) {
            return null;
        }
        sent.stop();
        unacknowledged = null;
        if (prack.body() == null) {
            return Brings.NOTHING;
        }
        boolean answer = offered;
        offered = false;
        return answer ? Brings.ANSWER : Brings.OFFER;
    }

    /** After the PRACK's answer: the next, if one waits. */
    void next(long nowNanos) {
        SipCommand.Respond answer = waiting.poll();
        if (answer != null) {
            send(answer, nowNanos);
        }
    }

    /** The INVITE has its final answer. */
    void stop() {
        if (unacknowledged != null) {
            unacknowledged.stop();
            unacknowledged = null;
        }
        waiting.clear();
    }
}
