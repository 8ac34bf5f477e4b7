package dev.roomline.bridge.call;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent.ResponseReceived;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.refer.ReferSubscription;
import dev.roomline.sip.refer.ReferTo;
import dev.roomline.sip.refer.Replaces;
import dev.roomline.sip.refer.SipFrag;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the phone of one call asks by REFER: that somebody be called into its room (RFC 3515, RFC
 * 4579 §5.5). So a phone transfers us to somebody, blind or after it has spoken to him (Replaces):
 * he is in the room, and the phone hangs up. Owner: the signalling loop.
 *
 * <pre>
 *  REFER ─ readable? 400, 501 ─ may its role dial? 403 ─ fewer than four? 503 ─ 202
 *        ─ a call like one that an application orders: dial plan, forbidden numbers, limits
 *        ─ NOTIFY 100 … 180 … its end
 * </pre>
 */
final class PhoneRefers {
    /** Tags of NOTIFYs; those of our REFERs lie below, others near zero. */
    private static final long TAGS = Long.MIN_VALUE + (1L << 40);

    private static final long MOST_TAGS = 1L << 32;
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_REFERRED_BY = 256;

    /** What whoever answers may do in the room. */
    private static final String ROLE = "guest";

    private final Line line;
    private final SipPort sip;
    private final Signal signal;
    private final Duration ringTimeout;
    private final Map<Long, Told> told = new HashMap<>(0);
    private long lastTag = TAGS;
    private int asked;

    /** Those who are called and have not answered, whether the phone is told of it or not. */
    private int placing;

    /** The call whose phone asks. */
    interface Line {
        /** What the room's roles let it do; empty: it takes part in no room. */
        Optional<RoomRow> mayDialInto();

        /** By which host it reaches us, in lower case. */
        String ourHost();

        /** The trunk that its call came or went by; empty: none. */
        String trunk();

        LiveCalls.Placing place(CallOrder order);

        void decided(String text);

        void guarded(Runnable step);
    }

    /** One subscription with the timer of its end. */
    private static final class Told {
        final DialogId dialog;
        @Nullable ReferSubscription subscription;
        @Nullable Later end;

        Told(DialogId dialog) {
            this.dialog = dialog;
        }
    }

    PhoneRefers(Line line, SipPort sip, Signal signal, Duration ringTimeout) {
        this.line = line;
        this.sip = sip;
        this.signal = signal;
        this.ringTimeout = ringTimeout;
    }

    /** A REFER came. */
    void asked(RequestId request, DialogId dialog, SipRequest refer) {
        ReferTo wanted =
                switch (ReferTo.read(refer)) {
                    case ReferTo.Reading.Bad(int status, String fault) -> {
                        refuse(request, status, fault, fault);
                        yield null;
                    }
                    case ReferTo.Reading.Good(ReferTo target) -> target;
                };
        if (wanted == null) {
            return;
        }
        RoomRow room = line.mayDialInto().orElse(null);
        if (room == null) {
            refuse(request, 403, null, "its role may not dial (roles)");
        } else if (Math.max(placing, told.size()) >= MOST_AT_ONCE) {
            refuse(request, 503, null, "four are under way");
        } else {
            take(request, dialog, refer, order(wanted, refer, room));
        }
    }

    private void refuse(RequestId to, int status, @Nullable String phrase, String why) {
        line.decided("the phone's REFER was refused with " + status + ": " + why);
        sip.command(new SipCommand.Respond(to, status, phrase, List.of(), null));
    }

    private void take(RequestId request, DialogId dialog, SipRequest refer, CallOrder order) {
        // RFC 4488 §4: who wants to hear nothing of it says so
        boolean quiet =
                refer.header("Refer-Sub")
                        .map(value -> value.strip().toLowerCase(Locale.ROOT))
                        .filter(value -> value.equals("false") || value.startsWith("false;"))
                        .isPresent();
        List<HeaderField> headers =
                quiet ? List.of(new HeaderField("Refer-Sub", "false")) : List.of();
        sip.command(new SipCommand.Respond(request, 202, null, headers, null));
        LiveCalls.Placing placed = line.place(order);
        line.decided("the phone asked by REFER that somebody be called: call " + placed.callId());
        asked++;
        placing++;
        signal.whenDone(placed.answered(), (_, _) -> placing--);
        if (!quiet) {
            tell(dialog, refer, placed);
        }
    }

    private void tell(DialogId dialog, SipRequest refer, LiveCalls.Placing placed) {
        Told one = new Told(dialog);
        long tag = ++lastTag;
        told.put(tag, one);
        // RFC 3515 §2.4.6: every REFER of a dialog but the first is named by its CSeq
        Long id = asked == 1 ? null : refer.cseq();
        one.subscription = new ReferSubscription(id, signal.nanoTime(), outbox(tag, one));
        remind(tag, one);
        signal.whenDone(
                placed.ringing(),
                (end, _) -> {
                    if (end != null && end.isEmpty()) {
                        progressed(tag, SipFrag.of(180));
                    }
                });
        signal.whenDone(
                placed.answered(),
                (end, _) ->
                        progressed(
                                tag,
                                end == null
                                        ? SipFrag.of(503)
                                        : SipFrag.of(end.map(PhoneRefers::status).orElse(200))));
    }

    /** What became of whoever was called, as SIP says it. */
    private static int status(CallEnd end) {
        if (end.sipStatus() >= 300) {
            return end.sipStatus();
        }
        int ours = end.reason().sipStatus();
        if (ours >= 300) {
            return ours;
        }
        return switch (end.culprit()) {
            case CARRIER, US -> 503;
            case NOBODY, CALLER, CALLEE, UNKNOWN -> 480;
        };
    }

    private CallOrder order(ReferTo wanted, SipRequest refer, RoomRow room) {
        Map<String, String> headers = new LinkedHashMap<>();
        Replaces replaces = wanted.replaces();
        if (replaces != null) {
            headers.put("Replaces", replaces.value());
        }
        refer.header("Referred-By")
                .filter(value -> value.length() <= MOST_REFERRED_BY)
                .filter(value -> value.chars().noneMatch(c -> c < ' ' || c >= 0x7f))
                .ifPresent(value -> headers.put("Referred-By", value));
        return new CallOrder(
                ReferredTo.text(wanted.uri(), wanted.uriText(), line.ourHost()),
                room,
                ROLE,
                line.trunk(),
                "",
                "",
                "",
                headers,
                ringTimeout,
                Duration.ZERO,
                "",
                false);
    }

    private ReferSubscription.Outbox outbox(long tag, Told one) {
        return (List<HeaderField> headers, Body body) ->
                sip.command(new SipCommand.SendInDialog(one.dialog, tag, "NOTIFY", headers, body));
    }

    private void progressed(long tag, SipFrag to) {
        line.guarded(() -> handle(tag, new ReferSubscription.Input.Progressed(to)));
    }

    /**
     * The far end's answer to a request in the dialog.
     *
     * @return false if that is none of ours
     */
    boolean responded(ResponseReceived response) {
        if (response.tag() < TAGS || response.tag() > TAGS + MOST_TAGS) {
            return false;
        }
        handle(response.tag(), new ReferSubscription.Input.Answered(response.status()));
        return true;
    }

    /** The call has ended: whoever was called stays, and nobody is told. */
    void end() {
        for (Long tag : List.copyOf(told.keySet())) {
            handle(tag, new ReferSubscription.Input.HungUp());
        }
    }

    private void handle(long tag, ReferSubscription.Input input) {
        Told one = told.get(tag);
        ReferSubscription subscription = one == null ? null : one.subscription;
        if (one == null || subscription == null) {
            return;
        }
        subscription.handle(input, signal.nanoTime(), outbox(tag, one));
        if (subscription.isOver()) {
            told.remove(tag);
            if (one.end != null) {
                one.end.cancel();
            }
        }
    }

    private void remind(long tag, Told one) {
        ReferSubscription subscription = one.subscription;
        if (subscription != null && !subscription.isOver()) {
            Duration left =
                    Duration.ofNanos(
                            Math.max(0, subscription.nextDeadlineNanos() - signal.nanoTime()));
            Consumer<ReferSubscription.Input> due = input -> line.guarded(() -> handle(tag, input));
            one.end =
                    signal.after(
                            left, () -> due.accept(new ReferSubscription.Input.DeadlineReached()));
        }
    }
}
