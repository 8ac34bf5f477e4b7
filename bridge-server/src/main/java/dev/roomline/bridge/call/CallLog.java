package dev.roomline.bridge.call;

import dev.roomline.bridge.trace.Redacted;
import dev.roomline.sip.endpoint.Addresses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One line per milestone of a call, {@code key=value}. Names and numbers of people stay out; which
 * call it is stands in the logging context.
 */
final class CallLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.call");

    private static final List<String> NAMES = List.of("call", "sip_call_id", "room", "trunk");

    private static final int MOST_CHARACTERS = 200;

    private CallLog() {}

    /** Puts the call's names into the logging context until it is closed. */
    static Names names(Call call) {
        Caller caller = call.caller();
        MDC.put("call", call.id);
        put("sip_call_id", call.sipCallId().isEmpty() ? null : oneLine(call.sipCallId()));
        put("room", caller == null ? null : caller.room());
        put("trunk", caller == null ? null : caller.trunk());
        return new Names();
    }

    static final class Names implements AutoCloseable {
        @Override
        public void close() {
            NAMES.forEach(MDC::remove);
        }
    }

    private static void put(String name, @Nullable String value) {
        if (value != null) {
            MDC.put(name, value);
        }
    }

    static void admitted(Call call) {
        try (Names _ = names(call)) {
            switch (call) {
                case InboundCall inbound ->
                        LOG.info(
                                "event=call_admitted source={} transport={} account={}",
                                Addresses.text(inbound.flow.remote().getAddress()),
                                inbound.flow.transport(),
                                account(call));
                case PlacedCall _ -> LOG.info("event=call_ordered");
            }
        }
    }

    static void answered(Call call, Duration taken) {
        LOG.info("event=call_answered setup_ms={}", taken.toMillis());
    }

    /** With the room in the context where there is one now. */
    static void asked(Call call, String outcome) {
        try (Names _ = names(call)) {
            LOG.info("event=caller_asked outcome={}", outcome);
        }
    }

    static void transferred(Call call, Transfer step) {
        try (Names _ = names(call)) {
            LOG.info(
                    "event=call_transfer state={} sip_status={} text=\"{}\"",
                    step.state(),
                    step.sipStatus(),
                    oneLine(step.text()));
        }
    }

    static void moved(Call call, Move step) {
        try (Names _ = names(call)) {
            LOG.info(
                    "event=call_moved state={} from={} to={}",
                    step.state(),
                    step.from(),
                    step.to());
        }
    }

    static void ended(Call call, CallEnd end, Instant now) {
        try (Names _ = names(call)) {
            Instant answered = call.answeredAt();
            Caller caller = call.caller();
            LOG.info(
                    "event=call_{} reason={} culprit={} sip_status={}{} account={} from={}"
                            + " duration_ms={} text=\"{}\"",
                    CallRows.state(call),
                    end.reason().label(),
                    end.culprit().label(),
                    call.refusedWith(),
                    source(call),
                    account(call),
                    new Redacted(caller == null ? "" : oneLine(caller.from())),
                    answered == null ? 0 : Duration.between(answered, now).toMillis(),
                    oneLine(end.text()));
        }
    }

    /** Strangers' noise: seen at DEBUG, counted always, listed among the refusals. */
    static void turnedAway(InboundCall call, CallEnd end) {
        LOG.debug(
                "event=invite_refused source={} reason={} text=\"{}\"",
                Addresses.text(call.flow.remote().getAddress()),
                end.reason().label(),
                oneLine(end.text()));
    }

    static void notRecorded(Call call, Throwable failure, int tries) {
        try (Names _ = names(call)) {
            LOG.error("event=call_not_recorded tries={} fault=\"{}\"", tries, failure.toString());
        }
    }

    static void fault(Call call, RuntimeException fault) {
        LOG.error("event=call_fault state={}", call.state(), fault);
    }

    /** Where a call came from. */
    private static String source(Call call) {
        return switch (call) {
            case InboundCall inbound ->
                    " source="
                            + Addresses.text(inbound.flow.remote().getAddress())
                            + " transport="
                            + inbound.flow.transport();
            case PlacedCall _ -> "";
        };
    }

    private static String account(Call call) {
        Caller caller = call.caller();
        return caller == null || caller.account() == null ? "-" : oneLine(caller.account());
    }

    /** What a peer sent must not begin a line of its own. */
    private static String oneLine(String text) {
        int end =
                text.length() <= MOST_CHARACTERS
                                || text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                        ? text.length()
                        : text.offsetByCodePoints(0, MOST_CHARACTERS);
        StringBuilder line = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) || c == '"' ? '?' : c);
        }
        return line.toString();
    }
}
