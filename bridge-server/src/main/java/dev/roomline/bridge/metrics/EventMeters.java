package dev.roomline.bridge.metrics;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.refer.Referral;
import dev.roomline.sip.registrar.RegistrarOutbox;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Counts what happens. Every label value of the closed sets is there, at zero, from the start: a
 * rate over a series that appears with its first event would miss that event. Any thread.
 */
final class EventMeters implements Counters {
    static final double[] SETUP_SECONDS = {0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5};
    private static final double[] STORE_SECONDS = {
        0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5
    };
    private static final List<String> DIRECTIONS = List.of("inbound", "outbound");
    private static final Set<String> METHODS =
            Set.of(
                    "INVITE",
                    "ACK",
                    "BYE",
                    "CANCEL",
                    "OPTIONS",
                    "REGISTER",
                    "PRACK",
                    "UPDATE",
                    "INFO",
                    "REFER",
                    "NOTIFY",
                    "SUBSCRIBE",
                    "MESSAGE",
                    "PUBLISH");
    private static final Set<String> PLACES = Set.of("call", "http", "webhook");

    private static final double[] ANSWER_SECONDS = {0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10};
    private static final List<String> OUTCOMES = List.of("delivered", "failed", "given_up");
    private static final List<String> ROUTE_OUTCOMES = List.of("room", "reject", "failed");
    private static final List<EndReason> FAILOVERS =
            List.of(
                    EndReason.CARRIER_FAILED,
                    EndReason.CARRIER_UNREACHABLE,
                    EndReason.CARRIER_NONSENSE);
    private static final List<String> TRUNK_STATES = List.of("up", "down", "unknown");
    private static final Set<String> TRANSFERS =
            Set.of("transferred", "failed", "refused", "unknown");
    private static final Set<String> ASKED = Set.of("entered", "wrong", "silent", "hopeless");

    private static final List<String> HEP_OUTCOMES = List.of("sent", "queue_full", "unsent");

    private final Meters meters;
    private final Histogram setup;
    private final SoundMeters calls;
    private final SoundMeters browsers;
    private final Histogram store;
    private final Histogram webhook;
    private final Histogram route;
    private volatile int phonesRegistered;

    EventMeters(Meters meters) {
        this.meters = meters;
        setup = meters.histogram(Metric.CALL_SETUP, SETUP_SECONDS);
        calls = new SoundMeters(meters, SoundMeters.Names.CALLS);
        browsers = new SoundMeters(meters, SoundMeters.Names.BROWSERS);
        store = meters.histogram(Metric.STORE, STORE_SECONDS);
        webhook = meters.histogram(Metric.WEBHOOK_ANSWER, ANSWER_SECONDS);
        route = meters.histogram(Metric.ROUTE_ANSWER, ANSWER_SECONDS);
        DIRECTIONS.forEach(setup::initLabelValues);
        store.initLabelValues("read");
        store.initLabelValues("write");
        preset();
    }

    private void preset() {
        METHODS.forEach(method -> meters.counter(Metric.SIP_REQUESTS, method));
        meters.counter(Metric.SIP_REQUESTS, "other");
        for (EndReason reason : EndReason.values()) {
            for (String direction : DIRECTIONS) {
                meters.counter(
                        Metric.CALLS_ENDED, direction, reason.label(), reason.culprit().label());
            }
            if (reason.sipStatus() != 0) {
                meters.counter(Metric.SIP_REFUSALS, reason.label());
            }
        }
        for (SipEvent.Refusal reason : SipEvent.Refusal.values()) {
            meters.counter(Metric.SIP_REFUSALS, label(reason));
        }
        DIRECTIONS.forEach(direction -> meters.counter(Metric.CALLS_STARTED, direction));
        TRANSFERS.forEach(outcome -> meters.counter(Metric.CALLS_TRANSFERRED, outcome));
        ASKED.forEach(outcome -> meters.counter(Metric.CALLS_ASKED, outcome));
        for (RegistrarOutbox.Answer outcome : RegistrarOutbox.Answer.values()) {
            meters.counter(Metric.SIP_REGISTERS, label(outcome));
        }
        for (RegistrarOutbox.Unbound why : RegistrarOutbox.Unbound.values()) {
            meters.counter(Metric.SIP_REGISTRATIONS_ENDED, label(why));
        }
        meters.gauge(Metric.SIP_REGISTRATIONS, () -> phonesRegistered);
        for (JoinRefusal reason : JoinRefusal.values()) {
            meters.counter(Metric.JOIN_REFUSALS, reason.label());
        }
        TRUNK_STATES.forEach(state -> meters.counter(Metric.TRUNK_CHANGES, state));
        meters.counter(Metric.TRUNK_REGISTRATIONS, "bound");
        meters.counter(Metric.TRUNK_REGISTRATIONS, "failed");
        FAILOVERS.forEach(reason -> meters.counter(Metric.TRUNK_FAILOVERS, reason.label()));
        meters.counter(Metric.JOINS);
        meters.counter(Metric.STORE_FAILURES);
        meters.counter(Metric.EVENT_READERS_CUT);
        meters.counter(Metric.WEBHOOK_EVENTS_LOST);
        HEP_OUTCOMES.forEach(outcome -> meters.counter(Metric.HEP_PACKETS, outcome));
        OUTCOMES.forEach(outcome -> meters.counter(Metric.WEBHOOK_DELIVERIES, outcome));
        ROUTE_OUTCOMES.forEach(outcome -> meters.counter(Metric.ROUTES_ASKED, outcome));
        PLACES.forEach(place -> meters.counter(Metric.FAULTS, place));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void hepPacket(String outcome) {
        meters.counter(Metric.HEP_PACKETS, outcome).increment();
    }

    @Override
    public void sipRequest(String method) {
        meters.counter(Metric.SIP_REQUESTS, METHODS.contains(method) ? method : "other")
                .increment();
    }

    @Override
    public void sipRefusal(EndReason reason) {
        meters.counter(Metric.SIP_REFUSALS, reason.label()).increment();
    }

    @Override
    public void messageRefused(SipEvent.Refusal reason) {
        meters.counter(Metric.SIP_REFUSALS, label(reason)).increment();
    }

    @Override
    public void register(RegistrarOutbox.Answer outcome) {
        meters.counter(Metric.SIP_REGISTERS, label(outcome)).increment();
    }

    @Override
    public void phoneGone(RegistrarOutbox.Unbound why) {
        meters.counter(Metric.SIP_REGISTRATIONS_ENDED, label(why)).increment();
    }

    @Override
    public void phonesRegistered(int now) {
        phonesRegistered = now;
    }

    @Override
    public void callerAsked(String outcome) {
        meters.counter(Metric.CALLS_ASKED, ASKED.contains(outcome) ? outcome : "other").increment();
    }

    @Override
    public void transferred(Referral.Phase end, Referral.Cause cause) {
        boolean refused = end == Referral.Phase.FAILED && cause == Referral.Cause.REFUSED;
        String outcome = refused ? "refused" : end.name().toLowerCase(Locale.ROOT);
        meters.counter(Metric.CALLS_TRANSFERRED, TRANSFERS.contains(outcome) ? outcome : "other")
                .increment();
    }

    @Override
    public void callStarted(String direction) {
        meters.counter(Metric.CALLS_STARTED, closed(direction)).increment();
    }

    @Override
    public void callEnded(String direction, EndReason reason, EndReason.Culprit culprit) {
        meters.counter(Metric.CALLS_ENDED, closed(direction), reason.label(), culprit.label())
                .increment();
    }

    @Override
    public void callAnswered(String direction, double seconds) {
        setup.labelValues(closed(direction)).observe(seconds);
    }

    @Override
    public void callQuality(CallQuality quality) {
        calls.observe(quality);
    }

    @Override
    public void browserQuality(CallQuality quality) {
        browsers.observe(quality);
    }

    @Override
    public void joined() {
        meters.counter(Metric.JOINS).increment();
    }

    @Override
    public void joinRefused(JoinRefusal reason) {
        meters.counter(Metric.JOIN_REFUSALS, reason.label()).increment();
    }

    @Override
    public void stored(boolean writing, double seconds, boolean failed) {
        store.labelValues(writing ? "write" : "read").observe(seconds);
        if (failed) {
            meters.counter(Metric.STORE_FAILURES).increment();
        }
    }

    @Override
    public void trunkChanged(String state) {
        meters.counter(Metric.TRUNK_CHANGES, TRUNK_STATES.contains(state) ? state : "other")
                .increment();
    }

    @Override
    public void passedOn(EndReason failed) {
        meters.counter(
                        Metric.TRUNK_FAILOVERS,
                        FAILOVERS.contains(failed) ? failed.label() : "other")
                .increment();
    }

    @Override
    public void trunkRegistration(boolean bound) {
        meters.counter(Metric.TRUNK_REGISTRATIONS, bound ? "bound" : "failed").increment();
    }

    @Override
    public void fault(String where) {
        meters.counter(Metric.FAULTS, PLACES.contains(where) ? where : "other").increment();
    }

    @Override
    public void eventReaderCut() {
        meters.counter(Metric.EVENT_READERS_CUT).increment();
    }

    @Override
    public void webhookEventsLost(long count) {
        meters.counter(Metric.WEBHOOK_EVENTS_LOST).increment((double) count);
    }

    @Override
    public void webhookDelivery(String outcome) {
        meters.counter(Metric.WEBHOOK_DELIVERIES, OUTCOMES.contains(outcome) ? outcome : "other")
                .increment();
    }

    @Override
    public void webhookAnswered(double seconds) {
        webhook.observe(seconds);
    }

    @Override
    public void routeAsked(String outcome, double seconds) {
        meters.counter(Metric.ROUTES_ASKED, ROUTE_OUTCOMES.contains(outcome) ? outcome : "other")
                .increment();
        route.observe(seconds);
    }

    private static String closed(String direction) {
        return DIRECTIONS.contains(direction) ? direction : "other";
    }
}
